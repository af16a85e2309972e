import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { describe, expect, it, test } from 'vitest';
import { carryOutEventSchema } from '../../lib/wiring/deployed/carry-out.ts';
import { standingIn } from '../../lib/wiring/deployed/standing.ts';
import { startCarryingOut } from '../../lib/wiring/deployed/start-carrying-out.ts';
import { codeOf } from './service-ground.ts';

const HUB = '111122223333';
const MEMBER = '444455556666';
const ORDER = { kind: 'request', requestId: 'request-0001' } as const;

/** A client that answers as told and remembers what was sent. */
function bus(answer: object): { readonly client: EventBridgeClient; readonly sent: unknown[] } {
  const sent: unknown[] = [];
  const client: EventBridgeClient = Object.create(null);
  client.send = async (command: { readonly input: unknown }) => {
    sent.push(command.input);
    return answer;
  };
  return { client, sent };
}

describe('having it carried out', () => {
  it('puts an event on the bus that the function takes, and that holds ids alone', async () => {
    const { client, sent } = bus({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
    await startCarryingOut(client, 'janitor', ORDER);
    expect(sent).toEqual([
      {
        Entries: [
          {
            EventBusName: 'janitor',
            Source: 'credential-janitor',
            DetailType: 'RequestApproved',
            Detail: JSON.stringify(ORDER),
          },
        ],
      },
    ]);
    const event = { source: 'credential-janitor', 'detail-type': 'RequestApproved', detail: ORDER };
    expect(carryOutEventSchema.parse({ version: '0', id: '1', account: HUB, ...event })).toEqual(event);
  });

  it('an entry that the bus did not take is told', async () => {
    const { client } = bus({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] });
    expect(await codeOf(startCarryingOut(client, 'janitor', ORDER))).toBe('not-started');
  });
});

describe('what the function takes', () => {
  const event = (detail: unknown) => ({
    source: 'credential-janitor',
    'detail-type': 'RequestApproved',
    detail,
  });
  test.each([
    ['the word of the schedule', { reconcile: true }, true],
    ['an approved request', event(ORDER), true],
    ['a rotation by its plan', event({ kind: 'rotation', planId: `plan/${MEMBER}/4` }), true],
    ['a request that says more than its id', event({ ...ORDER, approved: true }), false],
    ['a plan that is none', event({ kind: 'rotation', planId: 'plan/1' }), false],
    ['another source', { ...event(ORDER), source: 'aws.iam' }, false],
    ['another word of the schedule', { reconcile: 'yes' }, false],
    ['nothing', {}, false],
  ])('%s: %#', (_what, given, isTaken) => {
    expect(carryOutEventSchema.safeParse(given).success).toBe(isTaken);
  });
});

test('accounts of the stack’s list and the hub are members, all others are outside', async () => {
  const clock = { now: () => '2026-01-05T08:00:00.000Z' };
  const standingOf = standingIn({ ACCOUNTS: [MEMBER], HOME_REGION: 'eu-central-1', HUB_ACCOUNT: HUB }, clock);
  expect(await Promise.all([HUB, MEMBER, '999988887777'].map((id) => standingOf(id)))).toEqual([
    'member',
    'member',
    'outside',
  ]);
});
