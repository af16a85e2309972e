import { CreatePolicyVersionCommand, GetPolicyCommand, ListPolicyVersionsCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it, vi } from 'vitest';
import {
  DeniedGrants,
  expireGrant,
  reconcileGrants,
  returnGrant,
  revokeGrant,
  revokeRole,
} from '../../lib/break-glass/index.ts';
import {
  endedPolicyText,
  grantSessionPolicy,
  SESSION_POLICY_CHARACTERS,
} from '../../lib/domain/break-glass-names.ts';
import { JanitorError } from '../../lib/domain/error.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { person } from '../builders/event.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { ANA, BO, ENDED, Ground, ROLE, ROLE_ARN } from './ground.ts';

const DENIED = 'AccessDenied';
const OTHER = 'grant-number-two';

async function versions(ground: Ground): Promise<number> {
  const { Versions = [] } = await ground.iam().send(new ListPolicyVersionsCommand({ PolicyArn: ENDED }));
  return Versions.length;
}

/** No mechanism but those a test is about: nothing writes the policy of ended grants. */
function withoutDenial(ground: Ground): void {
  ground.aws.faults.add({
    match: { service: 'iam', operation: 'CreatePolicyVersion' },
    effect: 'error',
    code: 'ServiceFailure',
    times: Number.POSITIVE_INFINITY,
  });
}

describe('A: short credentials, and a renewal that asks the record', () => {
  it('with nothing denied, access is over within fifteen minutes of the end of the grant by command', async () => {
    const ground = await Ground.open();
    withoutDenial(ground);
    const session = await ground.started({ content: { durationSeconds: 3600 } });
    ground.pass(5);
    const context = await ground.context();
    expect(await returnGrant(context, { grantId: GRANT_ID, actor: ANA })).toMatchObject({
      outcome: 'ending',
    });
    expect(await ground.renew()).toMatchObject({ outcome: 'over' });
    ground.pass(10 - 1 / 60_000);
    expect(await ground.use(session)).toBe('answered');
    ground.pass(1 / 60_000);
    expect(await ground.use(session)).toMatch(/^ExpiredToken/);
  });

  it('what cannot be denied has ended once every session has surely expired', async () => {
    const ground = await Ground.open();
    withoutDenial(ground);
    await ground.started();
    const context = await ground.context();
    await returnGrant(context, { grantId: GRANT_ID, actor: ANA });
    const round = () => reconcileGrants(context, [GRANT_ID]);
    expect((await round()).ending).toEqual([GRANT_ID]);
    await round();
    ground.pass(17);
    expect((await round()).ending, 'a session of the console outlives its credentials').toEqual([GRANT_ID]);
    ground.pass(13);
    expect((await round()).ended).toEqual([GRANT_ID]);
    const types = await ground.types();
    expect(types.slice(2)).toEqual(['grant.ending', 'grant.end-failed', 'grant.ended']);
  });
});

describe('B: the Deny in the session policy', () => {
  it('with nothing recorded and nothing denied, access is over at the end of the grant, to the second', async () => {
    const ground = await Ground.open();
    withoutDenial(ground);
    await ground.started({ content: { durationSeconds: 1200 } });
    ground.pass(14);
    const renewed = await ground.renew();
    if (renewed.outcome !== 'started') throw new Error(renewed.outcome);
    ground.aws.clock.set('2026-10-15T09:19:59.999Z');
    expect(await ground.use(renewed.session)).toBe('answered');
    ground.aws.clock.set('2026-10-15T09:20:00.000Z');
    expect(renewed.session.expiresAt > ground.now).toBe(true);
    expect(await ground.use(renewed.session)).toBe(DENIED);
    expect(await ground.types()).not.toContain('grant.ending');
  });

  it('has its 2,048 characters to spare, and opens no shell unless the role may', () => {
    for (const sessionManager of [true, false]) {
      const text = grantSessionPolicy({ endsAt: '2026-10-15T09:20:00.999Z', sessionManager });
      expect(text.length).toBeLessThan(SESSION_POLICY_CHARACTERS / 2);
      expect(text).toContain('"2026-10-15T09:20:00Z"');
      expect(text.includes('ssm:StartSession')).toBe(!sessionManager);
    }
  });
});

describe("C: the Deny on the grant's tag", () => {
  it.each<[string, (ground: Ground) => Promise<unknown>]>([
    ['return', async (ground) => returnGrant(await ground.context(), { grantId: GRANT_ID, actor: ANA })],
    ['revocation', async (ground) => revokeGrant(await ground.context(), { grantId: GRANT_ID, actor: BO })],
    [
      'revocation of all of a role',
      async (ground) => revokeRole(await ground.context(), { role: ROLE, actor: BO }),
    ],
  ])('by %s, access is over at once, although neither session nor grant is', async (_name, end) => {
    const ground = await Ground.open();
    const session = await ground.started({ content: { durationSeconds: 3600 } });
    ground.pass(1);
    await end(ground);
    expect(await ground.use(session)).toBe(DENIED);
    expect(await ground.state()).toBe('ended');
  });

  it.each<[string, (ground: Ground) => Promise<unknown>]>([
    ['the schedule', async (ground) => expireGrant(await ground.context(), GRANT_ID)],
    ['the reconciler, which finds it by itself', async (ground) => reconcileGrants(await ground.context())],
  ])('by %s once the time is over, twice if need be', async (_name, end) => {
    const ground = await Ground.open();
    await ground.started({ content: { durationSeconds: 600 } });
    await end(ground);
    expect(await ground.state()).toBe('active');
    ground.pass(10);
    await Promise.all([end(ground), end(ground)]);
    await end(ground);
    expect((await ground.types()).slice(2)).toEqual(['grant.ending', 'grant.ended']);
    const { Policy } = await ground.iam().send(new GetPolicyCommand({ PolicyArn: ENDED }));
    expect(Policy?.DefaultVersionId).toMatch(/^v[23]$/);
  });

  it('its policy has five versions at most, and the same set of grants is the same text', async () => {
    const ground = await Ground.open();
    const denied = new DeniedGrants(ground.iam(), { partition: 'aws', accountId: ACCOUNT });
    const changed = vi.fn();
    for (let number = 1; number <= 7; number += 1) {
      await denied.deny([`grant-number-${number}`], { changed });
    }
    expect(await versions(ground)).toBe(5);
    expect(await denied.deny(['grant-number-3'], { changed })).toBe('v8');
    expect(await denied.deny(['grant-number-9'], { keep: async () => ['grant-number-7'] })).toBe('v9');
    expect(changed).not.toHaveBeenCalled();
    expect(endedPolicyText(['b-b-b-b-b', 'a-a-a-a-a'])).toBe(
      endedPolicyText(['a-a-a-a-a', 'b-b-b-b-b', 'b-b-b-b-b']),
    );
  });

  it('the reconciler finds that somebody else changed it, and denies again what is over', async () => {
    const ground = await Ground.open();
    const session = await ground.started();
    const context = await ground.context();
    await returnGrant(context, { grantId: GRANT_ID, actor: ANA });
    const PolicyDocument = '{"Version":"2012-10-17","Statement":[]}';
    await ground
      .iam()
      .send(new CreatePolicyVersionCommand({ PolicyArn: ENDED, PolicyDocument, SetAsDefault: true }));
    expect(await ground.use(session)).toBe('answered');
    expect((await reconcileGrants(context)).drifted).toEqual([ACCOUNT]);
    expect(await ground.use(session)).toBe(DENIED);
  });

  it('an end that mends it on its way says so, and the next round tells it', async () => {
    const ground = await Ground.open();
    await ground.started();
    const context = await ground.context();
    const PolicyDocument = '{"Version":"2012-10-17","Statement":[]}';
    await ground
      .iam()
      .send(new CreatePolicyVersionCommand({ PolicyArn: ENDED, PolicyDocument, SetAsDefault: true }));
    await returnGrant(context, { grantId: GRANT_ID, actor: ANA });
    const ended = (await ground.events()).find(({ type }) => type === 'grant.ended');
    expect(ended?.data).toMatchObject({ proof: 'tag-denied', mended: true });
    expect((await reconcileGrants(context)).drifted).toEqual([ACCOUNT]);
    ground.pass(15);
    expect((await reconcileGrants(context)).drifted).toEqual([]);
  });
});

describe('an end that found it changed, and could not mend it', () => {
  class Contended extends DeniedGrants {
    override async deny(...[, options]: Parameters<DeniedGrants['deny']>): Promise<string> {
      options?.changed?.();
      throw new JanitorError('others change it all the time', { code: 'denial-contended', source: 'system' });
    }
  }

  it('says so once, and it is told although the end that comes through finds nothing any more', async () => {
    const ground = await Ground.open();
    await ground.started({ content: { durationSeconds: 3600 } });
    const context = await ground.context();
    const place = { partition: 'aws', accountId: ACCOUNT };
    const contended = { ...context, deniedGrants: async () => new Contended(ground.iam(), place) };
    const ending = { grantId: GRANT_ID, actor: ANA };
    await returnGrant(contended, ending);
    await returnGrant(contended, ending);
    await returnGrant(context, ending);
    const said = (await ground.events()).filter(({ type }) => /^grant\.end/.test(type));
    expect(said.map(({ type, data }) => [type, 'mended' in data])).toEqual([
      ['grant.ending', false],
      ['grant.end-failed', true],
      ['grant.ended', false],
    ]);
    expect((await reconcileGrants(context)).drifted).toEqual([ACCOUNT]);
    ground.pass(15);
    expect((await reconcileGrants(context)).drifted).toEqual([]);
    const { drifted, failed } = await reconcileGrants(contended);
    expect([drifted, failed.get(ACCOUNT)]).toEqual([[ACCOUNT], 'denial-contended']);
  });
});

describe('I13: a round that forgets what is over for good forgets nothing else', () => {
  it('what was given back stays denied until its own end, although another grant ends meanwhile', async () => {
    const ground = await Ground.open();
    ground.altered = { DurationSeconds: 3600 };
    const ofConsole = await ground.started({ content: { durationSeconds: 3600 } });
    const context = await ground.context();
    await returnGrant(context, { grantId: GRANT_ID, actor: ANA });
    await ground.started({ content: { grantId: OTHER, durationSeconds: 1800 } });
    ground.pass(29);
    expect(await ground.renew(ANA, OTHER)).toMatchObject({ outcome: 'started' });
    ground.pass(1);
    expect((await reconcileGrants(context)).ended).toEqual([OTHER]);
    expect(await ground.use(ofConsole)).toBe(DENIED);
  });

  it('nor what was given back after the round had looked', async () => {
    const ground = await Ground.open();
    await ground.started({ content: { durationSeconds: 600 } });
    const other = await ground.started({ content: { grantId: OTHER } });
    ground.pass(10);
    const context = await ground.context();
    const deniedGrants: typeof context.deniedGrants = async (accountId) => {
      await returnGrant(context, { grantId: OTHER, actor: ANA });
      return context.deniedGrants(accountId);
    };
    expect((await reconcileGrants({ ...context, deniedGrants })).ended).toContain(GRANT_ID);
    expect(await ground.use(other)).toBe(DENIED);
  });
});

describe('I15: overlapping grants', () => {
  it('ending one leaves the other, and ending the last removes access', async () => {
    const ground = await Ground.open();
    const first = await ground.started();
    const second = await ground.started({ content: { grantId: OTHER } });
    const context = await ground.context();
    await returnGrant(context, { grantId: GRANT_ID, actor: ANA });
    expect([await ground.use(first), await ground.use(second)]).toEqual([DENIED, 'answered']);
    expect(await ground.renew(ANA, OTHER)).toMatchObject({ outcome: 'started' });
    await returnGrant(context, { grantId: OTHER, actor: ANA });
    expect([await ground.use(first), await ground.use(second)]).toEqual([DENIED, DENIED]);
  });

  it('revoking all of a role ends every one of them', async () => {
    const ground = await Ground.open();
    const sessions = [
      await ground.started(),
      await ground.started({ content: { grantId: OTHER }, actor: BO }),
    ];
    const ended = await revokeRole(await ground.context(), { role: ROLE, actor: person('cy') });
    expect([...ended.keys()].toSorted()).toEqual([GRANT_ID, OTHER].toSorted());
    for (const session of sessions) expect(await ground.use(session)).toBe(DENIED);
  });
});

describe('who may end, renew or take what', () => {
  it('only the one who took it gives it back or renews it; a stranger revokes nothing', async () => {
    const ground = await Ground.open();
    await ground.started();
    const context = await ground.context();
    const by = (actor: typeof BO) => ({ grantId: GRANT_ID, actor });
    expect(await returnGrant(context, by(BO))).toMatchObject({ outcome: 'not-allowed' });
    expect(await revokeGrant(context, by(person('zoe')))).toMatchObject({ outcome: 'not-allowed' });
    expect(await ground.renew(BO)).toEqual({ outcome: 'not-found' });
    expect(await ground.state()).toBe('active');
  });

  it.each<[string, Partial<AssumeRoleCommandInput> & { readonly admin?: boolean }]>([
    ['nobody but the broker', { admin: true }],
    ['no session without a source identity', { SourceIdentity: undefined }],
    ['no session without the tag of a grant', { Tags: undefined }],
  ])('the role is assumed by %s', async (_name, { admin = false, ...change }) => {
    const ground = await Ground.open();
    const request = {
      RoleArn: ROLE_ARN,
      RoleSessionName: 'one',
      SourceIdentity: 'ana',
      Tags: [{ Key: 'janitor:grant', Value: 'g' }],
      ...change,
    };
    const hub = new STSClient(ground.config(ground.aws.account('444455556666').credentials(), 'other'));
    const sts = admin ? hub : await ground.sts();
    await expect(sts.send(new AssumeRoleCommand(request))).rejects.toThrow('not authorized');
  });
});
