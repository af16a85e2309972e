import * as z from 'zod';
import { type JsonValue, jsonOperation, jsonService, jsonTime } from '../json-protocol.ts';
import { pageLimit, pageToken, tokenPosition } from '../paging.ts';
import { type Call, recordChange, type Service } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import type { Shell } from './state.ts';

const FILTERS = ['Owner', 'Target', 'Status', 'SessionId'] as const;

const startSessionInput = z.object({
  Target: z.string().min(1).max(400),
  DocumentName: z.string().optional(),
  Reason: z.string().min(1).max(256).optional(),
});
const terminateSessionInput = z.object({ SessionId: z.string().min(1).max(96) });
const describeSessionsInput = z.object({
  State: z.enum(['Active', 'History']),
  MaxResults: z.int().min(1).max(200).optional(),
  NextToken: z.string().optional(),
  Filters: z
    .array(z.object({ key: z.enum(FILTERS), value: z.string().min(1) }))
    .min(1)
    .max(6)
    .optional(),
});

function startSession(call: Call, input: z.infer<typeof startSessionInput>): JsonValue {
  const { principal, account, region, now, world } = call;
  const name = principal.userName ?? principal.arn.slice(principal.arn.lastIndexOf('/') + 1);
  const shell: Shell = {
    id: `${name}-${world.trailIds.requestId().replaceAll('-', '').slice(0, 17)}`,
    region,
    target: input.Target,
    owner: principal.arn,
    documentName: input.DocumentName ?? 'SSM-SessionManagerRunShell',
    reason: input.Reason,
    startedAt: now,
    endedAt: undefined,
  };
  account.shells.set(shell.id, shell);
  recordChange(call, shell.id, null, { target: shell.target, owner: shell.owner });
  return {
    SessionId: shell.id,
    TokenValue: world.trailIds.sessionToken(),
    StreamUrl: `wss://ssmmessages.${region}.amazonaws.com/v1/data-channel/${shell.id}`,
  };
}

/** Newest first; ended ones only with `History`. */
function describeSessions(call: Call, input: z.infer<typeof describeSessionsInput>): JsonValue {
  const { account, region } = call;
  const isActive = input.State === 'Active';
  const found = [...account.shells.values()]
    .filter((shell) => shell.region === region && (shell.endedAt === undefined) === isActive)
    .filter((shell) => (input.Filters ?? []).every(({ key, value }) => filtered(shell, key) === value))
    .sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? -1 : 1));
  const start = input.NextToken === undefined ? 0 : position(call, input.NextToken);
  const end = start + pageLimit(call, input.MaxResults, 200);
  return {
    Sessions: found.slice(start, end).map(describe),
    NextToken: end < found.length ? pageToken(call, end) : undefined,
  };
}

function filtered(shell: Shell, key: (typeof FILTERS)[number]): string {
  switch (key) {
    case 'Owner':
      return shell.owner;
    case 'Target':
      return shell.target;
    case 'SessionId':
      return shell.id;
    case 'Status':
      return statusOf(shell);
  }
}

function describe(shell: Shell): JsonValue {
  return {
    SessionId: shell.id,
    Target: shell.target,
    Status: statusOf(shell),
    StartDate: jsonTime(shell.startedAt),
    EndDate: shell.endedAt === undefined ? undefined : jsonTime(shell.endedAt),
    DocumentName: shell.documentName,
    Owner: shell.owner,
    Reason: shell.reason,
  };
}

function statusOf({ endedAt }: Shell): string {
  return endedAt === undefined ? 'Connected' : 'Terminated';
}

/** Terminating what has ended already is fine. */
function terminateSession(call: Call, { SessionId }: z.infer<typeof terminateSessionInput>): JsonValue {
  const shell = call.account.shells.get(SessionId);
  if (shell === undefined || shell.region !== call.region) {
    throw new ServiceError('DoesNotExistException', 400, `Session ${SessionId} does not exist`);
  }
  if (shell.endedAt === undefined) {
    shell.endedAt = call.now;
    recordChange(call, shell.id, { ended: false }, { ended: true });
  }
  return { SessionId };
}

function position(call: Call, token: string): number {
  const found = tokenPosition(call, token);
  if (found !== undefined) return found;
  throw new ServiceError('InvalidNextToken', 400, 'The specified token is not valid.');
}

const about = z.object({ SessionId: z.string().optional(), Target: z.string().optional() });
const TARGET = 'AmazonSSM.';

/** AWS Systems Manager (JSON 1.1), as far as opening, listing and ending shells. */
export const SSM_SERVICE: Service = jsonService({
  name: 'ssm',
  operations: {
    StartSession: jsonOperation(startSessionInput, startSession),
    DescribeSessions: jsonOperation(describeSessionsInput, describeSessions),
    TerminateSession: jsonOperation(terminateSessionInput, terminateSession),
  },
  operationOf: ({ headers }) => {
    const target = headers['x-amz-target'] ?? '';
    return target.startsWith(TARGET) ? target.slice(TARGET.length) : target;
  },
  rate: (operation) => ({ bucket: operation, rate: { perSecond: 5, burst: 10 } }),
  resourceOf: (input) => {
    const named = about.safeParse(input).data;
    return named?.SessionId ?? named?.Target ?? '*';
  },
});
