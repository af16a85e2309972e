import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { collectEvidence } from '../../lib/break-glass/collect-evidence.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { AfterUseGround, REGIONS } from './after-use-ground.ts';

const VALUE = 'the-value-nobody-may-write-down';

describe('I17: evidence of a grant whose sessions somebody named or made to confuse it', () => {
  it('is of its own sessions only, though its id was chosen to be the name of others', async () => {
    const scene = await AfterUseGround.open();
    const { ground } = scene;
    const account = ground.aws.account(ACCOUNT);
    account.addSecret('eu-central-1', { name: 'orders/db', value: VALUE });
    const open = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }],
    };
    const all = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    account.addRole({ name: 'orders', trust: open, inlinePolicies: [all] });
    const asAdmin = new STSClient(ground.config(account.credentials(), 'service'));
    const { Credentials } = await asAdmin.send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${ACCOUNT}:role/orders`, RoleSessionName: GRANT_ID }),
    );
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    await ground.started();
    const service = new SecretsManagerClient(ground.config(credentials, 'service'));
    await service.send(new PutSecretValueCommand({ SecretId: 'orders/db', SecretString: VALUE }));
    await scene.giveBack();
    ground.pass(40);
    expect((await scene.round()).exposed).toEqual([]);
    expect((await ground.grant())?.evidence).toMatchObject({ events: 0, complete: true });
  });

  it('of thousands of sessions is found by their name: the next round is not waited for', async () => {
    const scene = await AfterUseGround.open();
    const { ground } = scene;
    await ground.started();
    await scene.giveBack();
    ground.pass(40);
    const grant = await ground.grant();
    if (grant === undefined) throw new Error('no grant');
    const accessKeyIds = Array.from({ length: 5_000 }, (_, number) => `ASIA${number}`);
    const stood = { grant: { ...grant, accessKeyIds }, state: 'ended', events: [], now: ground.now } as const;
    const collected = await collectEvidence(await scene.context(), { ...stood, recorded: false });
    expect(collected).toMatchObject({ outcome: 'attached', evidence: { complete: true } });
    expect(scene.pauses.length / REGIONS.length).toBeLessThan(100);
  });
});
