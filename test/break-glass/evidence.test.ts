import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { type AssumeRoleCommandOutput, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { readEvidence } from '../../lib/break-glass/index.ts';
import { afterUse } from '../../lib/domain/grant.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import type { FaultEffect } from '../../lib/embedded-aws/index.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { AfterUseGround } from './after-use-ground.ts';
import { ANA, ROLE_ARN } from './ground.ts';

const VALUE = 'the-value-nobody-may-write-down';
const FOREVER = Number.POSITIVE_INFINITY;

/** Taken, used in two Regions, given back; five minutes until CloudTrail has it. */
async function used(use: (scene: AfterUseGround, region: string) => Promise<void> = async () => undefined) {
  const scene = await AfterUseGround.open({ aws: { trailDelayMs: 5 * 60_000 } });
  const { ground } = scene;
  const account = ground.aws.account(ACCOUNT);
  account.addUser({ name: 'ana', path: '/people/' });
  account.addSecret('eu-central-1', { name: 'orders/db', value: VALUE });
  const session = await ground.started();
  await new IAMClient(scene.as(session)).send(new ListUsersCommand({}));
  await new SecretsManagerClient(scene.as(session)).send(
    new GetSecretValueCommand({ SecretId: 'orders/db' }),
  );
  await use(scene, session.accessKeyId);
  return { scene, ground, session };
}

async function read({ ground, store }: { ground: AfterUseGround['ground']; store: AfterUseGround['store'] }) {
  const grant = await ground.grant();
  if (grant === undefined) throw new Error('no grant');
  return { grant, read: await readEvidence(store(), grant) };
}

describe('I17: evidence of what a grant did', () => {
  it('is looked up once CloudTrail had fifteen minutes, and complete once the sessions are over as well', async () => {
    const { scene, ground } = await used();
    ground.pass(1);
    await scene.giveBack();
    ground.pass(15 - 1 / 60_000);
    expect((await scene.round()).attached).toEqual([]);
    ground.pass(1 / 60_000);
    expect((await scene.round()).attached).toEqual([{ grantId: GRANT_ID, complete: false }]);
    expect((await scene.round()).attached).toEqual([]);
    ground.pass(16);
    expect((await scene.round()).attached).toEqual([{ grantId: GRANT_ID, complete: true }]);
    ground.pass(600);
    expect((await scene.round()).attached).toEqual([]);
    expect((await ground.grant())?.evidence).toMatchObject({ events: 2, complete: true });
  });

  it('by the name of its sessions and by each of their keys, in every Region, twice a second', async () => {
    const { scene, ground } = await used();
    await ground.renew();
    await scene.giveBack();
    ground.pass(40);
    const before = ground.aws.calls.size;
    await scene.round();
    const looks = ground.aws.calls.all.slice(before).filter(({ operation }) => operation === 'LookupEvents');
    expect(looks).toHaveLength(3 * 3);
    expect(new Set(looks.map(({ region }) => region)).size).toBe(3);
    expect(scene.pauses).toEqual(looks.map(() => 500));
  });

  it('is read back with a summary, and holds no value that is secret (G2)', async () => {
    const { scene, ground } = await used(async (each) => {
      each.ground.aws.account(ACCOUNT).deny(ROLE_ARN, ['iam:CreateUser']);
    });
    const session = await ground.renew();
    if (session.outcome !== 'started') throw new Error(session.outcome);
    const iam = new IAMClient(scene.as(session.session));
    await iam.send(new CreateUserCommand({ UserName: 'eve' })).catch(() => undefined);
    await new STSClient(scene.as(session.session, 'eu-west-1')).send(new GetCallerIdentityCommand({}));
    await new SecretsManagerClient(scene.as(session.session, 'eu-west-1')).send(
      new CreateSecretCommand({ Name: 'left/behind', SecretString: VALUE }),
    );
    await scene.giveBack();
    ground.pass(40);
    await scene.round();
    const { grant, read: found } = await read({ ground, store: () => scene.store() });
    if (found.state !== 'attached') throw new Error(found.state);
    expect(found.evidence).toMatchObject({ complete: true, missing: [], accessKeyIds: grant.accessKeyIds });
    expect(found.summary).toEqual([
      '5 calls by 2 sessions from 2026-10-15 09:00 UTC to 2026-10-15 09:00 UTC: 1 changed something, 1 failed.',
      'Stands out: iam:CreateUser was denied, on eve.',
      'Stands out: secretsmanager:CreateSecret makes or changes a credential, on left/behind.',
      'Stands out: secretsmanager:GetSecretValue shows a value that is secret, on orders/db.',
      'Stands out: besides eu-central-1 it was used in eu-west-1 (1 call).',
      'Called: iam:ListUsers.',
      'Called: secretsmanager:CreateSecret, on left/behind.',
      'Called: secretsmanager:GetSecretValue, on orders/db.',
      'Called: sts:GetCallerIdentity.',
    ]);
    expect(scene.written()).not.toContain(VALUE);
    expect(JSON.stringify(await ground.events())).not.toContain(VALUE);
  });

  it('calls with its keys after the end are found as well: they were denied', async () => {
    const { scene, ground, session } = await used();
    ground.pass(1);
    await scene.giveBack();
    ground.pass(2);
    expect(await ground.use(session)).toBe('AccessDenied');
    ground.pass(40);
    await scene.round();
    const { read: found } = await read({ ground, store: () => scene.store() });
    expect(found).toMatchObject({
      summary: expect.arrayContaining(['Stands out: iam:ListUsers was denied.']),
    });
  });

  it('a session that nobody could record is found by the name of the grant', async () => {
    const { scene, ground } = await used();
    let lost: AssumeRoleCommandOutput['Credentials'];
    ground.passage = async (effect, run) => {
      if (effect === 'PutItem' && lost !== undefined) throw new Error('the table is gone');
      const answer = await run();
      if (effect === 'AssumeRole') lost = (answer as AssumeRoleCommandOutput).Credentials;
      return answer;
    };
    await expect(ground.renew()).rejects.toThrow();
    ground.passage = (_effect, run) => run();
    const credentials = {
      accessKeyId: lost?.AccessKeyId ?? '',
      secretAccessKey: lost?.SecretAccessKey ?? '',
      sessionToken: lost?.SessionToken ?? '',
    };
    const { Account } = await new STSClient(ground.config(credentials, 'person')).send(
      new GetCallerIdentityCommand({}),
    );
    expect(Account).toBe(ACCOUNT);
    await scene.giveBack();
    ground.pass(40);
    await scene.round();
    const { grant, read: found } = await read({ ground, store: () => scene.store() });
    expect(grant.accessKeyIds).not.toContain(credentials.accessKeyId);
    expect(found).toMatchObject({
      evidence: {
        events: expect.arrayContaining([
          expect.objectContaining({ action: 'GetCallerIdentity', accessKeyId: credentials.accessKeyId }),
        ]),
      },
    });
  });

  it('is not what was attached: said, not shown', async () => {
    const { scene, ground } = await used();
    await scene.giveBack();
    ground.pass(40);
    await scene.round();
    for (const key of scene.objects.keys()) scene.objects.set(key, Buffer.from('{}'));
    await expect(read({ ground, store: () => scene.store() })).rejects.toMatchObject({
      code: 'evidence-altered',
    });
  });
});

describe('what could not be read', () => {
  it('of one Region is said, and looked at again with growing distance', async () => {
    const { scene, ground } = await used();
    ground.aws.account(ACCOUNT).setRegion('eu-west-1', 'DISABLED');
    await scene.giveBack();
    const lookedAfter: number[] = [];
    for (let minutes = 5; minutes < 1800; minutes += minutes < 65 ? 5 : 60) {
      ground.aws.clock.set(plus('2026-10-15T09:00:00.000Z', minutes * 60_000));
      if ((await scene.round()).attached.length > 0) lookedAfter.push(minutes);
    }
    expect(lookedAfter).toEqual([15, 30, 60, 125, 245, 485, 965, 1445]);
    const { grant, read: found } = await read({ ground, store: () => scene.store() });
    expect(grant.evidence).toMatchObject({ events: 2, complete: false });
    expect(found).toMatchObject({ evidence: { missing: [expect.stringMatching(/^eu-west-1: /)] } });
    expect(afterUse(grant, ground.now)).toBe('review-due');
  });

  it.each<[string, FaultEffect]>([
    ['denied', 'error'],
    ['throttled for long', 'throttle'],
    ['out of reach', 'timeout'],
  ])(
    'all of it, %s: recorded each time, and attached as empty and incomplete after a day',
    async (_n, effect) => {
      const { scene, ground } = await used();
      ground.aws.faults.add({
        match: { service: 'cloudtrail' },
        effect,
        ...(effect === 'error' ? { code: 'AccessDeniedException', status: 400 } : {}),
        times: FOREVER,
      });
      await scene.giveBack();
      ground.pass(20);
      const round = await scene.round();
      expect([...round.failed.keys()]).toEqual([`evidence of ${GRANT_ID}`]);
      expect(round.attached).toEqual([]);
      expect((await ground.types()).at(-1)).toBe('grant.told');
      expect(await ground.types()).toContain('grant.evidence-failed');
      ground.aws.clock.advance(DAY_MS);
      expect((await scene.round()).attached).toEqual([{ grantId: GRANT_ID, complete: false }]);
      expect((await ground.grant())?.evidence).toMatchObject({ events: 0, complete: false });
    },
  );

  it('is read after all once it can be', async () => {
    const { scene, ground } = await used();
    ground.aws.faults.add({ match: { service: 'cloudtrail' }, effect: 'timeout', times: 8 * 6 });
    await scene.giveBack();
    ground.pass(30);
    expect((await scene.round()).attached).toEqual([]);
    ground.pass(30);
    expect((await scene.round()).attached).toEqual([{ grantId: GRANT_ID, complete: true }]);
  });
});

describe('credentials that were made or shown get a finding with a rotation to follow', () => {
  it('once each, naming the grant, the call and the way out', async () => {
    const { scene, ground, session } = await used();
    const iam = new IAMClient(scene.as(session));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ana' }));
    ground.pass(1);
    await scene.giveBack();
    ground.pass(16);
    const round = await scene.round();
    const keyId = `arn:aws:iam::${ACCOUNT}:user/people/ana/access-key/${AccessKey?.AccessKeyId}`;
    expect(round.exposed).toContain(keyId);
    expect(round.exposed).toHaveLength(2);
    ground.pass(30);
    await scene.round();
    for (const id of round.exposed) {
      const events = await ground.events(`credential#${id}`);
      expect(events).toMatchObject([{ type: 'finding.opened', rule: 'break-glass-exposed' }]);
      expect(JSON.stringify(events)).toContain(`under break-glass grant ${GRANT_ID} (database-admin, ana)`);
      expect(JSON.stringify(events)).toContain('janitor rotate');
    }
  });

  it('one that cannot be named leaves the evidence incomplete, and is tried again', async () => {
    const { scene, ground } = await used();
    ground.aws.faults.add({
      match: { service: 'secretsmanager', operation: 'DescribeSecret' },
      effect: 'error',
      code: 'AccessDeniedException',
      status: 400,
    });
    await scene.giveBack();
    ground.pass(40);
    expect(await scene.round()).toMatchObject({ attached: [{ complete: false }], exposed: [] });
    const { read: found } = await read({ ground, store: () => scene.store() });
    expect(found).toMatchObject({
      evidence: { missing: [expect.stringMatching(/^secret orders\/db has no finding yet/)] },
    });
    ground.pass(30);
    expect(await scene.round()).toMatchObject({
      attached: [{ complete: true }],
      exposed: [expect.anything()],
    });
  });

  it('only by the one who had it: a denied read shows nothing', async () => {
    const { scene, ground } = await used();
    const session = await ground.renew(ANA);
    if (session.outcome !== 'started') throw new Error(session.outcome);
    ground.aws.account(ACCOUNT).addSecret('eu-west-1', { name: 'payroll', value: VALUE });
    ground.aws.account(ACCOUNT).deny(ROLE_ARN, ['secretsmanager:*']);
    await new SecretsManagerClient(scene.as(session.session, 'eu-west-1'))
      .send(new GetSecretValueCommand({ SecretId: 'payroll' }))
      .catch(() => undefined);
    ground.aws.account(ACCOUNT).allow(ROLE_ARN);
    await scene.giveBack();
    ground.pass(40);
    const { exposed } = await scene.round();
    expect(exposed.filter((id) => id.includes('payroll'))).toEqual([]);
    expect(exposed).toHaveLength(1);
  });
});
