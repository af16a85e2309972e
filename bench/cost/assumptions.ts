/** A number that nobody measured, and why it is what it is. */
export interface Assumption {
  readonly value: number;
  readonly unit: string;
  readonly why: string;
}

export const ASSUMPTIONS = {
  runsInMonth: assumed(30, 'runs', 'in a month: one a day, as the schedule is shipped'),
  dueRunsInMonth: assumed(
    4,
    'runs',
    'of a month, in which every account has something due: notices, labels, a step or two; in the others nothing has changed',
  ),
  accountGigabytes: assumed(1, 'GB', 'memory of decide-account and act-on-account'),
  runGigabytes: assumed(0.5, 'GB', 'memory of list-accounts, allot-steps and finish-run'),
  processors: assumed(
    0.58,
    'vCPU',
    'what Lambda gives a function of 1 GB (one at 1,769 MB); a core there counts as one of the machine that measured',
  ),
  coldStartMs: assumed(
    1_000,
    'ms',
    'that an environment takes to start, billed; one for each account in work at once, map and run',
  ),
  concurrency: assumed(40, 'accounts', 'in work at once, as the stack has it unless told otherwise'),
  callLogBytes: assumed(
    4_000,
    'bytes',
    'log of a call: start, end and report of Lambda, one or two lines of ours, metrics',
  ),
  transitionLogBytes: assumed(
    1_500,
    'bytes',
    'log of a state transition: a few events without execution data',
  ),
  indexShare: assumed(0.3, 'of the ledger', 'its index, the projection and their overhead'),
  keys: assumed(2, 'keys', 'of the stack'),
  keyRequestsOfCall: assumed(
    3,
    'requests',
    'to KMS for a call: buckets have bucket keys, DynamoDB keeps a table key for minutes, logs and topics ask on their own',
  ),
  metrics: assumed(10, 'metrics', 'lib/domain/metric.ts, each by the function that emits it'),
  alarms: assumed(18, 'alarms', 'of the stack'),
  looks: assumed(8_766, 'calls', 'of carry-out-requests in a month: every five minutes'),
  lookSeconds: assumed(0.3, 's', 'of such a call, mostly waiting, when nothing is open'),
  lookReadUnits: assumed(
    13,
    'read units',
    'of such a call: nine intervals of the ledger, three lists, the active policy',
  ),
  copiesOfLetter: assumed(2, 'messages', "to the operators' topic and to the event bus"),
} as const satisfies Readonly<Record<string, Assumption>>;

function assumed(value: number, unit: string, why: string): Assumption {
  return { value, unit, why };
}
