import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  ListUserTagsCommand,
  TagUserCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import {
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Eventual } from '../../lib/embedded-aws/world/eventual.ts';
import { errorName, listedKeys, oneAccount } from './one-account.ts';

const DELAY = 30_000;

describe('a change is durable at once and visible to reads later', () => {
  it('a new key', async () => {
    const { aws, account, iam, as } = oneAccount({ consistencyDelayMs: DELAY });
    account.addUser({ name: 'ann' });
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
    const id = AccessKey?.AccessKeyId ?? '';
    const { sts } = as({
      credentials: { accessKeyId: id, secretAccessKey: AccessKey?.SecretAccessKey ?? '' },
    });
    expect(await listedKeys(iam, 'ann')).toEqual({});
    expect(await errorName(sts.send(new GetCallerIdentityCommand({})))).toBe('InvalidClientTokenId');
    aws.clock.advance(DELAY);
    expect(await listedKeys(iam, 'ann')).toEqual({ [id]: 'Active' });
    expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toMatch(/user\/ann$/);
  });

  it('a disabled key goes on signing until then', async () => {
    const { aws, account, iam, as } = oneAccount({ consistencyDelayMs: DELAY });
    account.addUser({ name: 'ann' });
    const { id, secretAccessKey } = account.addAccessKey('ann');
    const { sts } = as({ credentials: { accessKeyId: id, secretAccessKey } });
    await iam.send(new UpdateAccessKeyCommand({ UserName: 'ann', AccessKeyId: id, Status: 'Inactive' }));
    expect(await listedKeys(iam, 'ann')).toEqual({ [id]: 'Active' });
    await sts.send(new GetCallerIdentityCommand({}));
    expect(aws.snapshot()).toMatchObject({
      accounts: { '111122223333': { users: { ann: { keys: { [id]: { status: 'Inactive' } } } } } },
    });
    aws.clock.advance(DELAY);
    expect(await listedKeys(iam, 'ann')).toEqual({ [id]: 'Inactive' });
    expect(await errorName(sts.send(new GetCallerIdentityCommand({})))).toBe('InvalidClientTokenId');
  });

  it('a deleted key stays listed until then, but cannot be changed', async () => {
    const { aws, account, iam } = oneAccount({ consistencyDelayMs: DELAY });
    account.addUser({ name: 'ann' });
    const { id } = account.addAccessKey('ann');
    await iam.send(new DeleteAccessKeyCommand({ UserName: 'ann', AccessKeyId: id }));
    expect(await listedKeys(iam, 'ann')).toEqual({ [id]: 'Active' });
    const update = iam.send(
      new UpdateAccessKeyCommand({ UserName: 'ann', AccessKeyId: id, Status: 'Inactive' }),
    );
    expect(await errorName(update)).toBe('NoSuchEntityException');
    aws.clock.advance(DELAY);
    expect(await listedKeys(iam, 'ann')).toEqual({});
  });

  it('tags of a user', async () => {
    const { aws, account, iam } = oneAccount({ consistencyDelayMs: DELAY });
    account.addUser({ name: 'ann' });
    await iam.send(new TagUserCommand({ UserName: 'ann', Tags: [{ Key: 'a', Value: 'b' }] }));
    const read = async () => (await iam.send(new ListUserTagsCommand({ UserName: 'ann' }))).Tags;
    expect(await read()).toEqual([]);
    aws.clock.advance(DELAY);
    expect(await read()).toEqual([{ Key: 'a', Value: 'b' }]);
  });

  it('the resource policy of a secret, which does not bite until then', async () => {
    const { aws, account, secrets } = oneAccount({ consistencyDelayMs: DELAY });
    account.addSecret('eu-central-1', { name: 'db', value: 'planted' });
    const ResourcePolicy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: 'secretsmanager:GetSecretValue', Resource: '*' }],
    });
    await secrets.send(new PutResourcePolicyCommand({ SecretId: 'db', ResourcePolicy }));
    expect(
      (await secrets.send(new GetResourcePolicyCommand({ SecretId: 'db' }))).ResourcePolicy,
    ).toBeUndefined();
    await secrets.send(new GetSecretValueCommand({ SecretId: 'db' }));
    aws.clock.advance(DELAY);
    expect(await errorName(secrets.send(new GetSecretValueCommand({ SecretId: 'db' })))).toBe(
      'AccessDeniedException',
    );
  });
});

describe('an eventual value', () => {
  it('reads as the latest write that is old enough, whatever the order of writes and reads', () => {
    const step = fc.record({ wait: fc.nat({ max: 50 }), value: fc.option(fc.nat(), { nil: undefined }) });
    fc.assert(
      fc.property(fc.nat({ max: 40 }), fc.array(step), (delay, steps) => {
        const eventual = new Eventual(-1);
        const writes = [{ at: Number.NEGATIVE_INFINITY, value: -1 }];
        let now = 0;
        for (const { wait, value } of steps) {
          now += wait;
          if (value !== undefined) {
            eventual.write(value, now, now + delay);
            writes.push({ at: now, value });
          }
          expect(eventual.read(now)).toBe(writes.findLast((write) => write.at + delay <= now)?.value);
          expect(eventual.durable).toBe(writes.at(-1)?.value);
        }
      }),
    );
  });
});
