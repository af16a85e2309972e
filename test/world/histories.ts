import { describe, expect, it } from 'vitest';
import { liveMany } from './live.ts';

/** 1,000 histories in four files, so that all workers share them. */
const PER_FILE = 250;
/** Steps of the longest history here; `npm run test:soak` lives longer ones. */
const LONGEST = 4;

/** Lives one quarter of the histories of `npm test`, and asserts that they were worth living. */
export function livedHistories(part: number): void {
  describe(`the simulated world, part ${part}`, () => {
    it('I1-I14 I16 I18-I21 hold after every step of 250 random histories', async () => {
      const came = new Map<string, number>();
      const count = (key: string) => came.set(key, (came.get(key) ?? 0) + 1);
      await liveMany(
        20_261_000 + part,
        PER_FILE,
        (world) => {
          count('history');
          for (const { event } of world.writes) {
            count(event.type === 'step.done' ? `done:${event.data.change}` : event.type);
          }
        },
        LONGEST,
      );
      expect(came.get('history')).toBe(PER_FILE);
      // Safety must not be bought by doing nothing, nor by never being in trouble.
      for (const happened of [
        'done:disable',
        'done:delete',
        'done:tag',
        'done:enable',
        'owner.notified',
        'owner.notice-bounced',
        'plan.approved',
        'plan.item-dropped',
        'step.abandoned',
        'hold.placed',
        'halt.placed',
        'request.denied',
        'request.approved',
        'request.rejected',
        'request.withdrawn',
        'request.done',
        'request.failed',
        'exception.activated',
        'exception.expired',
        'exception.revoked',
        'hold.lifted',
        'challenge.opened',
        'challenge.upheld',
      ]) {
        expect(came.get(happened) ?? 0, happened).toBeGreaterThan(0);
      }
    }, 900_000);
  });
}
