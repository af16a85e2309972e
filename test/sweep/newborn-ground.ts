import { ListUserTagsCommand } from '@aws-sdk/client-iam';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Actor } from '../../lib/domain/actor.ts';
import { type Instant, plus } from '../../lib/domain/time.ts';
import { type Newborn, type TaggedNewborn, tagNewborn } from '../../lib/sweep/index.ts';
import { MAIN, REGION } from '../world/places.ts';
import type { Ground, Key } from './ground.ts';
import type { PolicyOverrides } from './ground-policy.ts';

const KEY_LABELS = 'access-key-unlabelled';
export const SECRET_LABELS = 'secret-unlabelled';

const labels = {
  why: 'Whoever finds it should see whose it is and when it ends.',
  match: { status: 'active', labelled: false },
  steps: ['tag'],
};

/** Labels as the shipped policy has them, enforced. */
export const LABELLING: PolicyOverrides = {
  janitor: { lifetime: { 'access-key': '90d', secret: '90d' } },
  rules: {
    [KEY_LABELS]: { ...labels, credential: 'access-key' },
    [SECRET_LABELS]: { ...labels, credential: 'secret' },
  },
};

export const ERIN: Actor = {
  kind: 'person',
  arn: `arn:aws:sts::${MAIN}:assumed-role/AWSReservedSSO_Staff_0123456789abcdef/erin`,
  person: 'erin',
};
export const PIPELINE: Actor = {
  kind: 'workload',
  arn: `arn:aws:sts::${MAIN}:assumed-role/pipeline/run-7`,
  claimed: 'run-7',
};

export const HEARD_AFTER_S = 40;

/** A key made just now by erin for the user of a machine, of whom nothing says whose it is. */
export async function bornKey(
  ground: Ground,
  setup: Partial<Parameters<Ground['key']>[0]> = {},
): Promise<{ readonly key: Key; readonly newborn: Newborn }> {
  const key = ground.key({ user: 'machine', owner: null, createdDays: 0, usedDays: null, ...setup });
  const newborn = keyBirth(key, ground.now());
  await ground.network.advance(HEARD_AFTER_S * 1_000);
  return { key, newborn };
}

export function keyBirth({ user, keyId }: Pick<Key, 'user' | 'keyId'>, at: Instant): Newborn {
  return {
    place: { kind: 'access-key', userName: user, accessKeyId: keyId },
    eventId: `event-${keyId}`,
    requestId: 'request-1',
    at,
    region: 'us-east-1',
    creator: ERIN,
  };
}

export async function bornSecret(
  ground: Ground,
  setup: { readonly name?: string; readonly by?: 'arn' | 'name'; readonly owningService?: string } = {},
): Promise<{ readonly arn: string; readonly newborn: Newborn }> {
  const { name = 'app/db', by = 'arn', owningService } = setup;
  const at = ground.now();
  const arn = ground.aws.account(MAIN).addSecret(REGION, {
    name,
    createdAt: at,
    ...(owningService === undefined ? {} : { owningService }),
  });
  await ground.network.advance(HEARD_AFTER_S * 1_000);
  const secretId = by === 'arn' ? arn : name;
  const place = { kind: 'secret', region: REGION, secretId } as const;
  return { arn, newborn: { place, eventId: 'event-secret', at, region: REGION, creator: ERIN } };
}

/** The function hears of a birth. */
export async function hears(
  ground: Ground,
  newborn: Newborn,
  options: { readonly process?: string; readonly mayAct?: boolean } = {},
): Promise<TaggedNewborn> {
  const context = await ground.context({ process: options.process ?? 'nursery' });
  return tagNewborn(options.mayAct === false ? { ...context, acting: undefined } : context, newborn);
}

export async function tagsOf(ground: Ground, userName: string): Promise<Record<string, string>> {
  const { clients } = await ground.context({ process: 'console' });
  const { Tags = [] } = await clients.iam.send(new ListUserTagsCommand({ UserName: userName }));
  return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

export async function secretTagsOf(ground: Ground, arn: string): Promise<Record<string, string>> {
  const { clients } = await ground.context({ process: 'console' });
  const { Tags = [] } = await clients
    .secretsManager(REGION)
    .send(new DescribeSecretCommand({ SecretId: arn }));
  return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** A day ninety days after the birth, as labels write it. */
export function expiryOf({ at }: Newborn): string {
  return plus(at, 90 * 86_400_000).slice(0, 10);
}
