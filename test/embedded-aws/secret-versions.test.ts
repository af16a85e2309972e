import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { errorName, NOW, type OneAccount, oneAccount, REGION } from './one-account.ts';

const DAY_MS = 86_400_000;
const LAMBDA = 'arn:aws:lambda:eu-central-1:111122223333:function:rotate';

describe('rotation, as far as its state goes', () => {
  const rotating = { lambdaArn: LAMBDA, rules: { AutomaticallyAfterDays: 30 } };

  it('begins with a pending version and ends when that becomes current', async () => {
    const { aws, account, secrets } = oneAccount();
    account.addSecret(REGION, { name: 'db', value: 'one', rotation: { enabled: false, ...rotating } });
    const SecretId = 'db';
    const { VersionId } = await secrets.send(new RotateSecretCommand({ SecretId }));
    const first = await secrets.send(new GetSecretValueCommand({ SecretId }));
    const pending = { SecretId, VersionStage: 'AWSPENDING' };
    expect(await errorName(secrets.send(new GetSecretValueCommand(pending)))).toBe(
      'ResourceNotFoundException',
    );
    await secrets.send(
      new PutSecretValueCommand({
        SecretId,
        ClientRequestToken: VersionId,
        SecretString: 'two',
        VersionStages: ['AWSPENDING'],
      }),
    );
    aws.clock.advance(DAY_MS);
    await secrets.send(
      new UpdateSecretVersionStageCommand({
        SecretId,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: VersionId,
        RemoveFromVersionId: first.VersionId,
      }),
    );
    expect(await secrets.send(new DescribeSecretCommand({ SecretId }))).toMatchObject({
      RotationEnabled: true,
      LastRotatedDate: new Date('2026-03-02T09:00:00.000Z'),
      NextRotationDate: new Date('2026-04-01T09:00:00.000Z'),
      VersionIdsToStages: {
        [VersionId ?? '']: ['AWSPENDING', 'AWSCURRENT'],
        [first.VersionId ?? '']: ['AWSPREVIOUS'],
      },
    });
  });

  it('is refused while the last one is unfinished, and can be cancelled', async () => {
    const { account, secrets } = oneAccount();
    account.addSecret(REGION, { name: 'db', value: 'one', rotation: rotating });
    await secrets.send(new RotateSecretCommand({ SecretId: 'db' }));
    expect(await errorName(secrets.send(new RotateSecretCommand({ SecretId: 'db' })))).toBe(
      'InvalidRequestException',
    );
    await secrets.send(new CancelRotateSecretCommand({ SecretId: 'db' }));
    expect((await secrets.send(new DescribeSecretCommand({ SecretId: 'db' }))).RotationEnabled).toBe(false);
  });

  it.each<[string, Parameters<OneAccount['account']['addSecret']>[1]]>([
    ['owned by a service', { name: 'x', owningService: 'rds', rotation: rotating }],
    ['scheduled for deletion', { name: 'x', deletedAt: NOW, rotation: rotating }],
    ['without a function', { name: 'x' }],
  ])('is refused for a secret %s', async (_name, seed) => {
    const { account, secrets } = oneAccount();
    account.addSecret(REGION, seed);
    expect(await errorName(secrets.send(new RotateSecretCommand({ SecretId: 'x' })))).toBe(
      'InvalidRequestException',
    );
  });

  it('keeps the staging label from being taken from the wrong version', async () => {
    const { account, secrets } = oneAccount();
    account.addSecret(REGION, {
      name: 'db',
      versions: [
        { id: 'v1', value: '1', stages: ['AWSCURRENT'] },
        { id: 'v2', value: '2', stages: [] },
      ],
    });
    const move = { SecretId: 'db', VersionStage: 'AWSCURRENT', MoveToVersionId: 'v2' };
    expect(await errorName(secrets.send(new UpdateSecretVersionStageCommand(move)))).toBe(
      'InvalidParameterException',
    );
    const remove = { SecretId: 'db', VersionStage: 'AWSCURRENT', RemoveFromVersionId: 'v1' };
    expect(await errorName(secrets.send(new UpdateSecretVersionStageCommand(remove)))).toBe(
      'InvalidParameterException',
    );
  });
});

describe('a repeated request', () => {
  it('to create or to put with the same token is answered as the first was', async () => {
    const { secrets, aws } = oneAccount();
    const create = new CreateSecretCommand({
      Name: 'db',
      SecretString: 'one',
      ClientRequestToken: 't'.repeat(32),
    });
    const put = new PutSecretValueCommand({
      SecretId: 'db',
      SecretString: 'two',
      ClientRequestToken: 'u'.repeat(32),
    });
    for (const send of [() => secrets.send(create), () => secrets.send(put)]) {
      const before = aws.changes.all.length;
      const [first, second] = [await send(), await send()];
      expect(second.VersionId).toBe(first.VersionId);
      expect(aws.changes.all.length).toBe(before + 1);
    }
    const other = new PutSecretValueCommand({
      SecretId: 'db',
      SecretString: 'three',
      ClientRequestToken: 'u'.repeat(32),
    });
    expect(await errorName(secrets.send(other))).toBe('ResourceExistsException');
  });
});
