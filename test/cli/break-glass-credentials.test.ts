import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { JanitorError } from '../../lib/domain/error.ts';
import { ended, GRANT_ID, SECRETS, waiting } from './broker-answers.ts';
import { servedBroker } from './served-broker.ts';

const broker = servedBroker();
const credentials = () => broker.janitor(['break-glass', 'credentials', GRANT_ID]);

describe('the credential_process of the AWS SDKs', () => {
  test('one line of JSON on standard output, in their words', async () => {
    const answer = await credentials();
    expect(answer).toMatchObject({ exit: 0, out: '' });
    const [line = '', ...more] = answer.terminal.handedOver;
    expect(more).toEqual([]);
    const document = z.strictObject({
      Version: z.literal(1),
      AccessKeyId: z.literal('ASIAEXAMPLESESSION01'),
      SecretAccessKey: z.literal(SECRETS[0]),
      SessionToken: z.literal(SECRETS[1]),
      Expiration: z.literal('2026-03-02T08:15:00.000Z'),
    });
    expect(document.safeParse(JSON.parse(line)).success).toBe(true);
    for (const secret of SECRETS) expect(answer.err).not.toContain(secret);
  });

  test('each time is a renewal, which the grant has on record', async () => {
    await credentials();
    await credentials();
    expect(broker.calls.map(({ operation }) => operation)).toEqual(['renewGrant', 'renewGrant']);
  });

  test('an ended grant: when, how, and how to ask for another; nothing on standard output', async () => {
    const over = new JanitorError('the grant is over', { code: 'grant-over', source: 'user' });
    broker.answer({ renewGrant: over, getGrant: ended });
    const answer = await credentials();
    expect(answer).toMatchObject({ exit: 5, out: '', terminal: { handedOver: [] } });
    const said = answer.err.replaceAll('\n', ' ');
    expect(said).toContain(`grant ${GRANT_ID} ended at 2026-03-02 08:10 UTC (returned); ask for another`);
    expect(said).toContain('janitor break-glass start database-admin --account 111122223333');
  });

  test('one that waits for a second person: who may, and nothing on standard output', async () => {
    broker.answer({ renewGrant: { outcome: 'waiting', grant: waiting } });
    const answer = await credentials();
    expect(answer).toMatchObject({ exit: 5, out: '', terminal: { handedOver: [] } });
    expect(answer.err).toContain('(ben)');
  });

  test.each([
    ['ledger-unavailable', 'system', 1],
    ['caller-unresolved', 'policy', 5],
    ['aws-unreachable', 'system', 1],
  ] as const)('%s: an error on stderr and a status that is not 0', async (code, source, exit) => {
    broker.answer({ renewGrant: new JanitorError('what failed', { code, source }) });
    const answer = await credentials();
    expect(answer).toMatchObject({ exit, out: '', terminal: { handedOver: [] } });
    expect(answer.err).toContain('what failed');
  });
});
