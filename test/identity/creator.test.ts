import { describe, expect, test } from 'vitest';
import { actorOfCall, userIdentitySchema } from '../../lib/identity/index.ts';

const ACCOUNT = '111122223333';
const SSO_ROLE = 'AWSReservedSSO_Admin_0123456789abcdef';
const SSO_ISSUER = `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/eu-central-1/${SSO_ROLE}`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/${SSO_ROLE}/ana@example.com`;
const PRINCIPAL = 'AROASSOADMIN:ana@example.com';

const people: Readonly<Record<string, string>> = {
  [`arn:aws:iam::${ACCOUNT}:user/people/ana`]: 'ana',
  'sso:ana@example.com': 'ana',
};
const who = (identity: object) =>
  actorOfCall(userIdentitySchema.parse(identity), (principal) => people[principal]);

const issuedBy = (sessionIssuer: object | undefined) => ({
  type: 'AssumedRole',
  arn: SESSION,
  principalId: PRINCIPAL,
  accountId: ACCOUNT,
  accessKeyId: 'ASIAEXAMPLESESSION00',
  sessionContext: { attributes: { mfaAuthenticated: 'true' }, ...(sessionIssuer && { sessionIssuer }) },
});
const issuer = { type: 'Role', arn: SSO_ISSUER, principalId: 'AROASSOADMIN', userName: SSO_ROLE };

describe('who made a call that CloudTrail recorded (G1, G20)', () => {
  test.each([
    [
      'an IAM user of the directory',
      {
        type: 'IAMUser',
        arn: `arn:aws:iam::${ACCOUNT}:user/people/ana`,
        principalId: 'AIDAANA',
        userName: 'ana',
      },
      { kind: 'person', arn: `arn:aws:iam::${ACCOUNT}:user/people/ana`, person: 'ana' },
    ],
    [
      'an IAM user nobody knows',
      { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/ci/deployer`, principalId: 'AIDACI' },
      { kind: 'unresolved', arn: `arn:aws:iam::${ACCOUNT}:user/ci/deployer` },
    ],
    ['an Identity Center session', issuedBy(issuer), { kind: 'person', arn: SESSION, person: 'ana' }],
    [
      'root',
      { type: 'Root', arn: `arn:aws:iam::${ACCOUNT}:root`, principalId: ACCOUNT },
      { kind: 'unresolved', arn: `arn:aws:iam::${ACCOUNT}:root` },
    ],
    [
      'an AWS service',
      { type: 'AWSService', invokedBy: 'rds.amazonaws.com' },
      { kind: 'workload', arn: 'rds.amazonaws.com' },
    ],
    [
      'a federated user',
      {
        type: 'FederatedUser',
        arn: `arn:aws:sts::${ACCOUNT}:federated-user/ana`,
        principalId: `${ACCOUNT}:ana`,
      },
      { kind: 'unresolved', arn: `arn:aws:sts::${ACCOUNT}:federated-user/ana` },
    ],
    [
      'somebody without an ARN',
      { type: 'IdentityCenterUser', principalId: 'ana@example.com' },
      { kind: 'unresolved', arn: 'ana@example.com' },
    ],
    ['nobody at all', { type: 'Unknown', invokedBy: 'ana' }, { kind: 'unresolved', arn: 'Unknown' }],
  ])('%s', async (_what, identity, expected) => {
    expect(await who(identity)).toEqual(expected);
  });
});

describe('a session is Identity Center’s only when its issuer lives under the reserved path', () => {
  const workload = { kind: 'workload', arn: SESSION, claimed: 'ana@example.com' };
  const outside = SSO_ISSUER.replace(ACCOUNT, '999988887777');
  test.each([
    ['no issuer', undefined],
    ['an issuer without an ARN', { ...issuer, arn: undefined }],
    ['an issuer without an id', { ...issuer, principalId: undefined }],
    ['a role of that name elsewhere', { ...issuer, arn: `arn:aws:iam::${ACCOUNT}:role/${SSO_ROLE}` }],
    [
      'a path that only contains it',
      { ...issuer, arn: `arn:aws:iam::${ACCOUNT}:role/x/aws-reserved/sso.amazonaws.com/${SSO_ROLE}` },
    ],
    [
      'a path that only begins alike',
      { ...issuer, arn: `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com.evil/${SSO_ROLE}` },
    ],
    ['a role of another account', { ...issuer, arn: outside }],
    ['another role', { ...issuer, arn: SSO_ISSUER.replace('Admin', 'Other') }],
    ['another role id', { ...issuer, principalId: 'AROAOTHER' }],
    ['no role', { ...issuer, type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/${SSO_ROLE}` }],
  ])('%s', async (_what, given) => {
    expect(await who(issuedBy(given))).toEqual(workload);
  });

  test('the reserved path does not help a role of another name', async () => {
    const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/Deploy/ana@example.com`;
    const other = { ...issuer, arn: SSO_ISSUER.replace(SSO_ROLE, 'Deploy') };
    expect(await who({ ...issuedBy(other), arn })).toEqual({ ...workload, arn });
  });
});
