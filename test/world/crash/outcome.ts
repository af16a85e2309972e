import { isDeepStrictEqual } from 'node:util';
import type { LedgerEvent } from '../../../lib/domain/event.ts';
import { isJanitor } from '../chronicle.ts';
import { TABLES } from '../janitor-process.ts';
import { actorOf } from '../people.ts';
import type { World } from '../world.ts';

/** What is left of a world at its end without ids and instants: the same for every life that converged. */
export interface Outcome {
  /** Everything durable at AWS. */
  readonly aws: unknown;
  /** Every change the janitor made there, each as often as it was made; which of two credentials comes first is open. */
  readonly deeds: readonly string[];
  /** By chain, what happened, but for attempts that had no effect. */
  readonly stories: Readonly<Record<string, readonly string[]>>;
  /** By credential, its row of the projection. */
  readonly state: Readonly<Record<string, string>>;
  /** Who was told what. */
  readonly letters: readonly string[];
}

/** `perAttempt`: chains left out. */
export async function outcomeOf(world: World, perAttempt: RegExp): Promise<Outcome> {
  return {
    aws: JSON.parse(awsOf(world)),
    deeds: world.changes
      .filter(({ process }) => isJanitor(process))
      .map(({ record }) => `${record.operation} ${record.target}`)
      .sort(),
    stories: storiesOf(
      world.writes.map(({ event }) => event).filter(({ subject }) => !perAttempt.test(subject)),
    ),
    state: await stateOf(world),
    letters: lettersOf(world),
  };
}

/**
 * Everything that outlives a process, without ids and instants: lives that go on from the same text go on alike. A
 * crash before a call and one after the call before it leave the same behind.
 */
export function durableStateOf(world: World): string {
  const events = world.writes.map(({ event }) => `${event.subject} ${told(event)}`);
  const rows = world.dynamo.table(TABLES.state).all();
  return JSON.stringify([
    awsOf(world),
    events,
    rows.map(({ pk, sk, seq }) => [pk, sk, seq]),
    [...world.evidence.keys()].map((key) => key.split('/')[0]),
    [...world.executions.entries()].map(([runId, execution]) => [
      runId,
      withoutIds(JSON.stringify(execution)),
    ]),
    [...world.work.keys()].filter((key) => !PART.test(key)).map(withoutIds),
    lettersOf(world),
    world.outbox.letters.map(({ again }) => again),
  ]);
}

/** A part of a reading is nothing until a pause names it. */
const PART = /\/part-/;

function withoutIds(text: string): string {
  return text.replaceAll(/sweep-\d{6}/g, '<id>');
}

function awsOf(world: World): string {
  return withoutInstants(JSON.stringify(world.aws.snapshot().accounts));
}

function lettersOf(world: World): string[] {
  return world.outbox.letters.map(({ notice }) => {
    const items = notice.items.map((item) => `${item.credentialId} ${item.rule} ${item.announces?.step}`);
    return `${notice.id} to ${notice.recipient.id}: ${items.join(', ')}`;
  });
}

/** What differs between two outcomes, one sentence for each chain, row or list. */
export function differences(expected: Outcome, found: Outcome): string[] {
  const [before, after] = [partsOf(expected), partsOf(found)];
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].flatMap((name) =>
    isDeepStrictEqual(before.get(name), after.get(name))
      ? []
      : [`${name}: ${JSON.stringify(after.get(name))} instead of ${JSON.stringify(before.get(name))}`],
  );
}

function partsOf({ aws, deeds, stories, state, letters }: Outcome): Map<string, unknown> {
  return new Map([
    ...Object.entries({ aws, deeds, letters }),
    ...Object.entries(stories),
    ...Object.entries(state).map(([id, row]): [string, unknown] => [`state of ${id}`, row]),
  ]);
}

function storiesOf(events: readonly LedgerEvent[]): Record<string, string[]> {
  const abandoned = new Set(
    events.flatMap((event) =>
      event.type === 'step.abandoned'
        ? [`${event.subject} ${event.seq}`, `${event.subject} ${event.data.intent}`]
        : [],
    ),
  );
  const stories: Record<string, string[]> = {};
  for (const event of events) {
    if (abandoned.has(`${event.subject} ${event.seq}`)) continue;
    const story = stories[event.subject] ?? [];
    // Who restores again holds again.
    if (event.type === 'hold.placed' && story.includes(told(event))) continue;
    stories[event.subject] = [...story, told(event)];
  }
  return stories;
}

/** Ids, instants, hashes, and what says how the outcome came to be known. */
const INCIDENTAL = new Set([
  ...['sweepId', 'actBefore', 'capSlot', 'intent', 'reconciled', 'recoverableUntil', 'notBefore'],
  ...['planHash', 'textSha256', 'reasons', 'observed', 'until', 'holder', 'merkleRoot', 'holdId', 'calls'],
]);
/** Steps that had no effect, where a sweep counts what it did. */
const WITHOUT_EFFECT = /:abandoned$/;

function told({ type, rule, data }: LedgerEvent): string {
  const said = JSON.stringify(data, (key, value: unknown) =>
    INCIDENTAL.has(key) || WITHOUT_EFFECT.test(key) ? undefined : value,
  );
  return `${type} ${rule ?? ''} ${said}`;
}

async function stateOf(world: World): Promise<Record<string, string>> {
  const { state } = world.process('desk').recording(world.atHand, actorOf('robot'));
  const rows: Record<string, string> = {};
  for (const { accountId, id } of world.credentials) {
    const row = await state.get(accountId, id);
    const { status, ownerId, dueAt, history } = row ?? {};
    const open = Object.values(history?.findings ?? {}).map(({ rule, told: tellings, done }) => ({
      rule,
      told: tellings.map(({ recipient, announces }) => `${recipient} ${announces?.step}`),
      done: done.map(({ step }) => step),
    }));
    rows[id] = JSON.stringify({ status, ownerId, isDue: dueAt !== undefined, open });
  }
  return rows;
}

function withoutInstants(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<instant>');
}
