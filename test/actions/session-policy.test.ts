import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { sessionPolicyFor } from '../../lib/actions/index.ts';
import { accessKey, secret } from '../builders/credential.ts';

const STORE = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:ci/deployer-AbCdEf';

const policySchema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(
    z.strictObject({
      Effect: z.literal('Allow'),
      Action: z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat()),
      Resource: z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat()),
      Condition: z.unknown().optional(),
    }),
  ),
});
const statementsOf = (policy: object) => policySchema.parse(policy).Statement;
const resourcesOf = (policy: object, action: string) =>
  statementsOf(policy)
    .filter(({ Action }) => Action.includes(action))
    .flatMap(({ Resource }) => Resource);

describe('the session that rotates an access key', () => {
  const key = accessKey({});
  const policy = sessionPolicyFor('rotate', key, STORE);

  test('makes and removes keys of this user alone', () => {
    for (const action of ['iam:CreateAccessKey', 'iam:DeleteAccessKey', 'iam:ListAccessKeys']) {
      expect(resourcesOf(policy, action)).toEqual([key.principal?.arn]);
    }
  });

  test('reads and writes this secret alone, whatever key it is under', () => {
    for (const action of ['GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage', 'RotateSecret']) {
      expect(resourcesOf(policy, `secretsmanager:${action}`)).toEqual([STORE]);
    }
    const kms = statementsOf(policy).find(({ Action }) => Action.includes('kms:Decrypt'));
    expect(kms?.Condition).toEqual({ StringLike: { 'kms:EncryptionContext:SecretARN': STORE } });
  });

  test('changes nothing else', () => {
    const actions = statementsOf(policy).flatMap(({ Action }) => Action);
    expect(actions.join()).not.toMatch(/UpdateAccessKey|TagUser|ResourcePolicy|DeleteSecret|CreateSecret|\*/);
  });

  test('without its secret it can only look at the keys', () => {
    expect(statementsOf(sessionPolicyFor('rotate', key)).flatMap(({ Action }) => Action)).toEqual([
      'iam:ListAccessKeys',
    ]);
  });

  test('while its secret is looked for it reads values and nothing more', () => {
    const all = 'arn:aws:secretsmanager:*:111122223333:secret:*';
    const actions = statementsOf(sessionPolicyFor('rotate', key, all)).flatMap(({ Action }) => Action);
    expect(actions).toEqual(['secretsmanager:GetSecretValue', 'kms:Decrypt']);
  });
});

test('the session that rotates a secret starts the rotation of this one, by a function of its Region', () => {
  const policy = sessionPolicyFor('rotate', secret({ id: STORE }));
  expect(resourcesOf(policy, 'secretsmanager:RotateSecret')).toEqual([STORE]);
  expect(resourcesOf(policy, 'lambda:InvokeFunction')).toEqual([
    'arn:aws:lambda:eu-central-1:111122223333:function:*',
  ]);
  expect(statementsOf(policy).flatMap(({ Action }) => Action)).not.toContain('secretsmanager:GetSecretValue');
});

test('the longest names stay below the 2,048 characters of a session policy', () => {
  const userArn = `arn:aws-us-gov:iam::111122223333:user/${'p'.repeat(100)}/${'u'.repeat(64)}`;
  const longest = STORE.replace('ci/deployer', 's'.repeat(300)).replace('aws:', 'aws-us-gov:');
  const key = accessKey({});
  const principal = { ...key.principal, arn: userArn, userName: 'u', path: '/', groups: [] };
  const text = JSON.stringify(sessionPolicyFor('rotate', { ...key, principal }, longest));
  expect(text.length).toBeLessThanOrEqual(2_048);
});
