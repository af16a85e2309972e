import { isDeepStrictEqual } from 'node:util';
import { HOUR_MS } from '../../../lib/domain/time.ts';
import type { ArrivingCall } from '../../../lib/embedded-aws/index.ts';
import { ALWAYS } from '../invariants/index.ts';
import { settledViolations } from '../quiescence.ts';
import { WRITES } from '../sweeping.ts';
import { World } from '../world.ts';
import { differences, type Outcome, outcomeOf } from './outcome.ts';
import { scenery } from './scenario.ts';
import type { Entry, Timetable } from './timetable.ts';

/** What a crash ends: the call goes out or not, and no answer is ever seen. */
export interface Point {
  readonly entry: number;
  /** 1-based, among all calls of the entry's process. */
  readonly nth: number;
  /** `service:Operation` of the call. */
  readonly call: string;
  readonly effect: 'crash' | 'crash-after';
}

/** The world right before an entry, and the calls the entry made when nothing went wrong. */
interface Stage {
  readonly before: World;
  readonly calls: readonly string[];
  /** The same number, as the network counted it. */
  readonly counted: number;
  /** What is left after it, where a run ends. */
  readonly after: Outcome | undefined;
}

export interface Baseline {
  readonly timetable: Timetable;
  readonly stages: readonly Stage[];
  readonly outcome: Outcome;
}

/** Lives a timetable without a crash, keeping the world before each entry. */
export async function liveBaseline(timetable: Timetable): Promise<Baseline> {
  const world = await World.create({ scenery });
  const stages: Stage[] = [];
  for (const entry of timetable.entries) {
    await world.network.advance(entry.hours * HOUR_MS);
    const before = await world.fork();
    const { name } = world.process(entry.role);
    const calls: string[] = [];
    const listening = listen(world, name, calls);
    await entry.carryOut(world);
    listening.remove();
    const after = entry.endsRun === true ? await outcomeOf(world, timetable.perAttempt) : undefined;
    stages.push({ before, calls, counted: world.network.callsOf(name), after });
  }
  return { timetable, stages, outcome: await outcomeOf(world, timetable.perAttempt) };
}

/** Every point at which an entry's process can die, or only those at calls that leave something behind. */
export function pointsOf(baseline: Baseline, entry: number, only: 'all' | 'writes'): Point[] {
  const calls = baseline.stages[entry]?.calls ?? [];
  return calls.flatMap((call, index) =>
    only === 'all' || isWrite(call)
      ? (['crash', 'crash-after'] as const).map((effect) => ({ entry, nth: index + 1, call, effect }))
      : [],
  );
}

export function isWrite(call: string): boolean {
  return WRITES.test(call.split(':')[1] ?? '');
}

/** Names a point in a failure. */
export function pointName({ timetable }: Baseline, { entry, nth, call, effect }: Point): string {
  const when = effect === 'crash' ? 'before' : 'after';
  return `${timetable.entries[entry]?.name}, ${when} call ${nth} (${call})`;
}

/** A world whose process died at a point, and what was wrong on the way there. */
export interface Crashed {
  readonly world: World;
  readonly wrong: readonly string[];
}

/** The process dies exactly there, and up to there does exactly what it did when nothing went wrong. */
export async function crashAt(baseline: Baseline, point: Point): Promise<Crashed> {
  const { stage, entry } = placeOf(baseline, point);
  const world = await stage.before.fork();
  const { name } = world.process(entry.role);
  const calls: string[] = [];
  const listening = listen(world, name, calls);
  const planted = world.aws.faults.add({ match: { process: name, nth: point.nth }, effect: point.effect });
  await entry.carryOut(world);
  listening.remove();
  planted.remove();
  const expected = stage.calls.slice(0, point.nth);
  const died = planted.fired === 1 && calls.join() === expected.join();
  const how = `${planted.fired} crashes after ${calls.length} calls`;
  return { world, wrong: died ? [] : [`the process did not die there: ${how}`] };
}

/**
 * Lives on after a crash: the entry is carried out again, once the lease has run out, and the timetable goes on. Says
 * what is wrong at the end; nothing when the life converged. `untilRunEnds`: who has converged when a run ends goes no
 * further.
 */
export async function liveOn(
  baseline: Baseline,
  point: Point,
  { world }: Crashed,
  untilRunEnds: boolean,
): Promise<string[]> {
  const { entries, afterCrashMs, perAttempt, again } = baseline.timetable;
  const open = openDeliveries(world);
  const standing = async () => [
    ...brokenInvariants(world),
    ...unanswered(world),
    ...deliveredTwice(world, open),
    ...(await settledViolations(world, false)),
  ];
  await world.network.advance(afterCrashMs);
  for (const [index, later] of entries.entries()) {
    if (index < point.entry) continue;
    if (index > point.entry) await world.network.advance(later.hours * HOUR_MS);
    await later.carryOut(world);
    const expected = untilRunEnds ? baseline.stages[index]?.after : undefined;
    const isThere = expected !== undefined && isDeepStrictEqual(await outcomeOf(world, perAttempt), expected);
    if (isThere) return standing();
  }
  return [
    ...differences(baseline.outcome, await outcomeOf(world, perAttempt)),
    ...(await notQuiet(again, world)),
    ...(await standing()),
  ];
}

function placeOf(baseline: Baseline, point: Point): { readonly stage: Stage; readonly entry: Entry } {
  const [stage, entry] = [baseline.stages[point.entry], baseline.timetable.entries[point.entry]];
  if (stage === undefined || entry === undefined) throw new RangeError(`there is no entry ${point.entry}`);
  return { stage, entry };
}

function listen(world: World, process: string, calls: string[]) {
  world.network.expect(process, { interferences: [], delays: [], slow: [] });
  const when = ({ service, operation }: ArrivingCall) => {
    calls.push(`${service}:${operation}`);
    return false;
  };
  return world.aws.faults.add({ match: { process, when }, effect: 'error' });
}

/** Letters in a mailbox of which the ledger does not know yet. */
function openDeliveries(world: World): string[] {
  const known = world.writes.flatMap(({ event }) =>
    event.type === 'notice.accepted' ? [event.data.noticeId] : [],
  );
  return world.outbox.letters.map(({ notice }) => notice.id).filter((id) => !known.includes(id));
}

/** Only a letter whose answer was lost is handed in again, once, under the same id and with the same text. */
function deliveredTwice(world: World, open: readonly string[]): string[] {
  return world.outbox.letters
    .filter(({ notice, again, altered }) => altered || again !== (open.includes(notice.id) ? 1 : 0))
    .map(({ notice, again }) => `${notice.id} was handed in again ${again} times`);
}

function brokenInvariants(world: World): string[] {
  const chronicle = world.chronicle();
  world.checkedTo = world.tick;
  return ALWAYS.flatMap((invariant) => invariant(chronicle));
}

/** Who repeats what was already recorded is told so. */
const TOLD_SO = ['already-approved', 'requester-may-not-approve', 'nothing-to-restore'];

/** Everything but the crash itself succeeds. */
function unanswered(world: World): string[] {
  const failed = [...world.sweeps, ...world.errands].filter(
    ({ outcome, code }) => outcome === 'refused' && !TOLD_SO.includes(code ?? ''),
  );
  const crashes = [...world.sweeps, ...world.errands].filter(({ outcome }) => outcome === 'crashed').length;
  return [
    ...failed.map(({ code }) => `somebody was refused: ${code}`),
    ...(crashes > 1 ? [`${crashes} crashes instead of one`] : []),
  ];
}

/** A repeated sweep writes nothing but its lease and that it took place, and changes nothing. */
async function notQuiet(again: Timetable['again'], world: World): Promise<string[]> {
  const seen = { writes: world.writes.length, changes: world.changes.length, tick: world.tick };
  const handedIn = () => world.outbox.letters.reduce((sum, { again }) => sum + 1 + again, 0);
  const letters = handedIn();
  await again.carryOut(world);
  const written = world.writes.slice(seen.writes).map(({ event }) => event);
  return [
    ...written
      .filter(({ subject }) => !again.mayWrite.test(subject))
      .map(({ type, subject }) => `the repeated sweep wrote ${type} on ${subject}`),
    ...world.changes.slice(seen.changes).map(({ record }) => `the repeated sweep did ${record.operation}`),
    ...(handedIn() === letters ? [] : ['the repeated sweep wrote to somebody']),
  ];
}
