import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import {
  deliverySecretId,
  describeChange,
  performChange,
  readBackChange,
  sessionPolicyFor,
} from '../../lib/actions/index.ts';
import { deliveryName, deliveryPolicy } from '../../lib/domain/delivery.ts';
import { QUARANTINE_STATEMENT } from '../../lib/domain/quarantine-statement.ts';
import { STORE_USER_TAG } from '../../lib/domain/rotation-store.ts';
import { ACCOUNT, accessKey } from '../builders/credential.ts';
import {
  type ActingWorld,
  actingWorld,
  apply,
  ONCE,
  REGION,
  refusal,
  scopeOf,
  writes,
} from './acting-world.ts';

const READER = `arn:aws:iam::${ACCOUNT}:user/apps/payments`;
const JANITOR = `arn:aws:iam::${ACCOUNT}:role/credential-janitor/credential-janitor-rotate`;
const NAME = 'credential-janitor/delivered/deployer';
const READERS = { reader: READER, janitor: JANITOR };

function request(changes: Partial<typeof READERS> = {}) {
  return {
    change: 'deliver',
    credential: accessKey({}),
    delivery: { region: REGION, ...READERS, ...changes },
  } as const;
}

/** Made and limited to its reader, as two changes, each with a scope of its own. */
async function ready(world: ActingWorld): Promise<string> {
  await apply(world.clients, request());
  await apply(world.clients, request());
  return (await deliverySecretId(world.clients, REGION, 'deployer')) ?? '';
}

describe('the secret that a new key is delivered in', () => {
  test('is made without a value, then limited to its reader; then there is nothing to do', async () => {
    const world = actingWorld();
    const made = await apply(world.clients, request());
    expect(made.scope).toMatchObject({ action: 'secretsmanager:CreateSecret', resource: NAME });
    expect(describeChange(made.scope)).toBe(
      `Make the secret ${NAME} in ${REGION}, without a value (secretsmanager:CreateSecret)`,
    );
    const limited = await apply(world.clients, request());
    expect(limited.scope).toMatchObject({
      action: 'secretsmanager:PutResourcePolicy',
      parameters: READERS,
      before: { policy: null },
    });
    expect(describeChange(limited.scope)).toBe(
      `Let only ${READER} read secret ${NAME} in ${REGION} (secretsmanager:PutResourcePolicy)`,
    );
    expect(await refusal(world.clients, request())).toBe('nothing-to-do');
    expect(writes(world.aws)).toEqual(['secretsmanager:CreateSecret', 'secretsmanager:PutResourcePolicy']);
  });

  test('nobody but its reader and the janitor can read it, whatever rights they hold', async () => {
    const world = actingWorld();
    const SecretId = await ready(world);
    const client = world.clients.secretsManager(REGION);
    await client.send(
      new PutSecretValueCommand({ SecretId, SecretString: '{}', ClientRequestToken: 'a'.repeat(32) }),
    );
    await expect(client.send(new GetSecretValueCommand({ SecretId }))).rejects.toThrow(/explicit deny/);
    world.account.addUser({ name: 'payments', path: '/apps/' });
    const { id, secretAccessKey } = world.account.addAccessKey('payments');
    const reader = new SecretsManagerClient({
      region: REGION,
      credentials: { accessKeyId: id, secretAccessKey },
      requestHandler: world.aws.requestHandler(),
    });
    expect((await reader.send(new GetSecretValueCommand({ SecretId }))).SecretString).toBe('{}');
  });

  test('another reader in the policy replaces the one before', async () => {
    const world = actingWorld();
    await ready(world);
    const other = `arn:aws:iam::${ACCOUNT}:role/team-data`;
    const { scope } = await apply(world.clients, request({ reader: other }));
    expect(scope.before).toEqual({ policy: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await refusal(world.clients, request({ reader: other }))).toBe('nothing-to-do');
  });

  test('its policy written another way is the same policy', async () => {
    const world = actingWorld();
    const SecretId = await ready(world);
    const document = JSON.parse(deliveryPolicy(READERS));
    const [allow, deny] = document.Statement;
    const ResourcePolicy = JSON.stringify(
      {
        ...document,
        Statement: [
          { ...deny, Principal: ['*'] },
          { ...allow, Action: [allow.Action] },
        ],
      },
      null,
      4,
    ).replace('"Principal": [\n                "*"\n            ]', '"Principal": "*"');
    await world.clients
      .secretsManager(REGION)
      .send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy }));
    expect(await refusal(world.clients, request())).toBe('nothing-to-do');
  });
});

describe('what stands in its way', () => {
  test('a secret of that name that is not the janitor’s', async () => {
    const world = actingWorld();
    await world.clients.secretsManager(REGION).send(new CreateSecretCommand({ Name: NAME }));
    expect(await refusal(world.clients, request())).toBe('delivery-taken');
    expect(await deliverySecretId(world.clients, REGION, 'deployer')).toBeUndefined();
  });

  test('one that is scheduled for deletion', async () => {
    const world = actingWorld();
    const SecretId = await ready(world);
    await world.clients.secretsManager(REGION).send(new DeleteSecretCommand({ SecretId }));
    expect(await refusal(world.clients, request())).toBe('secret-scheduled-for-deletion');
  });

  test('one in quarantine: the new key would be locked in', async () => {
    const world = actingWorld();
    const SecretId = await ready(world);
    const ResourcePolicy = JSON.stringify({ Version: '2012-10-17', Statement: [QUARANTINE_STATEMENT] });
    await world.clients
      .secretsManager(REGION)
      .send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy }));
    expect(await refusal(world.clients, request())).toBe('delivery-quarantined');
  });

  test('a user name that no secret can have', () => {
    expect(deliveryName('a,b')).toBeUndefined();
    expect(deliveryName('a.b-c_d+e=f@g')).toBe('credential-janitor/delivered/a.b-c_d+e=f@g');
  });

  test('G22 a secret that cannot be looked at', async () => {
    const world = actingWorld();
    world.aws.faults.add({
      match: { operation: 'DescribeSecret' },
      effect: 'error',
      code: 'AccessDeniedException',
      status: 400,
    });
    expect(await refusal(world.clients, request())).toBe('unreadable');
  });
});

describe('I7 a lost answer is settled by looking', () => {
  test('made or not made', async () => {
    const world = actingWorld();
    const scope = await scopeOf(world.clients, request());
    expect(await readBackChange(world.clients, scope)).toMatchObject({ state: 'not-applied' });
    await performChange(world.clients, scope, ONCE);
    expect(await readBackChange(world.clients, scope)).toMatchObject({ state: 'applied' });
  });

  test('made by somebody else under that name: other', async () => {
    const world = actingWorld();
    const scope = await scopeOf(world.clients, request());
    await world.clients.secretsManager(REGION).send(new CreateSecretCommand({ Name: NAME }));
    expect(await readBackChange(world.clients, scope)).toMatchObject({ state: 'other' });
  });

  test('limited, not limited, or by another policy', async () => {
    const world = actingWorld();
    await apply(world.clients, request());
    const scope = await scopeOf(world.clients, request());
    const other = await scopeOf(world.clients, request({ reader: `arn:aws:iam::${ACCOUNT}:role/x` }));
    expect((await readBackChange(world.clients, scope)).state).toBe('not-applied');
    await performChange(world.clients, scope, ONCE);
    expect((await readBackChange(world.clients, scope)).state).toBe('applied');
    expect((await readBackChange(world.clients, other)).state).toBe('other');
  });
});

test('its session may make and limit this one secret, and read none', () => {
  const policy = sessionPolicyFor('deliver', accessKey({}));
  const SECRET = `arn:aws:secretsmanager:*:${ACCOUNT}:secret:${NAME}`;
  expect(policy).toMatchObject({
    Statement: [
      {
        Action: [
          'secretsmanager:CreateSecret',
          'secretsmanager:PutResourcePolicy',
          'secretsmanager:TagResource',
        ],
        Resource: [SECRET, `${SECRET}-??????`],
      },
    ],
  });
  expect(STORE_USER_TAG).toBe('janitor:iam-user');
});
