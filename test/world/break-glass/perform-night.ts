import { setImmediate as nextTurn } from 'node:timers/promises';
import { HOUR_MS, MINUTE_MS, toMillis } from '../../../lib/domain/time.ts';
import type { ArrivingCall } from '../../../lib/embedded-aws/index.ts';
import { MAIN } from '../places.ts';
import type { World } from '../world.ts';
import { callBroker, type Desk } from './calls.ts';
import type { Firing, NightCall, NightCommand, NightFault, NightScript } from './night-commands.ts';
import { tryOut } from './wire.ts';

type Of<K extends NightCommand['kind']> = Extract<NightCommand, { kind: K }>;

/** Lets one thing of break-glass happen, and then everybody tries what they hold. */
export async function performNight(world: World, command: NightCommand): Promise<void> {
  await happen(world, command);
  await tryAll(world);
}

async function happen(world: World, command: NightCommand): Promise<void> {
  switch (command.kind) {
    case 'troubled':
      return troubled(world, command);
    case 'at-once':
      return atOnce(world, command);
    case 'reconcile-twice':
      await callBroker(world, { kind: 'reconcile' });
      return callBroker(world, { kind: 'reconcile' });
    case 'pass':
      return pass(world, command);
    case 'clocks':
      world.nights.skewMs = command.aheadSeconds * 1000;
      return;
    case 'on-call':
      world.nights.onCall = ON_CALL[command.is];
      return command.is === 'unreachable' ? callBroker(world, IN_EMERGENCY) : undefined;
    case 'used':
      return used(world, command);
    case 'neglected':
      return neglected(world, command);
    default:
      return callBroker(world, command);
  }
}

const ON_CALL = {
  known: ['dave', 'alice'],
  'somebody-else': ['erin'],
  unreachable: undefined,
} as const;

/** Nobody can say who is on call, and it is urgent. */
const IN_EMERGENCY = {
  kind: 'start',
  by: 'carol',
  role: 'network-admin',
  account: MAIN,
  minutes: 25,
} as const;

/** Everybody tries the sessions they hold; one that AWS had taken for expired is not tried again. */
export async function tryAll(world: World): Promise<void> {
  const { nights } = world;
  for (const session of nights.sessions) {
    const signer = nights.signers.get(session.accessKeyId);
    if (signer === undefined || nights.spent.has(session.accessKeyId)) continue;
    const outcome = await tryOut(world, signer);
    nights.tried.push({ ...world.stamp(), session, outcome });
    if (toMillis(session.expiresAt) <= world.aws.clock.millis()) nights.spent.add(session.accessKeyId);
  }
}

const WRITES = /^(Put|Deliver|AssumeRole|Create|Delete)/;

function faultOf(process: string, { effect, service, calls, nth, times }: NightFault) {
  const match = {
    process,
    nth,
    ...(service === 'any' ? {} : { service }),
    ...(calls === 'any' ? {} : { when: ({ operation }: ArrivingCall) => WRITES.test(operation) }),
  };
  return { match, effect, times };
}

async function troubled(world: World, { call, script }: Of<'troubled'>): Promise<void> {
  const process = world.process('broker').name;
  const { meanwhile, remove } = plant(world, process, script);
  await callBroker(world, call, 'broker', false);
  await Promise.all(meanwhile);
  await nextTurn();
  remove();
}

/** What was planted: calls of others that were begun, and how to take the rest away. */
interface Planted {
  readonly meanwhile: readonly Promise<void>[];
  readonly remove: () => void;
}

function plant(world: World, process: string, { faults, slow, meanwhile }: NightScript): Planted {
  const begun: Promise<void>[] = [];
  world.network.expect(process, {
    interferences: meanwhile.map(({ nth, call }) => ({
      process,
      nth,
      takesTime: false,
      run: () => {
        const running = callBroker(world, call, 'broker-2', false);
        begun.push(running);
        return running;
      },
    })),
    slow: slow.map(({ nth, seconds }) => ({ process, nth, millis: seconds * 1000 })),
    delays: [],
  });
  const planted = faults.map((fault) => world.aws.faults.add(faultOf(process, fault)));
  const remove = () => {
    for (const each of planted) each.remove();
    world.network.settle();
  };
  return { meanwhile: begun, remove };
}

async function atOnce(world: World, { calls, turns: quotas }: Of<'at-once'>): Promise<void> {
  const desks: readonly Desk[] = ['broker', 'broker-2'];
  const names = desks.map((desk) => world.process(desk).name);
  const { turns } = world.network;
  turns.begin(names, quotas);
  await Promise.all(
    desks.map((desk, index) =>
      callBroker(world, calls[index] ?? calls[0], desk, false).finally(() => turns.end(names[index] ?? '')),
    ),
  );
  await nextTurn();
}

/** A schedule that is late is so by this. */
const LATE_MS = 40 * MINUTE_MS;

/** Time passes; end schedules fire when their time comes, late, twice or never; and now and then a round. */
async function pass(world: World, { minutes, firing, rounds }: Of<'pass'>): Promise<void> {
  const until = world.aws.clock.millis() + minutes * MINUTE_MS;
  for (const [grantId, at] of dueBefore(world, until)) {
    world.nights.schedules.delete(grantId);
    if (firing === 'never') continue;
    const instant = Math.min(until, toMillis(at) + (firing === 'late' ? LATE_MS : 0));
    await world.network.advance(Math.max(0, instant - world.aws.clock.millis()));
    await fire(world, grantId, firing);
  }
  const left = Math.max(0, until - world.aws.clock.millis());
  if (rounds && left > 2 * HOUR_MS) {
    // Days are not passed in rounds of five minutes: one early and one at the end see what a thousand would.
    await world.network.advance(HOUR_MS);
    await callBroker(world, { kind: 'reconcile' }, 'ender');
  }
  await world.network.advance(Math.max(0, until - world.aws.clock.millis()));
  if (rounds) await callBroker(world, { kind: 'reconcile' }, 'ender');
}

function dueBefore(world: World, until: number): readonly (readonly [string, string])[] {
  return [...world.nights.schedules]
    .filter(([, at]) => toMillis(at) <= until)
    .toSorted(([, a], [, b]) => (a < b ? -1 : 1));
}

async function fire(world: World, grantId: string, firing: Firing): Promise<void> {
  const call: NightCall = { kind: 'fire', grant: world.nights.nthOf(grantId) };
  await callBroker(world, call, 'ender');
  if (firing === 'twice') await callBroker(world, call, 'ender');
}

/** As most uses are. */
async function used(world: World, { by, role, reviewer }: Of<'used'>): Promise<void> {
  await callBroker(world, { kind: 'start', by, role, account: MAIN, minutes: 30 });
  await callBroker(world, { kind: 'approve', grant: 0, by: 'bob' });
  await callBroker(world, { kind: 'again', grant: 0 });
  await world.network.advance(10 * MINUTE_MS);
  await callBroker(world, { kind: 'renew', grant: 0 });
  await tryAll(world);
  await callBroker(world, { kind: 'return', grant: 0 });
  await callBroker(world, { kind: 'evidence', grant: 0 });
  if (reviewer !== undefined)
    await callBroker(world, { kind: 'review', grant: 0, by: reviewer, verdict: 'closed' });
}

async function neglected(world: World, { by, role }: Of<'neglected'>): Promise<void> {
  await used(world, { kind: 'used', by, role });
  await pass(world, { kind: 'pass', minutes: 3 * 24 * 60, firing: 'on-time', rounds: true });
  await callBroker(world, { kind: 'start', by, role, account: MAIN, minutes: 30 });
  await callBroker(world, { kind: 'approve', grant: 0, by: 'bob' });
  await callBroker(world, { kind: 'again', grant: 0 });
}
