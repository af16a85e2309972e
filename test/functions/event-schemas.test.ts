import { afterEach, describe, expect, test, vi } from 'vitest';
import type { FunctionName } from '../../lib/infrastructure/names.ts';
import { createAccessKey } from './birth-events.ts';
import { plainDeployment } from './deployment.ts';
import { startFunction } from './lambda-runtime.ts';
import { HUB, MEMBER } from './places.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const RUN = { runId: 'run-1', trigger: 'person', enforce: false };
const SCHEDULED = { ...RUN, trigger: 'schedule', scheduledAt: '2026-03-02T06:00:00Z' };
const MEMBER_ITEM = { runId: 'run-1', accountId: MEMBER, enforce: false, member: 'ACTIVE' };
const ACT_ITEM = { runId: 'run-1', accountId: MEMBER, enforce: true, allowance: 3 };
const BOUNCE = {
  'detail-type': 'Email Bounced',
  detail: { eventType: 'Bounce', mail: { tags: { noticeId: [`notice_${MEMBER}_1`] } } },
};
const BIRTH = createAccessKey(
  { userName: 'deployer', accessKeyId: 'AKIAEXAMPLE000000001' },
  { at: '2026-03-02T08:00:00Z' },
);

const APPROVED = {
  source: 'credential-janitor',
  'detail-type': 'RequestApproved',
  detail: { kind: 'request', requestId: '0199d3c2-0001-7000-8000-000000000001' },
};

/** What each function is called with, and one thing wrong with it. */
const WRONG: readonly [FunctionName, why: string, event: unknown, said: string][] = [
  ['list-accounts', 'an unknown key', { ...RUN, account: [MEMBER] }, 'Unrecognized key: "account"'],
  ['list-accounts', 'a trigger of its own', { ...RUN, trigger: 'cron' }, 'trigger'],
  ['list-accounts', 'an id that lost its zeros', { ...RUN, accounts: [111122223333] }, 'accounts[0]'],
  ['list-accounts', 'no accounts at all', { ...RUN, accounts: [] }, 'accounts'],
  ['list-accounts', 'a day without a time', { ...SCHEDULED, scheduledAt: '2026-03-02' }, 'scheduledAt'],
  [
    'list-accounts',
    'the schedule without its instant',
    { ...SCHEDULED, scheduledAt: undefined },
    'scheduledAt',
  ],
  ['list-accounts', 'an instant for some accounts alone', { ...SCHEDULED, accounts: [MEMBER] }, '"accounts"'],
  ['list-accounts', 'a person for the schedule', { ...SCHEDULED, trigger: 'person' }, '"scheduledAt"'],
  ['list-accounts', 'a name that no key may have', { ...RUN, runId: 'sweep (all)' }, 'runId'],
  ['list-accounts', 'enforce as a text', { ...RUN, enforce: 'false' }, 'enforce'],
  ['decide-account', 'an unknown key', { ...MEMBER_ITEM, allowance: 1 }, 'Unrecognized key: "allowance"'],
  ['decide-account', 'a number as id', { ...MEMBER_ITEM, accountId: 444455556666 }, 'accountId'],
  ['decide-account', 'nothing', undefined, 'runId'],
  ['allot-steps', 'an unknown key', { runId: 'run-1', free: 10 }, 'Unrecognized key: "free"'],
  ['allot-steps', 'an empty run', { runId: '' }, 'runId'],
  ['act-on-account', 'no allowance', { ...ACT_ITEM, allowance: undefined }, 'allowance'],
  ['act-on-account', 'a negative allowance', { ...ACT_ITEM, allowance: -1 }, 'allowance'],
  ['act-on-account', 'an unknown key', { ...ACT_ITEM, force: true }, 'Unrecognized key: "force"'],
  ['finish-run', 'an unknown key', { runId: 'run-1', status: 'ok' }, 'Unrecognized key: "status"'],
  [
    'record-bounce',
    'no notice',
    { ...BOUNCE, detail: { eventType: 'Bounce', mail: { tags: {} } } },
    'noticeId',
  ],
  ['record-bounce', 'something else', { Records: [] }, 'detail-type'],
  ['tag-newborn', 'another account’s event', { ...BIRTH, account: HUB }, 'comes from another account'],
  [
    'tag-newborn',
    'another call',
    { ...BIRTH, detail: { ...BIRTH.detail, eventName: 'CreateUser' } },
    'eventName',
  ],
  [
    'carry-out-requests',
    'the clock with more to say',
    { reconcile: true, all: true },
    'Unrecognized key: "all"',
  ],
  ['carry-out-requests', 'an order for nothing', { ...APPROVED, detail: { kind: 'plan' } }, 'Invalid input'],
  ['carry-out-requests', 'another source', { ...APPROVED, source: 'somebody' }, 'Invalid input'],
];

describe('events that are not what a function is called with are refused before anything is done', () => {
  test.each(WRONG)('%s: %s', async (name, _why, event, said) => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const started = await startFunction(name, plainDeployment().environment(name));
    await expect(started.invoke(event)).rejects.toMatchObject({
      name: 'EventInvalid',
      message: expect.stringContaining(said),
    });
    expect(JSON.parse(String(logged.mock.calls.at(0)?.[0]))).toMatchObject({
      message: 'failed',
      name: 'EventInvalid',
    });
  });
});
