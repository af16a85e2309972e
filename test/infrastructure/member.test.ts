import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { memberGrants } from '../../lib/infrastructure/member/member-grants.ts';
import { MEMBER_PURPOSES, type MemberPurpose } from '../../lib/infrastructure/names.ts';
import { purposesOf } from '../../lib/infrastructure/policy.ts';
import { loadPolicy } from '../../lib/policy/index.ts';
import { enforcing } from './enforcing.ts';
import { account, FARTHEST, management, member, own, root } from './member-templates.ts';
import { rolesOf, statementsOf } from './statements.ts';
import { plain, resourcesOf } from './synthesised.ts';

describe('what member roles may do', () => {
  it('reading is what docs/permissions-read-only.json says, and a look at a single user and a secret before and after a step', () => {
    const text = readFileSync(path.join(root, 'docs', 'permissions-read-only.json'), 'utf8');
    const documented = statementsOf(JSON.parse(text)).flatMap(({ Action }) => Action);
    const granted = memberGrants('read', account).flatMap(({ actions }) => actions);
    expect(granted.toSorted()).toEqual(
      [...documented, 'iam:GetUser', 'iam:ListUserTags', 'secretsmanager:GetResourcePolicy'].toSorted(),
    );
  });

  it.each(['tag', 'rotate', 'quarantine', 'delete'] as const)(
    '%s names users and secrets of its account alone',
    (purpose) => {
      for (const { resources, wildcard } of memberGrants(purpose, { ...account, reach: FARTHEST })) {
        expect(resources).toEqual([expect.stringContaining(':111122223333:')]);
        expect(wildcard).toEqual(expect.any(String));
      }
    },
  );

  it('tags of others are out of reach', () => {
    const writing = memberGrants('tag', account).filter(
      ({ actions }) => actions.join().match(/:(Tag|Untag)/) !== null,
    );
    expect(writing).toHaveLength(2);
    for (const { conditions } of writing) {
      expect(conditions).toEqual({
        'ForAllValues:StringLike': { 'aws:TagKeys': 'janitor:*' },
        Null: { 'aws:TagKeys': 'false' },
      });
    }
  });

  it('G12 a secret is deleted only so that it can be restored', () => {
    const deleting = memberGrants('delete', account).find(({ actions }) =>
      actions.includes('secretsmanager:DeleteSecret'),
    );
    expect(deleting?.conditions).toEqual({
      NumericGreaterThanEquals: { 'secretsmanager:RecoveryWindowInDays': '7' },
      BoolIfExists: { 'secretsmanager:ForceDeleteWithoutRecovery': 'false' },
    });
  });

  const lonely: readonly [action: string, purpose: MemberPurpose][] = [
    ['secretsmanager:DeleteSecret', 'delete'],
    ['iam:UpdateAccessKey', 'quarantine'],
    ['secretsmanager:RestoreSecret', 'quarantine'],
    ['iam:TagUser', 'tag'],
    ['iam:CreateAccessKey', 'rotate'],
    ['secretsmanager:CreateSecret', 'rotate'],
    ['secretsmanager:GetSecretValue', 'rotate'],
    ['secretsmanager:PutSecretValue', 'rotate'],
    ['secretsmanager:RotateSecret', 'rotate'],
    ['secretsmanager:UpdateSecretVersionStage', 'rotate'],
  ];
  it.each(lonely)('%s is for the role to %s alone', (action, purpose) => {
    const holders = MEMBER_PURPOSES.filter((each) =>
      memberGrants(each, { ...account, reach: FARTHEST }).some(({ actions }) => actions.includes(action)),
    );
    expect(holders).toEqual([purpose]);
  });

  it.each([
    'iam:CreateUser',
    'iam:PutUserPolicy',
    'iam:PassRole',
    'secretsmanager:CancelRotateSecret',
    'secretsmanager:UpdateSecret',
    'sts:AssumeRole',
  ])('nobody holds %s', (action) => {
    const all = MEMBER_PURPOSES.flatMap((purpose) =>
      memberGrants(purpose, { ...account, reach: FARTHEST }).flatMap(({ actions }) => actions),
    );
    expect(all).not.toContain(action);
  });
});

describe('whom member roles trust', () => {
  const trusted = (purpose: MemberPurpose) => {
    const [statement] = rolesOf(member).get(`<Prefix>-member-${purpose}`)?.trust ?? [];
    const arns = z.array(z.unknown()).parse([statement?.Condition?.ArnEquals?.['aws:PrincipalArn']].flat());
    return { statement, functions: arns.map((arn) => plain(arn).split('<Prefix>-')[1]) };
  };

  it.each([
    ['read', ['decide-account', 'act-on-account', 'tag-newborn', 'answer-requests', 'carry-out-requests']],
    ['tag', ['act-on-account', 'tag-newborn']],
    ['rotate', ['act-on-account', 'carry-out-requests']],
    ['quarantine', ['act-on-account', 'answer-requests', 'carry-out-requests']],
    ['delete', ['act-on-account']],
  ] as const)('%s: these functions of the hub, within the organisation', (purpose, functions) => {
    const trust = trusted(purpose);
    expect(trust.functions).toEqual(functions);
    expect(trust.statement).toMatchObject({
      Action: ['sts:AssumeRole'],
      Condition: {
        StringEquals: {
          'Fn::If': [
            'HasOrganization',
            { 'aws:PrincipalOrgID': { Ref: 'OrganizationId' } },
            { Ref: 'AWS::NoValue' },
          ],
        },
      },
    });
    expect(plain(Object(trust.statement?.Principal).AWS)).toBe('arn:<AWS::Partition>:iam::<HubAccount>:root');
  });

  it('sessions end within the hour, and the boundary caps every role', () => {
    for (const [, role] of resourcesOf(member, 'AWS::IAM::Role')) {
      expect(role.Properties.MaxSessionDuration).toBe(3600);
      if (role.Properties.Path === undefined) continue;
      expect(role.Properties).toMatchObject({
        Path: '/credential-janitor/',
        PermissionsBoundary: { Ref: expect.any(String) },
      });
    }
  });

  it('the boundary allows what the roles do together and denies the janitor itself', () => {
    const [[, boundary] = []] = resourcesOf(member, 'AWS::IAM::ManagedPolicy');
    const statements = statementsOf(boundary?.Properties.PolicyDocument);
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
    const purposes = MEMBER_PURPOSES.filter((purpose) => purpose !== 'break-glass');
    const granted = purposes.flatMap((purpose) =>
      memberGrants(purpose, account).flatMap(({ actions }) => actions),
    );
    expect(new Set(allowed)).toEqual(new Set(granted));
    expect(statements.find(({ Effect }) => Effect === 'Deny')).toMatchObject({
      Action: ['*'],
      Resource: expect.arrayContaining([expect.stringContaining(':role/credential-janitor/*')]),
    });
  });
});

describe('roles exist only where an enforced rule needs them', () => {
  it('the shipped policy observes: reading alone, in the hub and by default elsewhere', () => {
    expect([...rolesOf(own).keys()].filter((name) => name.includes('-member-'))).toEqual([
      'credential-janitor-member-read',
    ]);
    for (const name of ['TagRole', 'RotateRole', 'QuarantineRole', 'DeleteRole']) {
      expect(member.findParameters(name)[name]).toMatchObject({
        Default: 'false',
        AllowedValues: ['true', 'false'],
      });
    }
  });

  it.each(enforcing)('enforcing %s needs %j', async (_name, rules, purposes) => {
    const shipped = await loadPolicy(path.join(root, 'policy'));
    const document = {
      ...shipped.document,
      mode: 'enforce' as const,
      enforce: [{ rules: [...rules], accounts: ['111122223333'] }],
    };
    expect(purposesOf({ ...shipped, document })).toEqual(purposes);
  });

  it('each is made in the home Region alone, since IAM is global', () => {
    for (const [, role] of resourcesOf(member, 'AWS::IAM::Role')) {
      const isMember = role.Properties.Path !== undefined;
      expect(role.Condition ?? 'always').toMatch(isMember ? /^(InHomeRegion|\w+RoleWanted)$/ : /^always$/);
    }
  });
});

describe('templates for other accounts', () => {
  it.each([
    ['member', member],
    ['management', management],
  ])('%s: plain CloudFormation without assets, below the size a StackSet takes inline', (_name, template) => {
    const text = JSON.stringify(template.toJSON());
    expect(text).not.toMatch(/BootstrapVersion|cdk-hnb659fds|AssetParameters/);
    expect(text.length).toBeLessThan(51_200);
    expect(Object.keys(template.findParameters('*'))).toEqual(
      expect.arrayContaining(['HubAccount', 'HomeRegion', 'OrganizationId', 'Prefix']),
    );
  });

  it('the management account is only read', () => {
    const roles = [...rolesOf(management).keys()].filter((name) => name.includes('-member-'));
    expect(roles).toEqual(['<Prefix>-member-read']);
    const text = JSON.stringify(management.toJSON());
    expect(text).not.toMatch(
      /iam:(Create|Update|Delete|Tag|Untag)|secretsmanager:(Create|GetSecretValue|Put|Rotate|Update|Delete|Tag|Untag|Restore)/,
    );
  });

  it('births go to the hub’s bus from every Region, by a role that can do nothing else', () => {
    const bus = 'arn:<AWS::Partition>:events:<HomeRegion>:<HubAccount>:event-bus/<Prefix>';
    const [[, rule] = []] = resourcesOf(member, 'AWS::Events::Rule');
    const targets = z.array(z.object({ Arn: z.unknown() })).parse(rule?.Properties.Targets);
    expect(targets.map(({ Arn }) => plain(Arn))).toEqual([bus]);
    expect(rolesOf(member).get('<Prefix>-forward-<AWS::Region>')?.statements).toMatchObject([
      { Action: ['events:PutEvents'], Resource: [bus] },
    ]);
  });
});
