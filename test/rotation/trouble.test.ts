import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { MANAGED, MANAGED_TAG, STORE_USER_TAG } from '../../lib/domain/rotation-store.ts';
import type { Fault } from '../../lib/embedded-aws/index.ts';
import { Ground, OTHER_TOKEN, REGION, ROTATOR, type Seeded, type Setup, USER } from './ground.ts';
import { asked, begun, driven, type Sight, sightOf } from './scene.ts';

/** How each walker ends: the janitor itself, and its function; undefined: does not arise there. */
interface Row {
  readonly trouble: string;
  readonly setup?: Setup;
  arrange?(ground: Ground, seeded: Seeded): Promise<void> | void;
  readonly code: string;
  readonly janitor?: 'refused' | 'failed' | 'interrupted';
  readonly function?: 'failed' | 'interrupted';
  /** What the way out has to say. */
  readonly hint?: RegExp;
}

const USED = '2026-03-02T07:00:00Z';

function fault(operation: string, code: string, status = 400): Fault {
  return { match: { operation, process: 'main' }, effect: 'error', code, status, times: 100 };
}

function planting(operation: string, code: string, status?: number) {
  return ({ aws }: Ground) => {
    aws.faults.add(fault(operation, code, status));
  };
}

const value = (text: string) => ({ setup: { value: text } });
const both = { janitor: 'refused', function: 'failed' } as const;
const later = { janitor: 'interrupted', function: 'interrupted' } as const;

const ROWS: readonly Row[] = [
  { trouble: 'a value that is no JSON', ...value('AKIA and a secret'), code: 'value-malformed', ...both },
  { trouble: 'a value that is a list', ...value('[]'), code: 'value-malformed', ...both },
  {
    trouble: 'a value without a key id',
    ...value('{"secretAccessKey":"s"}'),
    code: 'value-malformed',
    ...both,
  },
  {
    trouble: 'a value whose key id is none',
    ...value('{"accessKeyId":"deployer","secretAccessKey":"s"}'),
    code: 'value-malformed',
    ...both,
  },
  {
    trouble: 'a value without a secret access key',
    setup: { document: { secretAccessKey: undefined } },
    code: 'value-malformed',
    ...both,
    hint: /rotation\.fields/,
  },
  { trouble: 'an empty value', ...value(' '), code: 'value-empty', ...both },
  {
    trouble: 'a binary value',
    async arrange(ground, { secretId }) {
      const { secretsManager } = await ground.clients('administrator');
      const SecretBinary = new TextEncoder().encode('binary');
      await secretsManager(REGION).send(new PutSecretValueCommand({ SecretId: secretId, SecretBinary }));
    },
    code: 'value-binary',
    ...both,
  },
  {
    trouble: 'a value that names another user',
    setup: { document: { userName: 'alice' } },
    code: 'value-of-another-user',
    ...both,
  },
  {
    trouble: 'a value with a key of another user',
    setup: { document: { accessKeyId: 'AKIAALICEALICEALICE0' } },
    arrange({ account }) {
      account.addUser({ name: 'alice' });
      account.addAccessKey('alice', { id: 'AKIAALICEALICEALICE0' });
    },
    code: 'value-of-another-user',
    function: 'failed',
  },
  {
    trouble: 'another key in the store than the one to be replaced',
    setup: { document: { accessKeyId: 'AKIAOTHEROTHEROTHER0' } },
    code: 'other-key',
    janitor: 'refused',
    hint: /what uses the key outside/,
  },
  {
    trouble: 'a key that is gone',
    setup: { document: { accessKeyId: 'AKIAGONEGONEGONEGONE' } },
    code: 'key-gone',
    function: 'failed',
  },
  { trouble: 'a key that is inactive', setup: { keyStatus: 'Inactive' }, code: 'key-inactive', ...both },
  {
    trouble: 'two keys, both used',
    arrange: ({ account }) => void account.addAccessKey(USER, { lastUsed: { at: USED } }),
    code: 'slots-full',
    ...both,
    hint: /Several are in use, so there may be several consumers/,
  },
  {
    trouble: 'two keys, one used',
    arrange: ({ account }) => void account.addAccessKey(USER, { createdAt: '2026-01-01T00:00:00Z' }),
    code: 'slots-full',
    ...both,
    hint: /Only AKIA\w+ is in use/,
  },
  {
    trouble: 'three keys',
    arrange({ account }) {
      account.addAccessKey(USER, { lastUsed: { at: USED } });
      account.addAccessKey(USER, { createdAt: '2026-01-01T00:00:00Z' });
    },
    code: 'third-key',
    ...both,
  },
  {
    trouble: 'a slot that is taken while it is filled',
    arrange: planting('CreateAccessKey', 'LimitExceeded', 409),
    code: 'quota',
    ...later,
  },
  {
    trouble: 'fifty tags on the store',
    setup: {
      tags: Object.fromEntries([
        [STORE_USER_TAG, USER],
        ...Array.from({ length: 49 }, (_none, n) => [`tag-${n}`, 'x'] as const),
      ]),
    },
    code: 'tags-full',
    ...both,
  },
  {
    trouble: 'a KMS key that does not decrypt',
    arrange: planting('GetSecretValue', 'DecryptionFailure'),
    code: 'kms-denied',
    ...both,
    hint: /kms:Decrypt/,
  },
  {
    trouble: 'a KMS key that does not encrypt',
    arrange: planting('PutSecretValue', 'EncryptionFailure'),
    code: 'kms-denied',
    janitor: 'failed',
    function: 'failed',
  },
  {
    trouble: 'a store that takes no more versions',
    arrange: planting('PutSecretValue', 'LimitExceededException'),
    code: 'put-refused',
    janitor: 'failed',
    function: 'failed',
  },
  {
    trouble: 'a role that may not make keys',
    arrange: planting('CreateAccessKey', 'AccessDenied', 403),
    code: 'create-denied',
    janitor: 'failed',
    function: 'failed',
  },
  {
    trouble: 'a role that may not read the store',
    arrange: planting('DescribeSecret', 'AccessDeniedException'),
    code: 'aws-denied',
    ...both,
  },
  {
    trouble: 'throttling that does not end',
    arrange: planting('GetUser', 'Throttling'),
    code: 'aws-throttled',
    ...later,
  },
  {
    trouble: 'AWS that does not know the new key',
    arrange: planting('GetCallerIdentity', 'InvalidClientTokenId', 403),
    code: 'key-not-propagated',
    ...later,
  },
  {
    trouble: 'a user who is not managed',
    setup: { userTags: { [MANAGED_TAG]: 'no' } },
    code: 'user-not-managed',
    ...both,
  },
  {
    trouble: 'a user who is gone',
    setup: { tags: { [STORE_USER_TAG]: 'nobody' } },
    code: 'user-gone',
    ...both,
  },
  {
    trouble: 'a user of the same name at another path',
    setup: { tags: { [STORE_USER_TAG]: 'arn:aws:iam::111122223333:user/deployer' } },
    code: 'user-gone',
    ...both,
  },
  { trouble: 'a store that says of no user', setup: { tags: {} }, code: 'store-without-user', ...both },
  {
    trouble: 'a store of another user',
    setup: { tags: { [STORE_USER_TAG]: 'alice' } },
    arrange: ({ account }) => void account.addUser({ name: 'alice', tags: { [MANAGED_TAG]: MANAGED } }),
    code: 'store-of-another-user',
    janitor: 'refused',
  },
  {
    trouble: 'a secret scheduled for deletion',
    setup: { deletedAt: '2026-03-02T08:00:00Z' },
    code: 'secret-scheduled-for-deletion',
    janitor: 'refused',
  },
  {
    trouble: 'a secret of a service',
    setup: { owningService: 'rds' },
    code: 'service-owned',
    janitor: 'refused',
  },
  {
    trouble: 'a rotation that is stuck',
    arrange: (ground, seeded) => begun(ground, seeded, OTHER_TOKEN),
    code: 'pending-elsewhere',
    janitor: 'refused',
    hint: /AWSPENDING/,
  },
];

type Walk = 'janitor' | 'function';

async function met(row: Row, walk: Walk) {
  const ground = await Ground.open();
  const setup = { rotation: { lambdaArn: ROTATOR }, ...row.setup };
  const seeded = ground.seed(setup);
  await row.arrange?.(ground, seeded);
  if (walk === 'function') await begun(ground, seeded);
  const before = await sightOf(ground, seeded);
  const context = await ground.context();
  const ended = walk === 'janitor' ? await driven(context, seeded) : await asked(ground, context, seeded);
  return { ground, seeded, before, ended, after: await sightOf(ground, seeded) };
}

/** Nothing a consumer or another key holder has is changed; a key just made is there only if a version holds it. */
function expectNothingLost(before: Sight, after: Sight): void {
  expect(after.held.AWSCURRENT).toBe(before.held.AWSCURRENT);
  const made = after.keys.filter((key) => !before.keys.includes(key));
  expect(made).toEqual(made.filter((key) => key === `${after.held.AWSPENDING} Active`));
  expect(after.keys).toEqual(expect.arrayContaining([...before.keys]));
}

function rowsOf(walk: Walk) {
  return ROWS.filter((row) => row[walk] !== undefined);
}

describe('trouble of a rotation that the janitor drives', () => {
  it.each(rowsOf('janitor'))('$trouble: $code, $janitor', async (row) => {
    const { ground, before, after, ended } = await met(row, 'janitor');
    expect(ended).toMatchObject({ outcome: row.janitor, code: row.code });
    expectNothingLost(before, after);
    const told = ground.told.includes('rotation.failed');
    expect(told).toBe(row.janitor === 'failed');
    if (row.janitor === 'refused') expect(ground.told).toEqual([]);
    if (row.hint !== undefined) expect(ended.said).toMatch(row.hint);
  });
});

describe('trouble of a rotation that Secrets Manager asks for', () => {
  it.each(rowsOf('function'))('$trouble: $code, $function', async (row) => {
    const { ground, before, after, ended } = await met(row, 'function');
    expect(ended).toMatchObject({ outcome: row.function, code: row.code });
    expectNothingLost(before, after);
    const failures = ground.written.filter(({ type }) => type === 'rotation.failed');
    expect(failures.map(({ data }) => ('code' in data ? data.code : ''))).toEqual(
      row.function === 'failed' ? [row.code] : [],
    );
    if (row.hint !== undefined) expect(ended.said).toMatch(row.hint);
  });

  it.each(rowsOf('function').filter((row) => row.function === 'failed'))(
    '$trouble: told again only after another attempt to make a key, however often Secrets Manager asks',
    async (row) => {
      const { ground, seeded } = await met(row, 'function');
      const told = ground.told.length;
      await asked(ground, await ground.context(), seeded);
      const since = ground.told.slice(told);
      const attempts = since.filter((type) => type === 'rotation.resumed');
      expect(since.filter((type) => type === 'rotation.failed')).toHaveLength(attempts.length);
    },
  );
});
