import { MINUTE_MS } from '../../../lib/domain/time.ts';
import type { EmbeddedAws } from '../../../lib/embedded-aws/index.ts';
import { type Command, SMOOTH } from '../command.ts';
import { smoothSweep } from '../perform.ts';
import { MAIN } from '../places.ts';
import { furnishWith, ownersPolicy, type WorldCredential } from '../scenery.ts';
import type { World } from '../world.ts';
import { type Entry, entryOf, type Timetable } from './timetable.ts';

const sweep = (name: string, hours: number): Entry =>
  entryOf({ name, hours, role: 'janitor-a', endsRun: true }, () => [smoothSweep(MAIN)]);

/** What a person does at the janitor's desk. */
export const desk = (name: string, hours: number, ...commands: Command[]): Entry =>
  entryOf({ name, hours, role: 'desk' }, () => commands);

const LOOSE: Command = { kind: 'take-up', version: 'loose' };

/**
 * A key and a secret walk through every step that the rules know, at the instants the version `loose` needs (disabled a
 * day after the notice, deleted three days after that), an hour late each time so that a repeated sweep is not too late.
 */
const ENTRIES: readonly Entry[] = [
  desk('alice activates the first version', 0, { kind: 'activate', by: 'alice' }),
  desk('alice proposes the next one', 1, LOOSE, { kind: 'activate', by: 'alice' }),
  desk('bob approves it', 0, { kind: 'activate', by: 'bob' }),
  desk('carol approves it', 0, { kind: 'activate', by: 'carol' }),
  sweep('the sweep that labels and warns', 1),
  sweep('the sweep that has nothing to do', 12),
  sweep('the sweep that disables and quarantines', 13),
  sweep('the sweep that freezes the plan', 73),
  desk('bob approves the plan', 2, { kind: 'decide', plan: 0, by: 'bob', verdict: 'approve' }),
  sweep('the sweep that deletes', 1),
];

/** A lease of a dead process, the margin of its takeover, and the settling time of its open intent. */
const AFTER_CRASH_MS = 20 * MINUTE_MS;

/** Sweeps of one process each. */
const inOneProcess = (entries: readonly Entry[]): Timetable => ({
  entries,
  afterCrashMs: AFTER_CRASH_MS,
  perAttempt: /^(lease|sweep|cap)#/,
  again: { carryOut: sweep('a sweep once more', 0).carryOut, mayWrite: /^(lease|sweep)#/ },
});

export const TIMETABLE = inOneProcess(ENTRIES);

/** The same, and then the secret comes back out of its recovery window and out of quarantine: two changes, no lease. */
export const RESTORING = inOneProcess([
  ...ENTRIES,
  entryOf({ name: 'alice restores the secret', hours: 1, role: 'desk' }, restoreSecret),
  sweep('the sweep after the restore', 1),
]);

/** People name the secret; the world counts those the janitor touched last. */
function restoreSecret(world: World): Command[] {
  const secret = world.credentials.find(({ kind }) => kind === 'secret');
  const credential = world.credentials.findIndex((_, nth) => world.pick(nth) === secret);
  return [{ kind: 'restore', credential, by: 'alice', script: SMOOTH }];
}

/** The two that are stale, each of another owner, and one that nobody may touch. */
export function scenery(aws: EmbeddedAws): WorldCredential[] {
  return furnishWith(
    aws,
    [
      { account: MAIN, path: '/ci/', user: 'nightly', owner: 'erin', createdDays: 60, usedDays: 20 },
      { account: MAIN, path: '/break-glass/', user: 'emergency', owner: 'alice', createdDays: 500 },
    ],
    [
      {
        account: MAIN,
        name: 'app/db',
        owner: 'dave',
        createdDays: 300,
        usedDays: 60,
        policy: ownersPolicy('Partner'),
      },
    ],
  );
}
