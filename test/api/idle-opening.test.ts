import { describe, expect, it, vi } from 'vitest';
import { JanitorError } from '../../lib/domain/error.ts';
import { IdleOpening, type IdleOptions } from '../../lib/wiring/serve/idle-opening.ts';

const held = () => new JanitorError('it is held', { code: 'state-dir-locked', source: 'system' });

/** Counts openings that are open at once, which must never be two. */
function thing(options: Partial<IdleOptions> & { readonly refusals?: number } = {}) {
  const { refusals = 0, ...others } = options;
  const log: string[] = [];
  let tries = 0;
  let most = 0;
  let open = 0;
  const idle = new IdleOpening<number>(
    async () => {
      tries += 1;
      if (tries <= refusals) throw held();
      open += 1;
      most = Math.max(most, open);
      log.push('opened');
      const close = async () => {
        await Promise.resolve();
        open -= 1;
        log.push('closed');
      };
      return { value: tries, close };
    },
    { idleMs: 5, patienceMs: 1_000, pause: async () => {}, report: () => {}, ...others },
  );
  return { idle, log, tries: () => tries, most: () => most, use: () => idle.during(() => idle.value()) };
}

describe('a ledger that one process at a time may hold is opened when needed and given back', () => {
  it('is opened once for all who need it at once, and closed when nobody does', async () => {
    const { use, log } = thing();
    expect(await Promise.all([use(), use(), use()])).toEqual([1, 1, 1]);
    expect(log).toEqual(['opened']);
    await vi.waitFor(() => expect(log).toEqual(['opened', 'closed']), { interval: 1 });
    expect(await use()).toBe(2);
  });

  it('is not opened by work that does not need it', async () => {
    const { idle, log } = thing();
    await idle.during(async () => 'refused before');
    await idle.close();
    expect(log).toEqual([]);
  });

  it('stays open while work goes on, however long nobody asks', async () => {
    const { idle, log } = thing({ idleMs: 0 });
    await idle.during(async () => {
      await idle.value();
      await new Promise((resolve) => setImmediate(resolve));
      expect(log).toEqual(['opened']);
    });
  });

  it('waits for the closing before it opens again', async () => {
    const { idle, use, most } = thing();
    for (let round = 0; round < 5; round += 1) {
      await use();
      void idle.close();
    }
    expect(most()).toBe(1);
  });

  it('waits for whoever else holds it, and no longer than patience lasts', async () => {
    const patient = thing({ refusals: 3 });
    expect(await patient.use()).toBe(4);
    const impatient = thing({ refusals: 10 });
    await expect(impatient.use()).rejects.toMatchObject({ code: 'state-dir-locked' });
    expect(impatient.tries()).toBe(5);
  });

  it('a failure to open is not kept', async () => {
    const { use } = thing({ refusals: 1, patienceMs: 0 });
    await expect(use()).rejects.toMatchObject({ code: 'state-dir-locked' });
    expect(await use()).toBe(2);
  });

  it('tells when it could not be closed', async () => {
    const told: unknown[] = [];
    const idle = new IdleOpening(
      async () => ({ value: 1, close: () => Promise.reject(new Error('disk full')) }),
      { idleMs: 0, patienceMs: 0, pause: async () => {}, report: (error) => told.push(error) },
    );
    await idle.during(() => idle.value());
    await vi.waitFor(() => expect(told).toHaveLength(1), { interval: 1 });
  });
});
