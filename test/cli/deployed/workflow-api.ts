import * as z from 'zod';
import type { Answered, Api } from './loopback.ts';

/** Exactly what the workflow hands on to its first function, without the run's id. */
const inputSchema = z.strictObject({
  trigger: z.enum(['schedule', 'person']),
  scheduledAt: z.string().optional(),
  enforce: z.boolean(),
  accounts: z.array(z.string()).min(1).optional(),
});
export type RunInput = z.infer<typeof inputSchema>;

/** How an execution ends, and what Step Functions then says. */
export interface Ending {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly error?: string;
  readonly cause?: string;
  readonly redriveStatus?: 'REDRIVABLE' | 'NOT_REDRIVABLE';
}

interface FakeExecution {
  readonly name: string;
  readonly input: RunInput;
  /** So many answers RUNNING are left. */
  running: number;
  readonly ending: Ending;
}

/** What happens to the next execution, and what was seen of all of them. */
export interface FakeWorkflow {
  readonly executions: FakeExecution[];
  /** Carries a run out; called when it is started. */
  run: (name: string, input: RunInput) => Promise<void>;
  ending: Ending;
  /** How often it is RUNNING before it ends. */
  looks: number;
  /** Called before each look. */
  onLook: () => void;
  /** Operations that fail, with the name of their error. */
  readonly refuse: Map<string, string>;
  /** The answer to these operations is lost. */
  readonly drop: Set<string>;
  readonly asked: string[];
}

const MACHINE = /^arn:aws:states:[a-z0-9-]+:\d{12}:stateMachine:[\w-]+$/;
const startSchema = z.strictObject({
  stateMachineArn: z.string().regex(MACHINE),
  name: z.string().regex(/^[\w-]{1,80}$/),
  input: z.string(),
});
const executionSchema = z.strictObject({ executionArn: z.string() });

/** As much of Step Functions as starting and following a run takes, on its wire protocol. */
export function workflowApi(workflow: FakeWorkflow): Api {
  const named = (body: unknown) => {
    const { executionArn } = executionSchema.parse(body);
    return workflow.executions.find(({ name }) => executionArn.endsWith(`:${name}`));
  };
  const operations: Readonly<Record<string, (body: unknown) => Promise<object> | object>> = {
    async StartExecution(body) {
      const { stateMachineArn, name, input } = startSchema.parse(body);
      const parsed = inputSchema.parse(JSON.parse(input));
      const { ending, looks } = workflow;
      workflow.executions.push({ name, input: parsed, running: looks, ending });
      await workflow.run(name, parsed);
      return { executionArn: stateMachineArn.replace('stateMachine', 'execution') + name, startDate: 1 };
    },
    DescribeExecution(body) {
      const execution = named(body);
      workflow.onLook();
      if (execution === undefined) return { __type: 'ExecutionDoesNotExist', message: 'no such execution' };
      const { name, input, ending } = execution;
      const said = execution.running > 0 ? { status: 'RUNNING' } : ending;
      execution.running -= 1;
      return { ...executionSchema.parse(body), name, input: JSON.stringify(input), ...said };
    },
    ListMapRuns: (body) => ({
      mapRuns: ['DecideAccount', 'ActAccount'].slice(0, countOf(workflow.asked) - 1).map((label, index) => ({
        ...executionSchema.parse(body),
        mapRunArn: `arn:aws:states:eu-central-1:111122223333:mapRun:sweep/${label}:1`,
        stateMachineArn: 'arn:x',
        startDate: index + 1,
      })),
    }),
    DescribeMapRun: () => ({
      status: 'RUNNING',
      itemCounts: { total: 9, succeeded: 3, failed: 1, timedOut: 0, aborted: 0 },
    }),
  };
  return async ({ headers, body }): Promise<Answered | 'dropped'> => {
    const operation = (headers['x-amz-target'] ?? '').split('.').at(-1) ?? '';
    workflow.asked.push(operation);
    const refusal = workflow.refuse.get(operation);
    if (refusal !== undefined) return answer({ __type: refusal, message: `${refusal} of the test` });
    const content = await operations[operation]?.(JSON.parse(body));
    if (workflow.drop.has(operation)) return 'dropped';
    return answer(content ?? { __type: 'UnknownOperationException', message: operation });
  };
}

/** How often the map runs were asked for: each time one more has begun. */
function countOf(asked: readonly string[]): number {
  return asked.filter((operation) => operation === 'ListMapRuns').length;
}

function answer(content: object): Answered {
  return {
    status: '__type' in content ? 400 : 200,
    contentType: 'application/x-amz-json-1.0',
    body: JSON.stringify(content),
  };
}
