import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListPolicyVersionsCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
} from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import type { EmbeddedAwsOptions } from '../../lib/embedded-aws/index.ts';
import { ACCOUNT_ID, type Clients, errorName, NOW, oneAccount, thrown } from './one-account.ts';

const ROLE = `arn:aws:iam::${ACCOUNT_ID}:role/helper`;
const POLICY = `arn:aws:iam::${ACCOUNT_ID}:policy/ended`;
const TRUST = policy({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT_ID}:root` },
  Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
});
const EVERYTHING = policy({ Effect: 'Allow', Action: '*', Resource: '*' });

function policy(...Statement: readonly object[]) {
  return { Version: '2012-10-17', Statement };
}

type RoleSeed = Parameters<ReturnType<typeof oneAccount>['account']['addRole']>[0];

function stage(seed: Partial<RoleSeed> = {}, options: EmbeddedAwsOptions = {}) {
  const world = oneAccount(options);
  world.account.addRole({ name: 'helper', trust: TRUST, ...seed });
  const session = async (extra: Partial<AssumeRoleCommandInput> = {}): Promise<Clients> => {
    const { Credentials: given } = await world.sts.send(
      new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'one', ...extra }),
    );
    return world.as({
      credentials: {
        accessKeyId: given?.AccessKeyId ?? '',
        secretAccessKey: given?.SecretAccessKey ?? '',
        sessionToken: given?.SessionToken ?? '',
      },
    });
  };
  return { ...world, session };
}

const reads = ({ iam }: Clients) => iam.send(new ListUsersCommand({}));

describe('what a session may do', () => {
  it.each<[string, Partial<RoleSeed>, Partial<AssumeRoleCommandInput>, boolean]>([
    ['a role without policies: everything', {}, {}, true],
    ['what its role allows', { inlinePolicies: [EVERYTHING] }, {}, true],
    ['nothing its role does not allow', { inlinePolicies: [policy()] }, {}, false],
    [
      'nothing its role denies',
      { inlinePolicies: [EVERYTHING, policy({ Effect: 'Deny', Action: 'iam:List*', Resource: '*' })] },
      {},
      false,
    ],
    [
      'nothing its session policy does not allow',
      { inlinePolicies: [EVERYTHING] },
      { Policy: JSON.stringify(policy({ Effect: 'Allow', Action: 's3:*', Resource: '*' })) },
      false,
    ],
    [
      'nothing that only its session policy allows',
      { inlinePolicies: [policy()] },
      { Policy: JSON.stringify(EVERYTHING) },
      false,
    ],
    ['nothing its boundary does not allow', { permissionsBoundary: POLICY }, {}, false],
  ])('%s', async (_name, seed, extra, allowed) => {
    const { session } = stage(seed);
    const outcome = await reads(await session(extra)).then(
      () => 'answered',
      (error: Error) => error.name,
    );
    expect(outcome).toBe(allowed ? 'answered' : 'AccessDenied');
  });

  it('a Deny in the session policy begins at its instant, and says where it stands', async () => {
    const end = '2026-03-01T09:10:00Z';
    const Condition = { DateGreaterThanEquals: { 'aws:CurrentTime': end } };
    const Policy = JSON.stringify(
      policy(
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: '*', Resource: '*', Condition },
      ),
    );
    const world = stage();
    const own = await world.session({ Policy });
    world.aws.clock.set('2026-03-01T09:09:59.999Z');
    await reads(own);
    world.aws.clock.set('2026-03-01T09:10:00.000Z');
    const { message } = await thrown(reads(own));
    expect(message).toContain('iam:ListUsers');
    expect(message).toContain('with an explicit deny in a session policy');
    expect(await errorName(own.secrets.send(new ListSecretsCommand({})))).toBe('AccessDeniedException');
    await own.sts.send(new GetCallerIdentityCommand({}));
  });

  it.each([
    ['its tag', { StringEquals: { 'aws:PrincipalTag/janitor:grant': 'g1' } }],
    ['its source identity', { StringEquals: { 'aws:SourceIdentity': 'ann' } }],
    ['when it was issued', { DateLessThan: { 'aws:TokenIssueTime': '2026-03-01T09:00:01Z' } }],
  ])('a Deny can name a session by %s', async (_name, Condition) => {
    const Deny = policy({ Effect: 'Deny', Action: '*', Resource: '*', Condition });
    const world = stage({ inlinePolicies: [EVERYTHING, Deny] });
    const named = { Tags: [{ Key: 'janitor:grant', Value: 'g1' }], SourceIdentity: 'ann' };
    expect(await errorName(reads(await world.session(named)))).toBe('AccessDenied');
    world.aws.clock.advance(2_000);
    const other = { Tags: [{ Key: 'janitor:grant', Value: 'g2' }], SourceIdentity: 'ben' };
    await reads(await world.session(other));
  });

  it('a session that may assume a role may not name its session unless it may do that, too', async () => {
    const allowed = policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: ROLE });
    const world = stage({ inlinePolicies: [allowed] });
    const own = await world.session();
    const again = { RoleArn: ROLE, RoleSessionName: 'two' };
    await own.sts.send(new AssumeRoleCommand(again));
    const tagged = { ...again, Tags: [{ Key: 'a', Value: 'b' }] };
    expect(await errorName(own.sts.send(new AssumeRoleCommand(tagged)))).toBe('AccessDenied');
    const named = { ...again, SourceIdentity: 'ann' };
    expect(await errorName(own.sts.send(new AssumeRoleCommand(named)))).toBe('AccessDenied');
  });
});

describe('versions of a managed policy', () => {
  async function managed(options: EmbeddedAwsOptions = {}) {
    const world = stage({ inlinePolicies: [EVERYTHING] }, options);
    const { iam } = world;
    const PolicyDocument = JSON.stringify(policy());
    await iam.send(new CreatePolicyCommand({ PolicyName: 'ended', PolicyDocument }));
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'helper', PolicyArn: POLICY }));
    const put = (...statements: readonly object[]) =>
      iam.send(
        new CreatePolicyVersionCommand({
          PolicyArn: POLICY,
          PolicyDocument: JSON.stringify(policy(...statements)),
          SetAsDefault: true,
        }),
      );
    return { ...world, put };
  }

  it('the default one counts, from when the change has spread', async () => {
    const world = await managed({ consistencyDelayMs: 5_000 });
    const own = await world.session();
    await world.put({ Effect: 'Deny', Action: '*', Resource: '*' });
    await reads(own);
    world.aws.clock.advance(5_000);
    expect(await errorName(reads(own))).toBe('AccessDenied');
    const { Policy } = await world.iam.send(new GetPolicyCommand({ PolicyArn: POLICY }));
    expect(Policy?.DefaultVersionId).toBe('v2');
    const { PolicyVersion } = await world.iam.send(
      new GetPolicyVersionCommand({ PolicyArn: POLICY, VersionId: 'v2' }),
    );
    expect(decodeURIComponent(PolicyVersion?.Document ?? '')).toContain('"Deny"');
    expect(PolicyVersion?.CreateDate).toEqual(new Date(NOW));
  });

  it('are five at most; the default one stays, and numbers are not used again', async () => {
    const { iam, put } = await managed();
    for (let version = 2; version <= 5; version += 1) await put();
    expect(await errorName(put())).toBe('LimitExceededException');
    const remove = (VersionId: string) =>
      iam.send(new DeletePolicyVersionCommand({ PolicyArn: POLICY, VersionId }));
    expect(await errorName(remove('v5'))).toBe('DeleteConflictException');
    await remove('v1');
    expect((await put()).PolicyVersion?.VersionId).toBe('v6');
    const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: POLICY }));
    expect(Versions.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion])).toEqual([
      ['v6', true],
      ['v5', false],
      ['v4', false],
      ['v3', false],
      ['v2', false],
    ]);
  });

  it('hold 6,144 characters at most', async () => {
    const { put } = await managed();
    const long = { Effect: 'Deny', Action: 'x'.repeat(6144), Resource: '*' };
    expect(await errorName(put(long))).toBe('LimitExceededException');
  });
});
