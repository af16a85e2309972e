import { describe, expect, it } from 'vitest';
import { boundaryStatements } from '../../lib/infrastructure/member/boundary.ts';
import { memberGrants } from '../../lib/infrastructure/member/member-grants.ts';
import { deployedNames, MEMBER_PURPOSES } from '../../lib/infrastructure/names.ts';
import { NARROWEST_REACH, type RotationReach } from '../../lib/infrastructure/rotation/reach.ts';
import { account, FARTHEST } from './member-templates.ts';

describe('what the role to rotate may do', () => {
  const farthest = memberGrants('rotate', { ...account, reach: FARTHEST });
  const holding = (action: string, grants = farthest) =>
    grants.filter(({ actions }) => actions.includes(action));
  const secrets = (name: string) => `arn:aws:secretsmanager:*:111122223333:secret:${name}`;

  it.each(['iam:CreateAccessKey', 'iam:DeleteAccessKey'])(
    '%s: of users alone that are tagged janitor:rotation=managed',
    (action) => {
      expect(holding(action).map(({ conditions }) => conditions)).toEqual([
        { StringEquals: { 'aws:ResourceTag/janitor:rotation': 'managed' } },
      ]);
    },
  );

  it.each([
    'secretsmanager:GetSecretValue',
    'secretsmanager:PutSecretValue',
    'secretsmanager:UpdateSecretVersionStage',
  ])('%s: of secrets alone that say whose key they hold', (action) => {
    const [grant, ...others] = holding(action, memberGrants('rotate', account));
    expect(others).toEqual([]);
    expect(grant?.conditions).toEqual({ Null: { 'aws:ResourceTag/janitor:iam-user': 'false' } });
  });

  it('tags of others are out of reach', () => {
    const writing = holding('secretsmanager:TagResource');
    expect(writing).toHaveLength(3);
    for (const { conditions } of writing) {
      expect(conditions).toMatchObject({
        'ForAllValues:StringLike': { 'aws:TagKeys': 'janitor:*' },
        Null: { 'aws:TagKeys': 'false' },
      });
    }
  });

  const choices: readonly [name: string, action: string, reach: Partial<RotationReach>, resource: string][] =
    [
      [
        'a naming rule: the secrets it fits, without a tag',
        'secretsmanager:PutSecretValue',
        { storeNames: ['/iam-users/*'] },
        secrets('/iam-users/*-*'),
      ],
      ['comparing ids: every value', 'secretsmanager:GetSecretValue', { comparesIds: true }, secrets('*')],
      [
        'deliveries: secrets of our own are made',
        'secretsmanager:CreateSecret',
        { delivers: true },
        secrets('credential-janitor/delivered/*'),
      ],
      [
        'deliveries: and limited to their reader',
        'secretsmanager:PutResourcePolicy',
        { delivers: true },
        secrets('credential-janitor/delivered/*'),
      ],
    ];
  it.each(choices)('only where the policy asks for it: %s', (_name, action, reach, resource) => {
    const untagged = (of: RotationReach) =>
      holding(action, memberGrants('rotate', { ...account, reach: of }))
        .filter(({ conditions }) => conditions?.Null?.['aws:ResourceTag/janitor:iam-user'] === undefined)
        .flatMap(({ resources }) => resources);
    expect(untagged(NARROWEST_REACH)).toEqual([]);
    expect(untagged({ ...NARROWEST_REACH, ...reach })).toEqual([resource]);
  });

  it('keys of customers are used through Secrets Manager alone, for secrets of the account', () => {
    expect(holding('kms:Decrypt').map(({ conditions }) => conditions)).toEqual([
      {
        StringLike: {
          'kms:ViaService': 'secretsmanager.*',
          'kms:EncryptionContext:SecretARN': secrets('*'),
        },
      },
    ]);
  });

  it('no rotation is set up or ended, and no function of a secret is chosen', () => {
    expect(holding('secretsmanager:RotateSecret').map(({ conditions }) => conditions)).toEqual([
      { BoolIfExists: { 'secretsmanager:ModifyRotationRules': 'false' } },
    ]);
  });

  it.each([
    ['the roles of a sweep', MEMBER_PURPOSES.filter((purpose) => purpose !== 'break-glass'), 4_000],
    ['the role that ends grants', ['break-glass'] as const, 1_000],
  ])('the boundary of %s stays below the 6,144 characters of a managed policy', (_of, purposes, atLeast) => {
    const statements = boundaryStatements(purposes, {
      partition: 'aws-us-gov',
      account: account.account,
      reach: FARTHEST,
      names: deployedNames('a-prefix-of-thirty-two-character'),
      ownSecrets: [
        `arn:aws-us-gov:secretsmanager:us-gov-west-1:${account.account}:secret:${'n'.repeat(512)}-AbCdEf`,
      ],
    });
    const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    expect(text.length).toBeGreaterThan(atLeast);
    expect(text.length).toBeLessThan(6_144);
  });
});
