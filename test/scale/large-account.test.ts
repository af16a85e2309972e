import { describe, expect, test } from 'vitest';
import { type Lived, largeAccount, resultOf, sweepInLimitedTime, type TimeLimit } from './large-account.ts';

const SECRETS = 100_000;
const LIMIT: TimeLimit = { limitMs: 9_000, marginMs: 2_500 };
const MEGABYTE = 1_000_000;

/** One sweep in one process, and the same in as many as it takes. */
async function twoSweeps() {
  const alone = await largeAccount(SECRETS);
  const [calls, began] = [alone.aws.calls.size, alone.aws.clock.millis()];
  await alone.sweep();
  const tookMs = alone.aws.clock.millis() - began;
  const whole = { ...(await resultOf(alone)), listings: alone.aws.calls.counts(calls), tookMs };
  const ground = await largeAccount(SECRETS);
  const lived = await sweepInLimitedTime(ground, LIMIT);
  return { whole, parts: { ...(await resultOf(ground)), listings: ground.aws.calls.counts() }, lived };
}

describe('an account with 100,000 secrets in three Regions, swept by processes of limited time', async () => {
  const { whole, parts, lived } = await twoSweeps();
  const of = (phase: Lived['phase']) => lived.filter((process) => process.phase === phase);

  test('one process would not do: it takes several to decide and several to act', () => {
    expect(whole.tookMs).toBeGreaterThan(4 * LIMIT.limitMs);
    expect(of('decide').length).toBeGreaterThan(3);
    expect(of('act').length).toBeGreaterThan(2);
  });

  test('none exceeds its time', () => {
    expect(Math.max(...lived.map(({ tookMs }) => tookMs))).toBeLessThanOrEqual(LIMIT.limitMs);
  });

  test('each goes on where the one before stopped: no page of secrets is read twice, no call is repeated', () => {
    expect(whole.listings['secretsmanager:ListSecrets']).toBe(Math.ceil(SECRETS / 3 / 100) * 3);
    expect(parts.listings).toEqual(whole.listings);
  });

  test('the same verdict on every secret, each once in the manifest', () => {
    expect(parts.verdicts.size).toBe(SECRETS + 1);
    const differing = [...whole.verdicts].filter(([id, verdict]) => parts.verdicts.get(id) !== verdict);
    expect(differing).toEqual([]);
  });

  test('the same findings and steps on every chain, the same changes at AWS, the same letters, the same event', () => {
    expect(parts.deeds).toHaveLength(50);
    expect(parts.deeds).toEqual(whole.deeds);
    expect(parts.letters).toEqual(whole.letters);
    expect(parts.chains).toEqual(whole.chains);
    expect(parts.sweep).toEqual(whole.sweep);
  });

  test('what a process holds does not grow with what was read before it', () => {
    const held = lived.flatMap(({ heldBytes }) => (heldBytes === undefined ? [] : [heldBytes]));
    expect(held.length).toBeGreaterThan(4);
    for (const bytes of held) expect(bytes).toBeLessThan(40 * MEGABYTE);
  });
});
