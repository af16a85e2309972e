import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DOCUMENT_FIELDS,
  type FoundStore,
  findStore,
  STORE_KEY_TAG,
  STORE_USER_TAG,
  type StoreCandidate,
  userOfStore,
} from '../../lib/domain/rotation-store.ts';
import { storesByValue } from '../../lib/rotation/index.ts';
import { Ground, REGION, USER, USER_ARN } from './ground.ts';

const KEY = 'AKIAEXAMPLE0000000A1';
const OTHER = 'AKIAEXAMPLE0000000A2';
const user = { userName: USER, arn: USER_ARN };
const RULES = { name: '/iam-users/{userName}' };

function secret(name: string, tags: Record<string, string> = {}): StoreCandidate {
  return { secretId: `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-AbCdEf`, name, tags };
}

function summary(found: FoundStore): string {
  switch (found.outcome) {
    case 'found':
      return `${found.store.name} by ${found.by}`;
    case 'none':
      return 'none';
    case 'other-key':
      return `${found.store.name} holds ${found.holds}`;
    case 'several':
      return found.stores.map(({ name }) => name).join(' and ');
  }
}

describe('the store of a key', () => {
  const forUser = { [STORE_USER_TAG]: USER };
  it.each<[string, StoreCandidate[], string]>([
    ['no secret at all', [], 'none'],
    ['a secret of another user', [secret('a', { [STORE_USER_TAG]: 'alice' })], 'none'],
    ['the tag with the name of the user', [secret('a', forUser)], 'a by tag'],
    [
      'the name in other letters, as IAM compares it',
      [secret('a', { [STORE_USER_TAG]: 'DEPLOYER' })],
      'a by tag',
    ],
    ['the tag with the ARN of the user', [secret('a', { [STORE_USER_TAG]: USER_ARN })], 'a by tag'],
    [
      'the ARN of a user of that name at another path',
      [secret('a', { [STORE_USER_TAG]: 'arn:aws:iam::111122223333:user/deployer' })],
      'none',
    ],
    ['the naming rule', [secret(`/iam-users/${USER}`)], `/iam-users/${USER} by name`],
    ['a name that only begins like the rule', [secret(`/iam-users/${USER}/old`)], 'none'],
    ['a tag before a name', [secret(`/iam-users/${USER}`), secret('a', forUser)], 'a by tag'],
    [
      'a tag that says another user than the name',
      [secret(`/iam-users/${USER}`, { [STORE_USER_TAG]: 'alice' })],
      'none',
    ],
    ['an empty tag', [secret('a', { [STORE_USER_TAG]: '' })], 'none'],
    [
      'two stores, one of which says that it holds the key',
      [secret('a', forUser), secret('b', { ...forUser, [STORE_KEY_TAG]: KEY })],
      'b by tag',
    ],
    ['two stores, none of which says so', [secret('a', forUser), secret('b', forUser)], 'a and b'],
    [
      'a store that says it holds another key',
      [secret('a', { ...forUser, [STORE_KEY_TAG]: OTHER })],
      `a holds ${OTHER}`,
    ],
  ])('%s', (_name, candidates, expected) => {
    expect(summary(findStore(user, KEY, candidates, RULES))).toBe(expected);
  });

  it('is none by name without a naming rule', () => {
    expect(summary(findStore(user, KEY, [secret(`/iam-users/${USER}`)], {}))).toBe('none');
  });

  it('is found among any others, in any order', () => {
    const others = fc.array(fc.string().map((name) => secret(`other/${name}`)));
    fc.assert(
      fc.property(others, others, (before, after) => {
        const found = findStore(user, KEY, [...before, secret('a', forUser), ...after], RULES);
        expect(summary(found)).toBe('a by tag');
      }),
    );
  });
});

describe('a naming rule', () => {
  it.each([
    ['ci-deployer-key', 'ci-{userName}-key', 'deployer'],
    ['ci--key', 'ci-{userName}-key', undefined],
    ['ci-key', 'ci-{userName}-key', undefined],
    ['ci-a/b-key', 'ci-{userName}-key', undefined],
  ])('of the secret %s, %s says %s', (name, rule, said) => {
    expect(userOfStore({ name, tags: {} }, { name: rule })?.user).toBe(said);
  });
});

describe('secrets that hold a key, by looking into their values', () => {
  it('are those whose document has its id; what is no document holds none, what cannot be read is told', async () => {
    const ground = await Ground.open();
    const { key, secretId } = ground.seed({ tags: {} });
    const { account } = ground;
    const plain = account.addSecret(REGION, { name: 'plain', value: `not JSON with ${key.id}` });
    const empty = account.addSecret(REGION, { name: 'empty' });
    const closed = account.addSecret(REGION, { name: 'closed', value: `{"accessKeyId":"${key.id}"}` });
    ground.aws.faults.add({
      match: { operation: 'GetSecretValue', when: ({ request }) => request.body.includes('closed') },
      effect: 'error',
      code: 'AccessDeniedException',
      status: 400,
    });
    const candidates = [secretId, plain, empty, closed].map((id) => ({ secretId: id, name: id, tags: {} }));
    const found = await storesByValue(await ground.clients(), candidates, {
      accessKeyId: key.id,
      fields: DOCUMENT_FIELDS,
    });
    expect(found.holding.map((each) => each.secretId)).toEqual([secretId]);
    expect(found.unread.map((each) => each.secretId)).toEqual([closed]);
    expect(JSON.stringify(found)).not.toContain(key.secretAccessKey);
  });
});
