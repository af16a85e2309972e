import { apiEvent, iamUser } from '../test/functions/asker.ts';
import { createAccessKey } from '../test/functions/birth-events.ts';
import type { FunctionName } from '../test/functions/deployment.ts';
import { MEMBER, STRANGER, SUSPENDED } from '../test/functions/places.ts';
import { bounceOf } from '../test/functions/stories.ts';

export interface Scene {
  readonly name: FunctionName;
  /** Another one each round, so that each does what the first did: what is done already is answered otherwise. */
  readonly event: (round: number) => object;
  /** Name of the error that the call ends with, if it does. */
  readonly error?: string;
}

const run = (round: number) => ({ runId: `run-bench-${round}` });
const BIRTH = createAccessKey(
  { userName: 'deployer', accessKeyId: 'AKIAEXAMPLE000000001' },
  { at: '2026-03-02T08:00:00Z', account: STRANGER },
);
const GRANTS = { route: 'GET /v1/break-glass/grants' } as const;
const halt = (round: number) => ({
  route: 'POST /v1/halts' as const,
  body: { target: `account:${111_122_220_000 + round}`, reason: 'a benchmark' },
});

/** For each function an event that makes it open what every call needs and then ends soon, in the order of a run. */
export const SCENES: readonly Scene[] = [
  { name: 'list-accounts', event: (round) => ({ ...run(round), trigger: 'person', enforce: false }) },
  {
    name: 'decide-account',
    event: (round) => ({ ...run(round), accountId: SUSPENDED, enforce: false, member: 'SUSPENDED' }),
  },
  { name: 'allot-steps', event: run },
  {
    name: 'act-on-account',
    event: (round) => ({ ...run(round), accountId: STRANGER, enforce: false, allowance: 0 }),
  },
  { name: 'finish-run', event: run },
  { name: 'tag-newborn', event: () => BIRTH, error: 'MemberUnreachable' },
  { name: 'record-bounce', event: () => bounceOf(`notice_${MEMBER}_1`), error: 'NoticeNotFound' },
  { name: 'answer-requests', event: (round) => apiEvent(iamUser('ana'), halt(round)) },
  { name: 'carry-out-requests', event: () => ({ reconcile: true }) },
  { name: 'grant-access', event: () => apiEvent(iamUser('ana'), GRANTS) },
  { name: 'reconcile-grants', event: () => ({ end: 'grant-of-nobody' }) },
];
