import { expect } from 'vitest';
import { JanitorError } from '../../lib/domain/error.ts';
import type { NoticeDelivery } from '../../lib/notify/index.ts';
import { driveRotation } from '../../lib/rotation/index.ts';
import {
  approvePlan,
  type OrderedRotation,
  orderRotation,
  type SweepContext,
} from '../../lib/sweep/index.ts';
import { orderingContext } from '../../lib/wiring/ordering-context.ts';
import type { PersonName } from '../world/people.ts';
import { MAIN } from '../world/places.ts';
import { Ground } from './ground.ts';
import type { PolicyOverrides } from './ground-policy.ts';

export const USER = 'exporter';
export const READER = `arn:aws:iam::${MAIN}:role/team-payments`;
export const JANITOR = `arn:aws:iam::${MAIN}:role/EmbeddedAdministrator`;
export const NAME = `credential-janitor/delivered/${USER}`;
export const MANAGED = { owner: 'dave', 'janitor:rotation': 'managed' };
export const DELIVERS = { janitor: { rotation: { deliveries: [{ users: '/ci/', reader: READER }] } } };

export interface KeySetup {
  readonly tags?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly status?: 'Active' | 'Inactive';
}

/** A user of `/ci/` with one key that is in use every day. */
export function addKey(
  ground: Ground,
  { tags = MANAGED, path = '/ci/', status = 'Active' }: KeySetup = {},
): string {
  const account = ground.aws.account(MAIN);
  account.addUser({ name: USER, path, createdAt: ground.ago(400), tags: { ...tags } });
  const { id } = account.addAccessKey(USER, {
    createdAt: ground.ago(300),
    lastUsed: { at: ground.ago(0) },
    status,
  });
  return `arn:aws:iam::${MAIN}:user${path}${USER}/access-key/${id}`;
}

export async function world(overrides: PolicyOverrides = DELIVERS, key: KeySetup = {}) {
  const ground = await Ground.create(overrides);
  return { ground, id: addKey(ground, key) };
}

/** A process that cannot send mail, as the function people ask. */
export const MUTE: NoticeDelivery = {
  route: 'none',
  deliver: async () => ({ outcome: 'unknown', reason: 'no mail here' }),
};

export async function order(
  ground: Ground,
  id: string,
  by: PersonName = 'dave',
  changes: Partial<SweepContext> = {},
): Promise<OrderedRotation> {
  const context = { ...(await ground.context({ process: `desk-${by}`, by })), ...changes };
  const { fields, stores } = context.policy.document.rotation;
  const ordering = orderingContext(
    {
      ...context,
      rotateKey: ({ credential, secretId, rotationId, trigger = 'step', citing }) =>
        driveRotation(
          { ...context, fields, stores, citing },
          { credentialId: credential.id, secretId, token: rotationId, trigger },
        ),
    },
    { janitor: JANITOR, open: async () => ({ ok: true, clients: context.clients }) },
  );
  return orderRotation(ordering, id, { reason: 'older than a year' });
}

export async function codeOf(ordered: Promise<unknown>): Promise<string> {
  const error = await ordered.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof JanitorError)) throw new Error(`it was not refused: ${String(error)}`);
  expect(error.hint).toEqual(expect.any(String));
  return error.code;
}

export function planOf(ordered: OrderedRotation) {
  if (ordered.state === 'rotated') throw new Error('it was rotated already');
  return ordered.plan;
}

export async function approved(ground: Ground, id: string): Promise<void> {
  await approvePlan(ground.desk('bob'), planOf(await order(ground, id)).planId);
}

export async function rotated(ground: Ground, id: string) {
  await approved(ground, id);
  const done = await order(ground, id);
  if (done.state !== 'rotated') throw new Error(`it is ${done.state}`);
  return done;
}
