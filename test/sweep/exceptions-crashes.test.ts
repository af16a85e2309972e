import { describe, expect, test } from 'vitest';
import type { Exception } from '../../lib/domain/exception.ts';
import { HOUR_MS } from '../../lib/domain/time.ts';
import {
  exceptionEffect,
  exceptionReview,
  executeRequest,
  lapseRequest,
  revokeException,
} from '../../lib/requests/index.ts';
import {
  actOnAccount,
  decideAccount,
  holdForException,
  placeHold,
  type SweepContext,
} from '../../lib/sweep/index.ts';
import { SERVICE } from '../requests/ground.ts';
import { actorOf } from '../world/people.ts';
import { ExceptionScene, REQUEST_ID } from './exception-scene.ts';
import { KEY_RULE } from './ground-policy.ts';

const ATLAS = { tag: { project: 'atlas' } };
const NEXT = 'request-0002';

type TakeEffect = (scene: ExceptionScene, id: string, exception: Exception) => Promise<unknown>;

/** Carries out a request with something else in the place of what its effect on the credential is. */
function execute(scene: ExceptionScene, requestId: string, takeEffect: TakeEffect) {
  const effect = exceptionEffect(scene.requests(), {
    actor: SERVICE,
    owner: 'dave',
    takeEffect: async (id, exception) => {
      await takeEffect(scene, id, exception);
    },
  });
  return executeRequest(scene.requests(), { requestId, actor: SERVICE, effect });
}

async function crash(): Promise<never> {
  throw new Error('crash');
}

const lifted = ({ ground }: ExceptionScene) => ground.of('hold.lifted').map(({ reason }) => reason);

describe('I13 a crash between the records of one exception leaves a hold too many, never one too few', () => {
  async function halfBegun(): Promise<ExceptionScene> {
    const scene = await ExceptionScene.due();
    const scope = { credentialId: scene.key.id, rules: [KEY_RULE] };
    await scene.ask(REQUEST_ID, { kind: 'exception', scope, while: ATLAS });
    const placing: TakeEffect = async (_, id, exception) => {
      await holdForException(scene.service(), id, exception);
      await crash();
    };
    await expect(execute(scene, REQUEST_ID, placing)).rejects.toThrow('crash');
    return scene;
  }

  test('placed and not yet active: the hold stands while the request is being carried out, then as usual', async () => {
    const scene = await halfBegun();
    await scene.sweep();
    expect(lifted(scene)).toEqual([]);
    await scene.execute(REQUEST_ID);
    expect(scene.ground.of('hold.placed')).toHaveLength(1);
    await scene.sweep();
    expect(lifted(scene)).toEqual([]);
  });

  test('I14 placed and never carried out: once the request has failed, the next sweep lifts it', async () => {
    const scene = await halfBegun();
    await scene.ground.network.advance(HOUR_MS);
    await lapseRequest(scene.requests(), { requestId: REQUEST_ID, actor: SERVICE });
    await scene.sweep();
    expect(lifted(scene)).toEqual([`exception ${REQUEST_ID} is not carried out`]);
  });

  test('revoked meanwhile: carrying it out again lifts the hold', async () => {
    const scene = await halfBegun();
    const revoked = { exceptionId: REQUEST_ID, actor: actorOf('erin'), reason: 'not needed' };
    await revokeException(scene.requests(), revoked);
    expect(await scene.execute(REQUEST_ID)).toMatchObject({ state: 'failed' });
    expect(lifted(scene)).toEqual([`exception ${REQUEST_ID} is revoked: not needed`]);
    expect(await holdForException(scene.service(), REQUEST_ID, await scene.exception())).toEqual({
      placed: [],
      lifted: [],
    });
  });
});

describe('I12 an exception that is extended gives way to the one that follows it', () => {
  async function extended(takeEffect?: TakeEffect): Promise<ExceptionScene> {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await scene.except(ATLAS, 30);
    await scene.ground.wait(15);
    await scene.ask(NEXT, { kind: 'extension', exceptionId: REQUEST_ID });
    if (takeEffect === undefined) await scene.execute(NEXT);
    else await execute(scene, NEXT, takeEffect).catch(() => undefined);
    return scene;
  }

  test('the new hold is placed before the old one is lifted, and nothing happens in between', async () => {
    const scene = await extended();
    expect(scene.ground.story(scene.key.id).slice(-2)).toEqual(['hold.placed', 'hold.lifted']);
    expect(lifted(scene)).toEqual([`exception ${NEXT} follows it`]);
    await scene.ground.wait(20);
    await scene.sweep();
    expect(scene.deeds()).toEqual([]);
  });

  test('before the new one has its hold, the old hold stands', async () => {
    const scene = await extended(crash);
    expect(await scene.exception()).toMatchObject({ end: { state: 'renewed' } });
    await scene.sweep();
    await holdForException(scene.service(), REQUEST_ID, await scene.exception());
    expect(lifted(scene)).toEqual([]);
    expect(scene.deeds()).toEqual([]);
    await scene.execute(NEXT);
    expect(lifted(scene)).toEqual([`exception ${NEXT} follows it`]);
  });

  test('an old hold that a crash left behind is lifted by whoever comes after, too', async () => {
    const scene = await extended(async (there, id, { scope: { rules }, endsAt }) => {
      const hold = { kind: 'exception', reason: 'it goes on', until: endsAt, rules } as const;
      await placeHold(there.service(), there.key.id, { ...hold, ref: { kind: 'exception', id } });
    });
    await holdForException(scene.service(), REQUEST_ID, await scene.exception());
    expect(lifted(scene)).toEqual([`exception ${REQUEST_ID} is renewed`]);
  });

  test('G13 and no longer than its conditions hold', async () => {
    const scene = await extended(crash);
    await scene.tag('project', 'hermes');
    await scene.sweep();
    expect(lifted(scene)).toEqual([expect.stringMatching(/is renewed: the tag "project"/)]);
    expect(scene.deeds()).toEqual([`disable ${KEY_RULE}`]);
  });

  test('I14 nor than the request is being carried out', async () => {
    const scene = await extended(crash);
    await scene.ground.network.advance(HOUR_MS);
    await lapseRequest(scene.requests(), { requestId: NEXT, actor: SERVICE });
    await scene.sweep();
    expect(lifted(scene)).toEqual([`exception ${REQUEST_ID} is renewed`]);
  });

  test('an old hold that a crash left behind is lifted by the next sweep, and a revocation counts', async () => {
    const scene = await extended(crash);
    const effect = exceptionEffect(scene.requests(), {
      actor: SERVICE,
      owner: 'dave',
      takeEffect: async (id, { scope: { rules }, endsAt }) => {
        const hold = { kind: 'exception', reason: 'it goes on', until: endsAt, rules } as const;
        await placeHold(scene.service(), scene.key.id, { ...hold, ref: { kind: 'exception', id } });
      },
    });
    const half: typeof effect = async (id, request) => {
      await effect(id, request);
      return crash();
    };
    await executeRequest(scene.requests(), { requestId: NEXT, actor: SERVICE, effect: half }).catch(() => {});
    await scene.sweep();
    expect(lifted(scene)).toEqual([`exception ${REQUEST_ID} is renewed`]);
    expect(scene.deeds()).toEqual([]);
    const revoked = { exceptionId: NEXT, actor: actorOf('erin'), reason: 'not needed' };
    await revokeException(scene.requests(), revoked);
    await scene.sweep();
    expect(scene.deeds()).toEqual([`disable ${KEY_RULE}`]);
  });
});

describe('I21 between the first look of the guards and the second', () => {
  async function context(scene: ExceptionScene): Promise<SweepContext> {
    const { ticketOf } = scene;
    const review = exceptionReview(scene.requests(), { actor: actorOf('robot'), ticketOf });
    return { ...(await scene.ground.context()), exceptions: review };
  }

  async function options({ evidence }: SweepContext) {
    const workspace = { store: evidence, runId: 'run-1' };
    return { workspace, enforce: true, mayGoOn: () => true, allowance: 10 };
  }

  /** Two rules and two keys are due; one is excepted. The account is decided on, and something happens before it acts. */
  async function acted(scene: ExceptionScene, meanwhile: () => Promise<unknown>) {
    const deciding = await context(scene);
    expect(await decideAccount(deciding, await options(deciding))).toMatchObject({ status: 'decided' });
    await meanwhile();
    const acting = await context(scene);
    expect(await actOnAccount(acting, await options(acting))).toMatchObject({ status: 'finished' });
    return scene.deeds();
  }

  test('a revoked exception counts at once: its step goes on in the same sweep', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    scene.ground.key({ user: 'other' });
    await scene.sweep();
    await scene.ground.wait(15);
    await scene.except(ATLAS);
    const deeds = await acted(scene, async () => {
      const revoked = { exceptionId: REQUEST_ID, actor: actorOf('erin'), reason: 'not needed' };
      await revokeException(scene.requests(), revoked);
      await holdForException(scene.service(), REQUEST_ID, await scene.exception());
    });
    expect(deeds).toEqual([`disable ${KEY_RULE}`]);
    expect(scene.ground.of('step.done')).toHaveLength(2);
  });

  test('one that came into force meanwhile counts, too', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await scene.ground.wait(15);
    expect(await acted(scene, () => scene.except(ATLAS))).toEqual([]);
    expect(scene.ground.changes()).toEqual([]);
  });
});
