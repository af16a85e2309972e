import { describe, expect, test } from 'vitest';
import { type ActorLookups, type RoleIdentity, resolveActor } from '../../lib/identity/index.ts';

const ACCOUNT = '111122223333';
const SSO_ROLE = 'AWSReservedSSO_Admin_0123456789abcdef';
const SSO_PATH = '/aws-reserved/sso.amazonaws.com/eu-central-1/';

const people: Readonly<Record<string, string>> = {
  [`arn:aws:iam::${ACCOUNT}:user/people/ana`]: 'ana',
  'sso:ana@example.com': 'ana',
  'sso:bob@example.com': 'bob',
};

function lookups(roles: Readonly<Record<string, RoleIdentity>> = {}): ActorLookups {
  return { personOf: (principal) => people[principal], roleByName: async (name) => roles[name] };
}

const ssoRoles = { [SSO_ROLE]: { roleId: 'AROASSOADMIN', path: SSO_PATH } };

function session(role: string, name: string, partition = 'aws'): string {
  return `arn:${partition}:sts::${ACCOUNT}:assumed-role/${role}/${name}`;
}

describe('who a caller is (G1, G18)', () => {
  test.each([
    [
      'an IAM user in the directory',
      `arn:aws:iam::${ACCOUNT}:user/people/ana`,
      'AIDAANA',
      { kind: 'person', person: 'ana' },
    ],
    [
      'an IAM user nobody knows',
      `arn:aws:iam::${ACCOUNT}:user/ci/deployer`,
      'AIDADEPLOYER',
      { kind: 'unresolved' },
    ],
    ['root', `arn:aws:iam::${ACCOUNT}:root`, ACCOUNT, { kind: 'unresolved' }],
    [
      'a federated user',
      `arn:aws:sts::${ACCOUNT}:federated-user/ana`,
      `${ACCOUNT}:ana`,
      { kind: 'unresolved' },
    ],
    ['something else', 'arn:aws:s3:::ana', 'x', { kind: 'unresolved' }],
    ['no ARN', 'ana', 'x', { kind: 'unresolved' }],
    [
      'a role session: a workload with the name it claims',
      session('Deploy', 'ana@example.com'),
      'AROADEPLOY:ana@example.com',
      { kind: 'workload', claimed: 'ana@example.com' },
    ],
    [
      'an Identity Center session',
      session(SSO_ROLE, 'ana@example.com'),
      'AROASSOADMIN:ana@example.com',
      { kind: 'person', person: 'ana' },
    ],
    [
      'an Identity Center session of another partition',
      session(SSO_ROLE, 'bob@example.com', 'aws-us-gov'),
      'AROASSOADMIN:bob@example.com',
      { kind: 'person', person: 'bob' },
    ],
    [
      'an Identity Center user who is not in the directory',
      session(SSO_ROLE, 'eve@example.com'),
      'AROASSOADMIN:eve@example.com',
      { kind: 'unresolved' },
    ],
  ])('%s', async (_what, arn, userId, expected) => {
    expect(await resolveActor({ arn, userId }, lookups(ssoRoles))).toEqual({ arn, ...expected });
  });
});

describe('a role cannot pretend to be Identity Center', () => {
  const claimed = 'ana@example.com';
  test.each([
    ['the name with another path', SSO_ROLE, 'AROAFAKE', { roleId: 'AROAFAKE', path: '/' }],
    [
      'the name under a similar path',
      SSO_ROLE,
      'AROAFAKE',
      { roleId: 'AROAFAKE', path: '/x/aws-reserved/sso.amazonaws.com/' },
    ],
    [
      'the name under a path that only begins alike',
      SSO_ROLE,
      'AROAFAKE',
      { roleId: 'AROAFAKE', path: '/aws-reserved/sso.amazonaws.com.evil/' },
    ],
    [
      'a session of a role since replaced by the real one',
      SSO_ROLE,
      'AROAOLD',
      { roleId: 'AROASSOADMIN', path: SSO_PATH },
    ],
    ['a role id that only begins alike', SSO_ROLE, 'AROASSO', { roleId: 'AROASSOADMIN', path: SSO_PATH }],
    [
      'the reserved path with another name',
      'Deploy',
      'AROASSOADMIN',
      { roleId: 'AROASSOADMIN', path: SSO_PATH },
    ],
    ['a role that cannot be looked up', SSO_ROLE, 'AROASSOADMIN', undefined],
  ])('%s', async (_what, role, roleId, found) => {
    const arn = session(role, claimed);
    const actor = await resolveActor(
      { arn, userId: `${roleId}:${claimed}` },
      lookups(found === undefined ? {} : { [role]: found }),
    );
    expect(actor).toEqual({ kind: 'workload', arn, claimed });
  });

  test('a session name with a slash or a line break is no session', async () => {
    for (const name of ['ana/bob', 'ana\nsso:bob@example.com', '']) {
      const arn = session(SSO_ROLE, name);
      expect(await resolveActor({ arn, userId: `AROASSOADMIN:${name}` }, lookups(ssoRoles))).toEqual({
        kind: 'unresolved',
        arn,
      });
    }
  });

  test('no role is looked up for a name that is not of Identity Center', async () => {
    const asked: string[] = [];
    await resolveActor(
      { arn: session('Deploy', 'x1'), userId: 'AROADEPLOY:x1' },
      {
        personOf: () => 'ana',
        roleByName: async (name) => {
          asked.push(name);
          return undefined;
        },
      },
    );
    expect(asked).toEqual([]);
  });
});
