import { apiEvent, iamUser } from '../test/functions/asker.ts';
import { createAccessKey } from '../test/functions/birth-events.ts';
import type { FunctionName } from '../test/functions/deployment.ts';
import { MEMBER, STRANGER, SUSPENDED } from '../test/functions/places.ts';
import { bounceOf } from '../test/functions/stories.ts';

export interface Scene {
  readonly name: FunctionName;
  readonly event: object;
  /** Name of the error that the call ends with, if it does. */
  readonly error?: string;
}

const RUN = 'run-bench';
const FAILED_BIRTH = createAccessKey(
  { userName: 'nobody', accessKeyId: 'AKIAEXAMPLE000000001' },
  { at: '2026-03-02T08:00:00Z', account: MEMBER, detail: { errorCode: 'LimitExceeded' } },
);
const GRANTS = { route: 'GET /v1/break-glass/grants' } as const;
const HALT = { route: 'POST /v1/halts', body: { target: 'all', reason: 'a benchmark' } } as const;

/** For each function an event that makes it open everything and then ends soon, in the order of a run. */
export const SCENES: readonly Scene[] = [
  { name: 'list-accounts', event: { runId: RUN, trigger: 'person', enforce: false } },
  {
    name: 'decide-account',
    event: { runId: RUN, accountId: SUSPENDED, enforce: false, member: 'SUSPENDED' },
  },
  { name: 'allot-steps', event: { runId: RUN } },
  { name: 'act-on-account', event: { runId: RUN, accountId: STRANGER, enforce: false, allowance: 0 } },
  { name: 'finish-run', event: { runId: RUN } },
  { name: 'tag-newborn', event: FAILED_BIRTH },
  { name: 'record-bounce', event: bounceOf(`notice_${MEMBER}_1`), error: 'NoticeNotFound' },
  { name: 'answer-requests', event: apiEvent(iamUser('ana'), HALT) },
  { name: 'carry-out-requests', event: { reconcile: true } },
  { name: 'grant-access', event: apiEvent(iamUser('ana'), GRANTS) },
  { name: 'reconcile-grants', event: { reconcile: true } },
];
