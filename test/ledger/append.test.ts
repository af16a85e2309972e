import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { JanitorError } from '../../lib/domain/error.ts';
import { newEventId } from '../../lib/ledger/index.ts';
import { NOW } from '../builders/credential.ts';
import { draft, person } from '../builders/event.ts';
import { type LocalLedger, localLedger, type Mishap } from './local-ledger.ts';

let local: LocalLedger;
let number = 0;
/** Every test has a chain of its own. */
let subject = '';

beforeAll(async () => {
  local = await localLedger();
});
afterAll(() => local.close());
beforeEach(() => {
  number += 1;
  subject = `credential#append-${number}`;
  local.mishaps(undefined);
  local.sent.length = 0;
});

/** The error of an append that must throw. */
async function refused(append: Promise<unknown>): Promise<JanitorError> {
  const error = await append.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof JanitorError) return error;
  throw new Error(`expected a JanitorError, got ${String(error)}`);
}

function puts(): number {
  return local.sent.filter((operation) => operation === 'PutItem').length;
}

/** Lets `mishap` happen to the first `times` Puts. */
function atPut(mishap: Mishap, times = 1): void {
  let left = times;
  local.mishaps((operation) => {
    if (operation !== 'PutItem' || left === 0) return undefined;
    left -= 1;
    return mishap;
  });
}

describe('append', () => {
  it('seals an event with its place, bucket, links and hash, in one Put', async () => {
    const first = await local.ledger.append(subject, null, draft('finding.opened'));
    if (!first.ok) throw new Error(first.reason);
    expect(first.event).toMatchObject({ subject, seq: 1, prevHash: null, bucket: '2026-10-15T09:00Z' });
    const second = await local.ledger.append(subject, first.event, draft('finding.closed'));
    if (!second.ok) throw new Error(second.reason);
    expect(second.event).toMatchObject({ seq: 2, prevHash: first.event.hash });
    expect(local.sent).toEqual(['PutItem', 'PutItem']);
    expect(await local.ledger.chain(subject)).toEqual([first.event, second.event]);
  });

  it('keeps the id of a draft and otherwise makes one of the time of the event', async () => {
    const id = newEventId(NOW);
    const given = await local.ledger.append(subject, null, { ...draft('finding.opened'), id });
    expect(given).toMatchObject({ ok: true, event: { id } });
    expect(id.slice(0, 13)).toBe(newEventId(NOW).slice(0, 13));
  });

  it('is stale when somebody else has that place, and leaves their event alone', async () => {
    const theirs = await local.other().append(subject, null, draft('hold.placed'));
    expect(await local.ledger.append(subject, null, draft('finding.opened'))).toEqual({
      ok: false,
      reason: 'stale',
    });
    expect(await local.ledger.chain(subject)).toEqual([theirs.ok ? theirs.event : undefined]);
  });

  it('one of two who race for a place wins, the other is told stale', async () => {
    const racers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        local.ledger.append(subject, null, draft('hold.placed', { data: { holdId: `hold-${index}` } })),
      ),
    );
    expect(racers.filter((each) => each.ok)).toHaveLength(1);
    expect(await local.ledger.chain(subject)).toHaveLength(1);
  });

  it('a Put that was applied and whose answer was lost is a success', async () => {
    atPut('lost');
    const appended = await local.ledger.append(subject, null, draft('finding.opened'));
    expect(appended).toMatchObject({ ok: true, event: { seq: 1 } });
    expect(puts()).toBe(1);
    expect(await local.ledger.chain(subject)).toEqual([appended.ok ? appended.event : undefined]);
  });

  it('a lost answer that the SDK itself retries ends in its own event, once', async () => {
    const patient = await localLedger({ attempts: 3 });
    try {
      let left = 1;
      patient.mishaps((operation) => (operation === 'PutItem' && left-- > 0 ? 'lost' : undefined));
      const appended = await patient.ledger.append(subject, null, draft('finding.opened'));
      expect(appended.ok).toBe(true);
      expect(patient.sent).toEqual(['PutItem', 'PutItem', 'GetItem']);
      expect(await patient.ledger.chain(subject)).toHaveLength(1);
    } finally {
      await patient.close();
    }
  });

  it('a lost answer after which somebody else is found at the place is stale', async () => {
    local.mishaps(async (operation) => {
      if (operation !== 'PutItem') return undefined;
      await local.other().append(subject, null, draft('hold.placed'));
      return 'refused';
    });
    expect(await local.ledger.append(subject, null, draft('finding.opened'))).toEqual({
      ok: false,
      reason: 'stale',
    });
  });

  it.each<Mishap>(['refused', 500, 503])(
    'a Put that failed (%s) with nothing written throws, once',
    async (mishap) => {
      atPut(mishap);
      const error = await refused(local.ledger.append(subject, null, draft('finding.opened')));
      expect(error).toMatchObject({ code: 'ledger-unavailable', source: 'system' });
      expect(error.hint).toContain('continues from what is recorded');
      expect(error.details).toMatchObject({ subject, seq: 1 });
      expect(puts()).toBe(1);
      expect(await local.ledger.chain(subject)).toEqual([]);
    },
  );

  it('when neither the Put nor the read after it gets through, the result is open and that is said', async () => {
    local.mishaps((operation) => (operation === 'PutItem' ? 'lost' : 'refused'));
    const error = await refused(local.ledger.append(subject, null, draft('finding.opened')));
    expect(error.code).toBe('ledger-unavailable');
  });

  it('never changes its sequence: after stale, nothing of it is anywhere', async () => {
    const theirs = await local.other().append(subject, null, draft('hold.placed'));
    await local.ledger.append(subject, null, draft('finding.opened'));
    expect(await local.ledger.head(subject)).toEqual(theirs.ok ? theirs.event : undefined);
  });

  it('names the table when it does not exist', async () => {
    const { DynamoDecisionLedger } = await import('../../lib/ledger/index.ts');
    const nowhere = new DynamoDecisionLedger({ client: local.client, tableName: 'gone' });
    const error = await refused(nowhere.append(subject, null, draft('finding.opened')));
    expect(error).toMatchObject({ code: 'ledger-unavailable' });
    expect(error.hint).toContain('table does not exist');
  });

  it('refuses an event beyond the 400 KB of an item before writing anything', async () => {
    const reasons = Array.from({ length: 500 }, (_, index) => `${index} ${'words '.repeat(150)}`);
    const error = await refused(
      local.ledger.append(subject, null, draft('finding.opened', { data: { reasons } })),
    );
    expect(error).toMatchObject({ code: 'event-too-large', details: { subject, type: 'finding.opened' } });
    expect(local.sent).toEqual([]);
  });

  it('takes an event just below that limit', async () => {
    const empty = await local.ledger.append(
      subject,
      null,
      draft('finding.opened', { data: { reasons: [''] } }),
    );
    if (!empty.ok) throw new Error(empty.reason);
    const overhead = 1200;
    const reasons = ['ab '.repeat(Math.floor((400 * 1024 - overhead) / 3))];
    const large = await local.ledger.append(
      subject,
      empty.event,
      draft('finding.opened', { data: { reasons } }),
    );
    expect(large.ok).toBe(true);
    expect((await local.ledger.chain(subject)).at(-1)?.data).toMatchObject({ reasons });
  });

  it('refuses what is no event, such as an instant without milliseconds, before writing anything', async () => {
    const error = await refused(
      local.ledger.append(subject, null, { ...draft('finding.opened'), at: '2026-10-15T09:00:00Z' }),
    );
    expect(error.code).toBe('event-invalid');
    expect(local.sent).toEqual([]);
  });
});

describe('what an append refuses to record', () => {
  const secretKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYzXVb9q3Ke1';
  const cases = [
    ['an AWS secret access key', secretKey],
    ['an AWS secret access key', `please keep, aws_secret_access_key=${secretKey} works`],
    ['a private key', 'my key:\n-----BEGIN RSA PRIVATE KEY-----\nMIIE'],
    ['a private key', '-----BEGIN PRIVATE KEY-----'],
    ['an AWS session token', `IQoJb3JpZ2luX2Vj${'EXAMPLEtoken/'.repeat(10)}`],
    ['an AWS session token', `AWS_SESSION_TOKEN=${'Fw0Gabc123XYZ/'.repeat(8)}`],
    [
      'a JSON Web Token',
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
    ],
  ] as const;

  it.each(cases)('%s in a reason, never echoing it', async (shape, text) => {
    const error = await refused(local.ledger.append(subject, null, draft('hold.placed', { reason: text })));
    expect(error).toMatchObject({ code: 'secret-shaped', source: 'user', details: { shape } });
    expect(
      JSON.stringify({ message: error.message, hint: error.hint, details: error.details }),
    ).not.toContain(text.slice(0, 24));
    expect(local.sent).toEqual([]);
  });

  const places = [
    ['justification', draft('hold.placed', { justification: secretKey })],
    ['ticket', draft('hold.placed', { ticket: secretKey })],
    ['a claimed session name', draft('hold.placed', { actor: person('ana', { claimed: secretKey }) })],
    ['reasons', draft('finding.opened', { data: { reasons: ['ok', secretKey] } })],
    ['what was observed', draft('step.done', { data: { observed: { note: { deep: secretKey } } } })],
    ['a key of what was observed', draft('step.done', { data: { observed: { [secretKey]: true } } })],
    [
      'the parameters of a scope',
      draft('step.intended', {
        scope: {
          action: 'a',
          resource: 'b',
          parameters: { Tags: [{ Value: secretKey }] },
          before: {},
          after: {},
        },
      }),
    ],
  ] as const;

  it.each(places)('the same in %s', async (_place, each) => {
    const error = await refused(local.ledger.append(subject, null, each));
    expect(error.code).toBe('secret-shaped');
    expect(error.message).not.toContain(secretKey);
  });

  const harmless = [
    'It was last used 60 days ago (credential report of 2026-10-15T08:00:00.000Z).',
    'arn:aws:iam::111122223333:user/division/platform/continuousdelivery/DeploymentPipelineRunnerProdEU',
    'Production/PaymentsPlatform/CardProcessing',
    'commit 356a192b7913b04c54574d18c28d46e6395428ab',
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'request 0100018f6a3c2b1d-5f0e1c2d-3b4a-4c5d-8e9f-0a1b2c3d4e5f-000000',
    'ThisIsAVeryLongServiceNameForTheTeamOnes',
  ];

  it.each(harmless)('but not %s', async (reason) => {
    const appended = await local.ledger.append(subject, null, draft('hold.placed', { reason }));
    expect(appended.ok).toBe(true);
  });
});
