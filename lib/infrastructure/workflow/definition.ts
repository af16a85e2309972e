import type { Retry, State, StateMachineDefinition } from './states-language.ts';

/**
 * The sweep of an organisation in the States Language: list -> decide each account -> allot (the barrier) -> act on
 * each account -> finish. Plain data, so that a test can run it state by state.
 *
 * What a retry meets: every function resumes where it stopped, so calling one again is harmless. What a redrive
 * meets: the run's id is the execution's name, which a redrive keeps; maps continue with the accounts that are left.
 * An account that fails to the end becomes `{ status: 'failed' }` and never fails the rest.
 */
export interface WorkflowParts {
  readonly functions: {
    readonly listAccounts: string;
    readonly decideAccount: string;
    readonly allotSteps: string;
    readonly actOnAccount: string;
    readonly finishRun: string;
  };
  readonly workBucket: string;
  /** Accounts in work at once. */
  readonly concurrency: number;
  /** Whether a run acts when whoever started it did not say. */
  readonly enforce: boolean;
}

/** Seconds. A little more than the functions have; a run, with every account resumed as often as it takes, 20 hours. */
export const TIMEOUTS = { account: 930, whole: 330, run: 72_000 } as const;

/** Lambda itself stumbled: try soon and often. */
const LAMBDA_TROUBLE = {
  ErrorEquals: [
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
  ],
  IntervalSeconds: 2,
  MaxAttempts: 6,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  JitterStrategy: 'FULL',
} satisfies Retry;

/** The function failed: a throttled table, a bucket denied for a moment. Try again with more patience. */
const FUNCTION_TROUBLE = {
  ErrorEquals: ['States.TaskFailed', 'States.Timeout'],
  IntervalSeconds: 15,
  MaxAttempts: 3,
  BackoffRate: 3,
  MaxDelaySeconds: 300,
  JitterStrategy: 'FULL',
} satisfies Retry;

/** What another attempt meets again: an event, a policy or variables that are wrong until somebody mends them. */
const HOPELESS = {
  ErrorEquals: ['EventInvalid', 'PolicyInvalid', 'EnvironmentInvalid'],
  MaxAttempts: 0,
} satisfies Retry;

/** Another sweep holds the account, or one that died there does: its lease ends after 12 minutes. */
const LEASE_HELD = {
  ErrorEquals: ['LeaseHeld'],
  IntervalSeconds: 60,
  MaxAttempts: 15,
  BackoffRate: 1,
} satisfies Retry;

export function sweepDefinition(parts: WorkflowParts): StateMachineDefinition {
  const { functions } = parts;
  return {
    Comment: 'Credential Janitor: one sweep of all accounts',
    StartAt: 'NameRun',
    TimeoutSeconds: TIMEOUTS.run,
    States: {
      NameRun: {
        Type: 'Pass',
        Comment: 'The run is named by its execution; the rest is what the schedule or the person said.',
        Parameters: {
          defaults: { enforce: parts.enforce },
          said: { 'input.$': '$' },
          name: { 'runId.$': '$$.Execution.Name' },
        },
        Next: 'ListAccounts',
      },
      ListAccounts: task(functions.listAccounts, {
        Payload: {
          'Payload.$': 'States.JsonMerge(States.JsonMerge($.defaults, $.said.input, false), $.name, false)',
        },
        timeout: TIMEOUTS.whole,
        Next: 'IsDuplicate',
      }),
      IsDuplicate: {
        Type: 'Choice',
        Comment: 'The schedule may fire twice for one instant: the second run ends here.',
        Choices: [{ Variable: '$.status', StringEquals: 'duplicate', Next: 'AlreadyRun' }],
        Default: 'DecideAccounts',
      },
      AlreadyRun: { Type: 'Succeed' },
      DecideAccounts: accountMap(parts, {
        what: 'Decide',
        functionArn: functions.decideAccount,
        fields: ['runId', 'accountId', 'enforce', 'member'],
        items: '$.accounts.key',
        results: 'decided',
        Next: 'AllotSteps',
      }),
      AllotSteps: task(functions.allotSteps, {
        Payload: { Payload: { 'runId.$': '$.runId' } },
        timeout: TIMEOUTS.whole,
        Next: 'IsAnythingDue',
      }),
      IsAnythingDue: {
        Type: 'Choice',
        Choices: [{ Variable: '$.items.count', NumericGreaterThan: 0, Next: 'ActOnAccounts' }],
        Default: 'FinishRun',
      },
      ActOnAccounts: accountMap(parts, {
        what: 'Act',
        functionArn: functions.actOnAccount,
        fields: ['runId', 'accountId', 'enforce', 'allowance'],
        items: '$.items.key',
        results: 'acted',
        Next: 'FinishRun',
      }),
      FinishRun: task(functions.finishRun, {
        Payload: { Payload: { 'runId.$': '$.runId' } },
        timeout: TIMEOUTS.whole,
      }),
    },
  };
}

interface Task {
  /** The function's event, or an expression that makes it. */
  readonly Payload: Readonly<Record<string, unknown>>;
  readonly timeout: number;
  readonly Next?: string;
}

/** Calls a function; its answer becomes the state's output. */
function task(functionArn: string, { Payload, timeout, Next }: Task): State {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: functionArn, ...Payload },
    OutputPath: '$.Payload',
    TimeoutSeconds: timeout,
    Retry: [HOPELESS, LAMBDA_TROUBLE, FUNCTION_TROUBLE],
    ...(Next === undefined ? { End: true } : { Next }),
  };
}

interface AccountMap {
  readonly what: 'Decide' | 'Act';
  readonly functionArn: string;
  /** What of an item the function is given. */
  readonly fields: readonly string[];
  /** Path of the key of the list of items in the work bucket. */
  readonly items: string;
  readonly results: string;
  readonly Next: string;
}

/** One child workflow per account, so that histories stay short and every account fails alone. */
function accountMap({ workBucket, concurrency }: WorkflowParts, map: AccountMap): State {
  return {
    Type: 'Map',
    MaxConcurrency: concurrency,
    ToleratedFailurePercentage: 100,
    Label: `${map.what}Account`,
    ItemReader: {
      Resource: 'arn:aws:states:::s3:getObject',
      ReaderConfig: { InputType: 'JSON' },
      Parameters: { Bucket: workBucket, 'Key.$': map.items },
    },
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: map.what,
      States: accountStates(map),
    },
    ResultWriter: {
      Resource: 'arn:aws:states:::s3:putObject',
      Parameters: {
        Bucket: workBucket,
        'Prefix.$': `States.Format('runs/{}/results/${map.results}', $.runId)`,
      },
    },
    ResultPath: null,
    Next: map.Next,
  };
}

function accountStates({ what, functionArn, fields }: AccountMap): Readonly<Record<string, State>> {
  const failed = `${what}Failed`;
  return {
    [what]: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: {
        FunctionName: functionArn,
        Payload: Object.fromEntries(fields.map((field) => [`${field}.$`, `$.${field}`])),
      },
      ResultSelector: { 'answer.$': '$.Payload' },
      ResultPath: '$.result',
      TimeoutSeconds: TIMEOUTS.account,
      Retry: [HOPELESS, LEASE_HELD, LAMBDA_TROUBLE, FUNCTION_TROUBLE],
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: failed }],
      Next: `${what}OnceMore`,
    },
    [`${what}OnceMore`]: {
      Type: 'Choice',
      Comment: 'A sweep that neared its time limit saved where it was and asks to be called again.',
      Choices: [{ Variable: '$.result.answer.status', StringEquals: 'continue', Next: what }],
      Default: `${what}Done`,
    },
    [`${what}Done`]: { Type: 'Pass', OutputPath: '$.result.answer', End: true },
    [failed]: {
      Type: 'Pass',
      Parameters: {
        'accountId.$': '$.accountId',
        status: 'failed',
        // Error, and Cause where there is one: a time-out has none.
        'failure.$': '$.failure',
      },
      End: true,
    },
  };
}
