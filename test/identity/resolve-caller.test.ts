import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveCaller, workloadOf } from '../../lib/identity/index.ts';
import {
  callerDirectory,
  FORMER,
  HOME,
  MEMBER,
  PARTNER,
  SSO_PATH,
  SSO_ROLE,
  STRANGER,
} from './caller-directory.ts';

const ROLE_ID = 'AROAEXAMPLEROLE00001';
const USER_ID = 'AIDAEXAMPLEUSER00001';

const user = (accountId: string, path: string) => ({
  accountId,
  arn: `arn:aws:iam::${accountId}:user/${path}`,
  userId: USER_ID,
});
const session = (accountId: string, role: string, name: string) => ({
  accountId,
  arn: `arn:aws:sts::${accountId}:assumed-role/${role}/${name}`,
  userId: `${ROLE_ID}:${name}`,
});

/** Whatever account is asked has the role where Identity Center keeps its own. */
const everywhere = callerDirectory({ roleOf: async () => ({ roleId: ROLE_ID, path: SSO_PATH }) });

describe('who calls the API (G1, G18, G19, G20)', () => {
  test.each([
    ['an IAM user of a person', user(HOME, 'people/ana'), { kind: 'person', person: 'ana' }],
    [
      'an Identity Center session of the home account',
      session(HOME, SSO_ROLE, 'ana@example.com'),
      { kind: 'person', person: 'ana' },
    ],
    [
      'an Identity Center session of a member account',
      session(MEMBER, SSO_ROLE, 'bob@example.com'),
      { kind: 'person', person: 'bob' },
    ],
    [
      'a role: a workload, whatever its session is called',
      session(HOME, 'deploy', 'ana@example.com'),
      { kind: 'workload', claimed: 'ana@example.com' },
    ],
    [
      'a role of a registered party',
      session(PARTNER, 'integration', 'run-1'),
      { kind: 'workload', claimed: 'run-1', outsideParty: 'acme' },
    ],
    [
      'an IAM user of a registered party',
      user(PARTNER, 'integration'),
      { kind: 'workload', outsideParty: 'acme' },
    ],
    [
      'an IAM user inside, under the path of a registered party',
      user(HOME, 'acme/sync'),
      { kind: 'workload', outsideParty: 'acme' },
    ],
    [
      'a person of ours with a user at a registered party',
      user(PARTNER, 'ana'),
      { kind: 'person', person: 'ana', outsideParty: 'acme' },
    ],
  ])('%s', async (_who, caller, actor) => {
    expect(await resolveCaller(caller, everywhere)).toEqual({
      ok: true,
      caller: { actor: { arn: caller.arn, ...actor }, accountId: caller.accountId },
    });
  });

  test('the Identity Center of a registered party is not ours: its ana is a workload that claims to be ana', async () => {
    const asked: string[] = [];
    const directory = callerDirectory({
      roleOf: async (accountId) => {
        asked.push(accountId);
        return { roleId: ROLE_ID, path: SSO_PATH };
      },
    });
    const resolved = await resolveCaller(session(PARTNER, SSO_ROLE, 'ana@example.com'), directory);
    expect(resolved).toMatchObject({
      ok: true,
      caller: { actor: { kind: 'workload', claimed: 'ana@example.com', outsideParty: 'acme' } },
    });
    expect(asked).toEqual([]);
  });

  test.each([
    ['a role', session(HOME, 'planner', 'run-1'), { id: 'planner', sponsor: 'bob' }],
    ['an IAM user', user(HOME, 'people/bot'), { id: 'bot' }],
  ])('an agent registered by %s is a workload', async (_by, caller, agent) => {
    const directory = callerDirectory({ personOf: () => 'ana' });
    expect(await resolveCaller(caller, directory)).toMatchObject({
      ok: true,
      caller: { actor: { kind: 'workload' }, agent },
    });
  });
});

describe('whoever is nobody is denied, and the denial can name who it was (G1, G19)', () => {
  const unreadable = callerDirectory({ standingOf: async () => 'unknown' });
  test.each([
    ['a user of no person', 'unresolved', user(HOME, 'ci/deployer'), everywhere],
    [
      'an Identity Center user of no person',
      'unresolved',
      session(HOME, SSO_ROLE, 'eve@example.com'),
      everywhere,
    ],
    ['root', 'unresolved', { accountId: HOME, arn: `arn:aws:iam::${HOME}:root`, userId: HOME }, everywhere],
    [
      'a federated user',
      'unresolved',
      {
        accountId: HOME,
        arn: `arn:aws:sts::${HOME}:federated-user/ana`,
        userId: `${HOME}:ana`,
      },
      everywhere,
    ],
    [
      'an ARN of another account',
      'inconsistent',
      { ...user(HOME, 'people/ana'), accountId: MEMBER },
      everywhere,
    ],
    [
      'a user id of another session',
      'inconsistent',
      { ...session(HOME, SSO_ROLE, 'ana@example.com'), userId: `${ROLE_ID}:bob@example.com` },
      everywhere,
    ],
    [
      'a session with the id of a user',
      'inconsistent',
      { ...session(HOME, 'deploy', 'x1'), userId: USER_ID },
      everywhere,
    ],
    ['no user id', 'inconsistent', { ...user(HOME, 'people/ana'), userId: '' }, everywhere],
    ['an account nobody registered', 'outside-unregistered', session(STRANGER, 'x', 'run-1'), everywhere],
    ['a party whose contract is over', 'contract-ended', session(FORMER, 'x', 'run-1'), everywhere],
    ['an organisation that cannot be read', 'organisation-unreadable', user(HOME, 'people/ana'), unreadable],
  ])('%s: %s', async (_who, reason, caller, directory) => {
    expect(await resolveCaller(caller, directory)).toMatchObject({
      ok: false,
      reason,
      actor: { kind: 'unresolved', arn: caller.arn },
    });
  });

  test('no text resolves to a person by accident (I20)', async () => {
    const texts = fc.record({ accountId: fc.string(), arn: fc.string(), userId: fc.string() });
    await fc.assert(
      fc.asyncProperty(texts, async (caller) => {
        const resolved = await resolveCaller(caller, callerDirectory({ personOf: () => 'ana' }));
        expect(resolved).toMatchObject({ ok: false, reason: 'unresolved' });
      }),
    );
  });
});

test.each([
  [`arn:aws:sts::${HOME}:assumed-role/planner/run-1`, `arn:aws:iam::${HOME}:role/planner`],
  [`arn:aws-cn:sts::${HOME}:assumed-role/planner/run-1`, `arn:aws-cn:iam::${HOME}:role/planner`],
  [`arn:aws:iam::${HOME}:user/ana`, undefined],
  ['planner', undefined],
])('the workload of %s is %s', (arn, workload) => {
  expect(workloadOf(arn)).toBe(workload);
});
