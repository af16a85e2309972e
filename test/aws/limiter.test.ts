import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AdaptiveLimiter,
  afterSuccess,
  afterThrottle,
  CONCURRENCY_BOUNDS,
  type Concurrency,
  initialConcurrency,
} from '../../lib/aws/limiter.ts';

const BOUNDS = CONCURRENCY_BOUNDS;

function through(state: Concurrency, answers: readonly ('ok' | 'throttled')[]): Concurrency {
  return answers.reduce(
    (now, answer) => (answer === 'ok' ? afterSuccess(now, BOUNDS) : afterThrottle(now, BOUNDS)),
    state,
  );
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('concurrency grows additively and shrinks multiplicatively', () => {
  const start = initialConcurrency(BOUNDS);

  test('it begins at eight calls in flight', () => {
    expect(start.limit).toBe(8);
  });

  test('a round of successes adds one call', () => {
    expect(through(start, times(7, 'ok')).limit).toBe(8);
    expect(through(start, times(8, 'ok')).limit).toBe(9);
    expect(through(start, times(8 + 9, 'ok')).limit).toBe(10);
  });

  test('throttling halves it', () => {
    expect(through(start, ['throttled']).limit).toBe(4);
  });

  test('the other answers of the same round do not halve it again, the next round does', () => {
    expect(through(start, times(8, 'throttled')).limit).toBe(4);
    expect(through(start, times(9, 'throttled')).limit).toBe(2);
  });

  test('throttling takes back what successes have saved up', () => {
    expect(through(start, [...times(7, 'ok' as const), 'throttled', ...times(3, 'ok' as const)]).limit).toBe(
      4,
    );
  });

  test('whatever AWS answers, it stays within its bounds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('ok' as const, 'throttled' as const), { maxLength: 400 }),
        (answers) => {
          const { limit } = through(start, answers);
          expect(limit).toBeGreaterThanOrEqual(BOUNDS.least);
          expect(limit).toBeLessThanOrEqual(BOUNDS.most);
        },
      ),
      { seed: 15 },
    );
  });

  test('a success never shrinks it, throttling never grows it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('ok' as const, 'throttled' as const), { maxLength: 100 }),
        (answers) => {
          const state = through(start, answers);
          expect(afterSuccess(state, BOUNDS).limit).toBeGreaterThanOrEqual(state.limit);
          expect(afterThrottle(state, BOUNDS).limit).toBeLessThanOrEqual(state.limit);
        },
      ),
      { seed: 15 },
    );
  });
});

describe('the limiter', () => {
  /** Runs tasks that end when told and reports the most that ran at once. */
  async function mostAtOnce(limiter: AdaptiveLimiter, tasks: number): Promise<number> {
    let running = 0;
    let most = 0;
    const task = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    await Promise.all(Array.from({ length: tasks }, () => limiter.run(task)));
    return most;
  }

  test('never runs more tasks than its concurrency', async () => {
    const limiter = new AdaptiveLimiter();
    expect(await mostAtOnce(limiter, 40)).toBe(8);
    limiter.throttled();
    expect(limiter.concurrency).toBe(4);
    expect(await mostAtOnce(limiter, 40)).toBe(4);
  });

  test('hands on results and errors', async () => {
    const limiter = new AdaptiveLimiter();
    expect(await limiter.run(async () => 7)).toBe(7);
    await expect(limiter.run(async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
