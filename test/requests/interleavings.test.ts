import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JanitorError } from '../../lib/domain/error.ts';
import type { RequestState } from '../../lib/domain/request.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import type { RequestsContext } from '../../lib/requests/index.ts';
import {
  approveRequest,
  executeRequest,
  lapseRequest,
  rejectRequest,
  withdrawRequest,
} from '../../lib/requests/index.ts';
import { asker, REQUEST_ID } from '../builders/asked.ts';
import { NOW } from '../builders/credential.ts';
import { Ground, SERVICE, type Wire } from './ground.ts';

const ENDS: readonly (RequestState | undefined)[] = ['rejected', 'withdrawn', 'lapsed', 'done', 'failed'];
const DEEDS = [
  'approve-bo',
  'approve-cy',
  'reject-fay',
  'withdraw',
  'lapse',
  'execute',
  'a-week-passes',
] as const;
type Deed = (typeof DEEDS)[number];

/** On its way: fine, the answer lost, the question lost, or the process gone before or after it was run. */
const FATES = ['fine', 'fine', 'fine', 'lost', 'refused', 'crash-before', 'crash-after'] as const;
type Fate = (typeof FATES)[number];

class Crash extends Error {}

/** The connection of one process: turns are the scheduler's, and once the process is gone nothing is sent any more. */
function unreliable(scheduler: fc.Scheduler, fates: Iterator<Fate>): Wire {
  let gone = false;
  return async (operation, run) => {
    if (gone) throw new Crash();
    const fate = operation === 'PutItem' ? fates.next().value : 'fine';
    await scheduler.schedule(Promise.resolve(), operation);
    gone = fate === 'crash-before' || fate === 'crash-after';
    if (fate === 'crash-before') throw new Crash();
    if (fate === 'refused') throw new Error('TimeoutError');
    const answer = run();
    await scheduler.schedule(Promise.resolve(), `${operation} answered`);
    if (gone) throw new Crash();
    if (fate === 'lost') throw new Error('TimeoutError');
    return answer;
  };
}

function* endlessly(fate: Fate): Generator<Fate, never> {
  for (;;) yield fate;
}

/** The state a deed was told, or undefined where it was told none. */
async function perform(
  ground: Ground,
  context: RequestsContext,
  deed: Deed,
  requestHash: string,
): Promise<RequestState | undefined> {
  const requestId = REQUEST_ID;
  switch (deed) {
    case 'approve-bo':
    case 'approve-cy': {
      const actor = asker(deed === 'approve-bo' ? 'bo' : 'cy');
      return (await approveRequest(context, { requestId, requestHash, actor })).state;
    }
    case 'reject-fay':
      return (await rejectRequest(context, { requestId, actor: asker('fay'), reason: 'no' })).state;
    case 'withdraw':
      return (await withdrawRequest(context, { requestId, actor: asker('ana') })).state;
    case 'lapse':
      return lapseRequest(context, { requestId, actor: SERVICE });
    case 'execute':
      return executed(context);
    case 'a-week-passes':
      ground.pass(7 * DAY_MS);
      return undefined;
  }
}

/** The service looks again while nothing is approved yet, for some turns. */
async function executed(context: RequestsContext): Promise<RequestState | undefined> {
  const effect = async () => ({ ok: true, outcome: 'event-1' }) as const;
  const execution = { requestId: REQUEST_ID, actor: SERVICE, effect };
  let executed = await executeRequest(context, execution);
  for (let turn = 0; turn < 8 && executed.state === 'pending'; turn += 1) {
    executed = await executeRequest(context, execution);
  }
  return executed.state;
}

/** What the caller does when it does not hear: asks the same again. A process that is gone does nothing. */
async function insisting(
  ground: Ground,
  context: RequestsContext,
  deed: Deed,
  hash: string,
): Promise<RequestState | undefined> {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    try {
      return await perform(ground, context, deed, hash);
    } catch (error) {
      if (error instanceof JanitorError && error.cause instanceof Crash) return undefined;
      if (!(error instanceof JanitorError) || error.code !== 'ledger-unavailable') throw error;
    }
  }
  return undefined;
}

describe('whoever acts at once, in whatever order, with lost answers and crashes', () => {
  test('one outcome comes of a request, and everybody who hears of an end hears of that one', async () => {
    const reached = new Set<RequestState | undefined>();
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.constantFrom(...DEEDS), { minLength: 2, maxLength: 9 }),
        fc.infiniteStream(fc.constantFrom<Fate>(...FATES)),
        async (scheduler, deeds, fates) => {
          const ground = await Ground.open();
          const { requestHash } = await ground.submitted({ content: { endsAt: plus(NOW, 60 * DAY_MS) } });
          const heard = Promise.all(
            deeds.map((deed) =>
              insisting(ground, ground.process(unreliable(scheduler, fates)), deed, requestHash),
            ),
          );
          await scheduler.waitFor(heard);

          const told = new Set((await heard).filter((state) => ENDS.includes(state)));
          expect(told.size).toBeLessThanOrEqual(1);
          const [end] = told;
          const final = await ground.state();
          if (end !== undefined) expect(final).toBe(end);
          if ((await heard).includes('approved')) {
            expect(['approved', 'executing', 'done']).toContain(final);
          }
          reached.add(final);
          const types = await ground.types(`request#${REQUEST_ID}`);
          const ended = types.filter((type) =>
            [
              'request.rejected',
              'request.withdrawn',
              'request.lapsed',
              'request.done',
              'request.failed',
            ].includes(type),
          );
          expect(ended.length).toBeLessThanOrEqual(1);
          expect(types.filter((type) => type === 'request.executing').length).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 250, seed: 20261122 },
    );
    expect([...reached].sort()).toEqual(
      expect.arrayContaining(['done', 'lapsed', 'pending', 'rejected', 'withdrawn']),
    );
  });

  test('the same request sent many times at once is stored once, and every sender sees it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 6 }), async (scheduler, times) => {
        const ground = await Ground.open();
        const context = ground.process(unreliable(scheduler, endlessly('fine')));
        const heard = Promise.all(
          Array.from({ length: times }, (_, index) =>
            ground.submit({ context, ...(index === 0 ? { content: { reason: 'something else' } } : {}) }),
          ),
        );
        await scheduler.waitFor(heard);
        const outcomes = (await heard).map(({ outcome }) => outcome);
        expect(outcomes.filter((outcome) => outcome === 'recorded')).toHaveLength(1);
        expect([1, times - 1]).toContain(outcomes.filter((outcome) => outcome === 'conflict').length);
        expect(await ground.types(`request#${REQUEST_ID}`)).toEqual(['request.submitted']);
      }),
      { numRuns: 100 },
    );
  });
});
