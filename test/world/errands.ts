import { DAY_MS, plus } from '../../lib/domain/time.ts';
import {
  activatePolicy,
  approvePlan,
  liftHalt,
  placeHalt,
  placeHold,
  recordBounce,
  rejectPlan,
  restoreCredential,
} from '../../lib/sweep/index.ts';
import type { Errand } from './chronicle.ts';
import type { Command } from './command.ts';
import { actorOf, type PersonName } from './people.ts';
import { MAIN } from './places.ts';
import { type Interject, plant, thrown } from './sweeping.ts';
import type { World } from './world.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;
type Answer = Pick<Errand, 'toldOfIntent' | 'undone' | 'code'> | undefined;

/** Something a person asks of the janitor at the desk, and what came of it. */
async function errand(
  world: World,
  what: Pick<Errand, 'kind' | 'by' | 'subject'>,
  run: () => Promise<Answer>,
): Promise<void> {
  const { name } = world.process('desk');
  const since = world.stamp().tick;
  try {
    const answer = await run();
    world.errands.push({ ...world.stamp(), ...what, since, outcome: 'done', ...answer });
  } catch (error) {
    world.errands.push({ ...world.stamp(), ...what, since, ...thrown(world, name, error, what.kind) });
  }
}

function recording(world: World, by: PersonName) {
  return world.process('desk').recording(world.atHand, actorOf(by));
}

export async function hold(world: World, { credential, by, days }: Of<'hold'>): Promise<void> {
  const found = world.pick(credential);
  if (found === undefined) return;
  await errand(world, { kind: 'hold', by, subject: found.id }, async () => {
    const until = plus(world.now(), days * DAY_MS);
    const placed = await placeHold(recording(world, by), found.id, {
      kind: 'manual',
      reason: `${by} asks`,
      until,
    });
    return { toldOfIntent: placed.openIntent !== undefined };
  });
}

const TARGETS = { all: 'all', account: `account:${MAIN}`, rule: 'rule:access-key-unused' } as const;

export async function halt(world: World, { target: stops, by }: Of<'halt'>): Promise<void> {
  const target = TARGETS[stops];
  await errand(world, { kind: 'halt', by, subject: target }, async () => {
    await placeHalt(recording(world, by), { target, reason: `${by} says so` });
    return undefined;
  });
}

export async function resume(world: World, { by }: Of<'resume'>): Promise<void> {
  const target = Object.values(TARGETS).find((each) => isHalted(world, each)) ?? 'all';
  await errand(world, { kind: 'resume', by, subject: target }, async () => {
    await liftHalt(recording(world, by), { target, reason: `${by} says so` });
    return undefined;
  });
}

function isHalted(world: World, target: string): boolean {
  const standing = new Map<string, string>();
  for (const { event } of world.writes) {
    if (event.type === 'halt.placed') standing.set(event.data.haltId, event.data.target);
    if (event.type === 'halt.lifted') standing.delete(event.data.haltId);
  }
  return [...standing.values()].includes(target);
}

/** Plans in the order of freezing, the newest last. */
export function frozenPlans(world: World): string[] {
  return world.writes.flatMap(({ event }) => (event.type === 'plan.frozen' ? [event.data.planId] : []));
}

export async function decide(world: World, { plan, by, verdict }: Of<'decide'>): Promise<void> {
  const planId = frozenPlans(world).at(-1 - plan);
  if (planId === undefined) return;
  await errand(world, { kind: verdict, by, subject: planId }, async () => {
    const context = recording(world, by);
    await (verdict === 'approve'
      ? approvePlan(context, planId)
      : rejectPlan(context, planId, `${by} says no`));
    return undefined;
  });
}

/** All of security approve all plans that are open; who may not is refused. */
export async function approveAll(world: World): Promise<void> {
  const closed = new Set(
    world.writes.flatMap(({ event }) =>
      event.type === 'plan.rejected' || event.type === 'plan.lapsed' ? [event.data.planId] : [],
    ),
  );
  const open = frozenPlans(world).filter((planId) => !closed.has(planId));
  for (const planId of open.slice(-4)) {
    for (const by of ['bob', 'carol'] as const) {
      await errand(world, { kind: 'approve', by, subject: planId }, async () => {
        await approvePlan(recording(world, by), planId);
        return undefined;
      });
    }
  }
}

export async function activate(world: World, { by }: Of<'activate'>): Promise<void> {
  await errand(world, { kind: 'activate', by, subject: world.atHand.policy.hash }, async () => {
    const { outcome } = await activatePolicy(recording(world, by));
    return { code: outcome };
  });
}

/** As a careful company does it: the version is in force when this is over, unless somebody may not approve. */
export async function rollOut(world: World, { version }: Of<'roll-out'>): Promise<void> {
  world.takeUp(version);
  for (const by of ['alice', 'bob', 'carol'] as const) await activate(world, { kind: 'activate', by });
}

export async function bounce(world: World, { letter, reported }: Of<'bounce'>): Promise<void> {
  const returned = world.outbox.letters.at(-1 - letter);
  if (returned === undefined) return;
  returned.bounced = true;
  world.bounces.push({ ...world.stamp(), noticeId: returned.notice.id });
  if (!reported) return;
  const { name } = world.process('desk');
  try {
    await recordBounce(recording(world, 'robot'), returned.notice.id, 'the letter came back');
  } catch (error) {
    thrown(world, name, error, 'bounce');
  }
}

export async function restore(world: World, command: Of<'restore'>, interject: Interject): Promise<void> {
  const found = world.pick(command.credential);
  if (found === undefined) return;
  const desk = world.process('desk');
  const unplant = plant(world, desk.name, command.script, interject);
  await errand(world, { kind: 'restore', by: command.by, subject: found.id }, async () => {
    const context = await desk.context(found.accountId, world.atHand, actorOf(command.by));
    const { changes } = await restoreCredential(context, found.id, { reason: `${command.by} needs it` });
    return { undone: changes.flatMap((each) => (each.outcome === 'done' ? [each.change] : [])) };
  });
  unplant();
  world.network.settle();
}
