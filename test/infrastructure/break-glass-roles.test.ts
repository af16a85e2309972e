import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { MOST_CHARACTERS } from '../../lib/domain/break-glass-documents.ts';
import { endedGrantsIn, endedPolicyText } from '../../lib/domain/break-glass-names.ts';
import { breakGlassOf } from '../../lib/infrastructure/break-glass/deployed.ts';
import { loadPolicy } from '../../lib/policy/index.ts';
import { allowedBy } from '../builders/evaluate-policy.ts';
import {
  found,
  HUB,
  inHub,
  inMember,
  management,
  member,
  ORGANIZATION,
  PATH,
  policiesIn,
  rolesIn,
} from './lending.ts';
import { LENDING } from './lending-policy.ts';
import { resourcesOf } from './synthesised.ts';

const BROKER = `arn:aws:iam::${HUB}:role/credential-janitor-grant-access`;

describe('where break-glass roles are', () => {
  it.each([
    ['111122223333', ['administrator', 'drill'], ['boundary', 'ended-grants']],
    ['444455556666', ['database-admin', 'drill'], ['boundary', 'boundary-with-shells', 'ended-grants']],
    ['777788889999', [], []],
  ])('account %s, by the one template: the roles %j and policies %j', (account, roles, policies) => {
    const deployed = inMember(account);
    expect([...rolesIn(deployed).keys()].toSorted()).toEqual(roles);
    expect([...policiesIn(deployed).keys()].toSorted()).toEqual(policies);
    const members = deployed.resources('AWS::IAM::Role').map(({ Properties }) => Properties.RoleName);
    expect(members.includes('credential-janitor-member-break-glass')).toBe(roles.length > 0);
  });

  it('in the home Region alone, since IAM is global', () => {
    expect([...rolesIn(inMember('111122223333', 'us-east-1')).keys()]).toEqual([]);
  });

  it('the hub’s own account, if the policy names it', () => {
    expect([...rolesIn(inHub()).keys()].toSorted()).toEqual(['administrator', 'drill']);
  });

  it('by a template that a StackSet still takes inline', () => {
    expect(JSON.stringify(member.toJSON()).length).toBeLessThan(51_200);
  });

  it('never the management account', () => {
    const names = resourcesOf(management, 'AWS::IAM::Role').map(([, { Properties }]) => Properties.Path);
    expect(names).not.toContain(PATH);
  });
});

describe('a break-glass role', () => {
  const accounts = ['111122223333', '444455556666'].map((account) => inMember(account));
  const all = [...accounts, inHub()].flatMap((each) => [...rolesIn(each).values()]);

  it('is for an hour at most, under its boundary, with the policy of ended grants, and fits into IAM', () => {
    expect(all).toHaveLength(6);
    for (const role of all) {
      const account = /::(\d{12}):/.exec(role.PermissionsBoundary ?? '')?.[1];
      const policy = (name: string) => `arn:aws:iam::${account}:policy/janitor/break-glass/${name}`;
      const boundary = role.RoleName === 'database-admin' ? 'boundary-with-shells' : 'boundary';
      expect(role).toMatchObject({ MaxSessionDuration: 3600, PermissionsBoundary: policy(boundary) });
      expect(role.ManagedPolicyArns.at(-1)).toBe(policy('ended-grants'));
      expect(JSON.stringify(role.AssumeRolePolicyDocument).length).toBeLessThanOrEqual(MOST_CHARACTERS.trust);
    }
    for (const deployed of [...accounts, inHub()]) {
      for (const document of policiesIn(deployed).values())
        expect(JSON.stringify(document).length).toBeLessThanOrEqual(MOST_CHARACTERS.managed);
    }
  });

  it('holds what the policy says and nothing else', () => {
    const administrator = found(rolesIn(inMember('111122223333')), 'administrator');
    expect(administrator.Policies).toEqual([]);
    expect(administrator.ManagedPolicyArns[0]).toBe('arn:aws:iam::aws:policy/AdministratorAccess');
    const database = found(rolesIn(inMember('444455556666')), 'database-admin');
    expect(database.ManagedPolicyArns).toHaveLength(1);
    expect(database.Policies).toEqual([
      {
        PolicyName: 'permissions',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: ['rds:Reboot*', 'rds:Describe*'], Resource: ['*'] },
            {
              Effect: 'Allow',
              Action: ['ssm:StartSession'],
              Resource: ['arn:aws:ec2:*:444455556666:instance/*'],
            },
          ],
        },
      },
    ]);
  });

  it('for drills may look at itself and do nothing else', () => {
    const { Policies, ManagedPolicyArns } = found(rolesIn(inMember('111122223333')), 'drill');
    expect(ManagedPolicyArns).toHaveLength(1);
    const [{ PolicyDocument } = { PolicyDocument: {} }, ...more] = Policies;
    expect(more).toEqual([]);
    const own = 'arn:aws:iam::111122223333:role/janitor/break-glass/drill';
    expect(allowedBy(PolicyDocument, { action: 'iam:GetRole', resource: own })).toBe(true);
    expect(allowedBy(PolicyDocument, { action: 'iam:GetRole', resource: own.replace('drill', 'x') })).toBe(
      false,
    );
    expect(allowedBy(PolicyDocument, { action: 's3:ListAllMyBuckets' })).toBe(false);
  });

  it('of the hub does not carry the hub’s tag, which its boundary denies', () => {
    const tagged = inHub()
      .resources('AWS::IAM::Role')
      .filter(({ Properties }) => Properties.Path === PATH && Properties.Tags !== undefined);
    expect(tagged).toEqual([]);
  });
});

describe('whom a break-glass role trusts', () => {
  const trust = found(rolesIn(inMember('111122223333')), 'administrator').AssumeRolePolicyDocument;
  const asked = {
    'aws:principalarn': BROKER,
    'aws:principalorgid': ORGANIZATION,
    'sts:sourceidentity': 'ana',
    'aws:requesttag/janitor:grant': 'grant-1',
  };
  const actions = ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'];
  const assumed = (context: Readonly<Record<string, string>>) =>
    actions.every((action) => allowedBy(trust, { action, context }));
  const without = (key: keyof typeof asked) =>
    Object.fromEntries(Object.entries(asked).filter(([name]) => name !== key));

  it('the broker, who says for whom and of which grant', () => {
    expect(assumed(asked)).toBe(true);
  });

  it.each([
    ['without a source identity', without('sts:sourceidentity')],
    ['with an empty source identity', { ...asked, 'sts:sourceidentity': '' }],
    ['without the tag of a grant', without('aws:requesttag/janitor:grant')],
    [
      'by the function that ends grants',
      { ...asked, 'aws:principalarn': BROKER.replace('grant-access', 'reconcile-grants') },
    ],
    [
      'by the function that answers requests',
      { ...asked, 'aws:principalarn': BROKER.replace('grant-access', 'answer-requests') },
    ],
    [
      'by an administrator of the hub',
      { ...asked, 'aws:principalarn': `arn:aws:iam::${HUB}:role/Administrator` },
    ],
    [
      'by a role of the same name elsewhere',
      { ...asked, 'aws:principalarn': BROKER.replace(HUB, '444455556666') },
    ],
    ['from another organisation', { ...asked, 'aws:principalorgid': 'o-other00000' }],
    ['from no organisation', without('aws:principalorgid')],
  ])('not %s', (_case, context) => {
    expect(assumed(context)).toBe(false);
  });

  it('nobody but the hub’s account is a principal', () => {
    const statements = z
      .array(z.object({ Principal: z.unknown(), Action: z.string() }))
      .parse(trust.Statement);
    expect(statements.map(({ Action }) => Action)).toEqual(actions);
    for (const { Principal } of statements) expect(Principal).toEqual({ AWS: `arn:aws:iam::${HUB}:root` });
  });

  it('outside an organisation the hub’s account and the broker’s name are all that is asked', () => {
    const alone = found(
      rolesIn(inMember('111122223333', undefined, { OrganizationId: '' })),
      'administrator',
    );
    const document = alone.AssumeRolePolicyDocument;
    expect(JSON.stringify(document)).not.toContain('PrincipalOrgID');
    const [context, stranger] = [without('aws:principalorgid'), { ...asked, 'aws:principalarn': 'x' }];
    const action = 'sts:AssumeRole';
    expect(allowedBy(document, { action, context })).toBe(true);
    expect(allowedBy(document, { action, context: stranger })).toBe(false);
  });
});

describe('the policy of ended grants', () => {
  const text = JSON.stringify(found(policiesIn(inMember('111122223333')), 'ended-grants'));

  it('is the same text in every template for ever, so that no deployment touches what was denied since', () => {
    expect(JSON.parse(text)).toEqual(JSON.parse(endedPolicyText([])));
    expect(text).toBe(JSON.stringify(found(policiesIn(inMember('444455556666')), 'ended-grants')));
    expect(text).toBe(JSON.stringify(found(policiesIn(inHub()), 'ended-grants')));
    expect(text).toContain('"aws:PrincipalTag/janitor:grant":["none"]');
  });

  it('is not drift as CloudFormation writes it', () => {
    expect(endedGrantsIn(text)).toEqual([]);
    expect(endedGrantsIn(JSON.stringify(JSON.parse(text), null, 4))).toEqual([]);
    expect(endedGrantsIn(text.replace('Deny', 'Allow'))).toBeUndefined();
  });
});

describe('a policy that cannot be deployed', () => {
  it('is named: statements that are longer than IAM takes', async () => {
    const policy = await loadPolicy(LENDING);
    const { breakGlass } = policy.document;
    if (breakGlass === undefined) throw new Error('the policy lends nothing');
    const actions = Array.from({ length: 900 }, (_, index) => `service:Action${index}`);
    const statements = [{ actions, resources: ['*'] }];
    const roles = breakGlass.roles.map((role) => ({
      ...role,
      permissions: { managedPolicies: [], statements },
    }));
    const document = { ...policy.document, breakGlass: { ...breakGlass, roles } };
    expect(() => breakGlassOf({ ...policy, document })).toThrow(/administrator are \d+ characters long/);
  });
});
