import { serviceOf } from '../../lib/wiring/service/index.ts';
import { reconcile } from '../../lib/wiring/service/reconcile.ts';
import { callerOf } from './askers.ts';
import { announcedNth, contentOf, idsOf } from './asking-about.ts';
import type { AskingCommand } from './asking-commands.ts';
import type { Errand } from './chronicle.ts';
import type { Script } from './command.ts';
import { deskOf } from './service-desk.ts';
import { type Interject, plant, thrown } from './sweeping.ts';
import type { World } from './world.ts';

/** Two desks are two processes of the API. */
type Desk = 'desk' | 'desk-2';
type Of<K extends AskingCommand['kind']> = Extract<AskingCommand, { kind: K }>;

/** Lets somebody ask something of the API, or the schedule run. */
export async function asking(world: World, command: AskingCommand, desk: Desk = 'desk'): Promise<void> {
  switch (command.kind) {
    case 'ask':
      return ask(world, command, desk);
    case 'granted':
      return granted(world, command, desk);
    case 'answer':
      return answer(world, command, desk);
    case 'revoke':
      return revoke(world, command, desk);
    case 'challenge':
    case 'challenge-exception':
      return challenge(world, command, desk);
    case 'judge':
      return judge(world, command, desk);
    case 'undone':
      return undone(world, command, desk);
    case 'reconcile':
      return errand(world, desk, { kind: 'carry-out', by: 'schedule', subject: 'everything' }, async () => {
        await reconcile(deskOf(world, world.process(desk), world.atHand));
      });
    case 'ticket':
      world.tickets.push({ ...world.stamp(), is: command.is });
  }
}

/** Something is asked while calls of the desk fail, come late, or kill it. */
export async function askingInTrouble(
  world: World,
  { command, script }: { readonly command: AskingCommand; readonly script: Script },
  interject: Interject,
): Promise<void> {
  const unplant = plant(world, world.process('desk').name, script, interject);
  await asking(world, command);
  unplant();
  world.network.settle();
}

/** Two ask at once at two desks, taking turns. */
export async function askingAtOnce(
  world: World,
  {
    commands,
    turns: quotas,
  }: {
    readonly commands: readonly [AskingCommand, AskingCommand];
    readonly turns: readonly number[];
  },
): Promise<void> {
  const desks = ['desk', 'desk-2'] as const;
  const names = desks.map((desk) => world.process(desk).name);
  const { turns } = world.network;
  turns.begin(names, quotas);
  await Promise.all(
    desks.map((desk, index) =>
      asking(world, commands[index] ?? commands[0], desk).finally(() => turns.end(names[index] ?? '')),
    ),
  );
}

async function errand(
  world: World,
  desk: Desk,
  what: Pick<Errand, 'kind' | 'by' | 'subject'>,
  run: () => Promise<void>,
): Promise<void> {
  const { name } = world.process(desk);
  const since = world.stamp().tick;
  try {
    await run();
    world.errands.push({ ...world.stamp(), ...what, since, outcome: 'done' });
  } catch (error) {
    world.errands.push({ ...world.stamp(), ...what, since, ...thrown(world, name, error, what.kind) });
  }
}

function service(world: World, desk: Desk) {
  return serviceOf(deskOf(world, world.process(desk), world.atHand));
}

async function ask(world: World, command: Of<'ask'>, desk: Desk): Promise<void> {
  const request = contentOf(world, command);
  if (request === undefined) return;
  const requestId = `ask-${String(world.stamp().tick).padStart(8, '0')}`;
  for (let time = 0; time < (command.again ? 2 : 1); time += 1) {
    await errand(world, desk, { kind: 'ask', by: command.by, subject: requestId }, async () => {
      await service(world, desk).submitRequest(callerOf(command.by), { requestId, request });
    });
  }
}

async function granted(world: World, command: Of<'granted'>, desk: Desk): Promise<void> {
  await ask(world, { ...command, kind: 'ask', again: false }, desk);
  for (const by of ['bob', 'carol'] as const) {
    await answer(world, { kind: 'answer', request: 0, by, verdict: 'approve' }, desk);
  }
}

async function undone(world: World, { credential, how }: Of<'undone'>, desk: Desk): Promise<void> {
  if (how === 'uphold') {
    await challenge(world, { kind: 'challenge', credential, by: 'dave' }, desk);
    return judge(world, { kind: 'judge', challenge: 0, by: 'bob', verdict: 'upheld' }, desk);
  }
  const asked = { what: 'exception', credential, by: 'dave', hours: 100, rests: 'ticket' } as const;
  if (how === 'revoke') {
    await granted(world, { ...asked, kind: 'granted' }, desk);
    return revoke(world, { kind: 'revoke', exception: 0, by: 'bob' }, desk);
  }
  await ask(world, { ...asked, kind: 'ask', again: false }, desk);
  const by = how === 'reject' ? 'bob' : 'dave';
  return answer(world, { kind: 'answer', request: 0, by, verdict: how }, desk);
}

async function answer(world: World, { request, by, verdict }: Of<'answer'>, desk: Desk): Promise<void> {
  const requestId = idsOf(world, 'request.submitted', 'request#').at(-1 - request);
  if (requestId === undefined) return;
  const hash = world.writes.find(({ event }) => event.subject === `request#${requestId}`)?.event.hash ?? '';
  await errand(world, desk, { kind: 'answer', by, subject: requestId }, async () => {
    const caller = callerOf(by);
    if (verdict === 'approve') await service(world, desk).approveRequest(caller, requestId, hash);
    if (verdict === 'reject') await service(world, desk).rejectRequest(caller, requestId, `${by} says no`);
    if (verdict === 'withdraw') await service(world, desk).withdrawRequest(caller, requestId, undefined);
  });
}

async function revoke(world: World, { exception, by }: Of<'revoke'>, desk: Desk): Promise<void> {
  const exceptionId = idsOf(world, 'exception.proposed', 'exception#').at(-1 - exception);
  if (exceptionId === undefined) return;
  await errand(world, desk, { kind: 'revoke', by, subject: exceptionId }, async () => {
    await service(world, desk).revokeException(callerOf(by), exceptionId, `${by} takes it away`);
  });
}

async function challenge(
  world: World,
  command: Of<'challenge'> | Of<'challenge-exception'>,
  desk: Desk,
): Promise<void> {
  const challenged = challengedBy(world, command);
  if (challenged === undefined) return;
  await errand(
    world,
    desk,
    { kind: 'challenge', by: command.by, subject: JSON.stringify(challenged) },
    async () => {
      await service(world, desk).openChallenge(callerOf(command.by), {
        challenged,
        reason: `${command.by} objects`,
      });
    },
  );
}

function challengedBy(world: World, command: Of<'challenge'> | Of<'challenge-exception'>) {
  if (command.kind === 'challenge-exception') {
    const exceptionId = idsOf(world, 'exception.proposed', 'exception#').at(-1 - command.exception);
    return exceptionId === undefined ? undefined : { kind: 'exception' as const, exceptionId };
  }
  return announcedNth(world, command.credential);
}

async function judge(world: World, { challenge: nth, by, verdict }: Of<'judge'>, desk: Desk): Promise<void> {
  const challengeId = idsOf(world, 'challenge.opened', 'challenge#').at(-1 - nth);
  if (challengeId === undefined) return;
  await errand(world, desk, { kind: 'judge', by, subject: challengeId }, async () => {
    await service(world, desk).decideChallenge(callerOf(by), challengeId, {
      verdict,
      reason: `${by} decides`,
    });
  });
}
