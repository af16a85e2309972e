import { GetUserCommand, ListUserTagsCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { HttpResponse } from '@smithy/core/protocols';
import type { SdkError } from '@smithy/types';
import { describe, expect, test } from 'vitest';
import { createAwsClients } from '../../lib/aws/index.ts';
import { ReadRetryStrategy } from '../../lib/aws/retry.ts';
import { EmbeddedAws, type FaultEffect } from '../../lib/embedded-aws/index.ts';

const FOREVER = Number.POSITIVE_INFINITY;

async function embedded() {
  const aws = new EmbeddedAws();
  const account = aws.account('111122223333');
  account.addUser({ name: 'ana', path: '/people/' });
  const clients = await createAwsClients({
    region: 'eu-central-1',
    credentials: account.credentials(),
    requestHandler: () => aws.requestHandler(),
    retryDelays: 'none',
  });
  const tagsOf = () => clients.iam.send(new ListUserTagsCommand({ UserName: 'ana' }));
  return { aws, account, clients, tagsOf };
}

describe('reads are retried without sleeping when embedded', () => {
  test.each(['throttle', 'timeout', 'answer-lost'] satisfies FaultEffect[])('after %s', async (effect) => {
    const { aws, clients, tagsOf } = await embedded();
    aws.faults.add({ match: { operation: 'ListUserTags' }, effect, times: 5 });
    await expect(tagsOf()).resolves.toMatchObject({ Tags: [] });
    expect(clients.recorder.counts()).toEqual({ 'iam:ListUserTags': 6 });
  });

  test('and given up after eight attempts', async () => {
    const { aws, clients, tagsOf } = await embedded();
    aws.faults.add({ match: { operation: 'ListUserTags' }, effect: 'throttle', times: FOREVER });
    await expect(tagsOf()).rejects.toThrow();
    expect(clients.recorder.attempts).toBe(8);
    expect(clients.recorder.throttles).toBe(8);
  });

  test('a denial is not retried', async () => {
    const { account, clients, tagsOf } = await embedded();
    account.deny('*', ['iam:ListUserTags']);
    await expect(tagsOf()).rejects.toThrow();
    expect(clients.recorder.attempts).toBe(1);
  });
});

describe('acts are attempted once (I7: never repeated blindly)', () => {
  test.each(['throttle', 'timeout', 'answer-lost', 'error'] satisfies FaultEffect[])(
    'after %s',
    async (effect) => {
      const { aws, account, clients } = await embedded();
      const { id } = account.addAccessKey('ana');
      aws.faults.add({ match: { operation: 'UpdateAccessKey' }, effect, times: FOREVER });
      const act = clients.acting.iam.send(
        new UpdateAccessKeyCommand({ UserName: 'ana', AccessKeyId: id, Status: 'Inactive' }),
      );
      await expect(act).rejects.toThrow();
      expect(clients.recorder.counts()).toEqual({ 'iam:UpdateAccessKey': 1 });
    },
  );
});

describe('the recorder', () => {
  test('counts what was sent by operation, as the embedded AWS saw it', async () => {
    const { aws, clients, tagsOf } = await embedded();
    await Promise.all([tagsOf(), tagsOf(), clients.iam.send(new GetUserCommand({ UserName: 'ana' }))]);
    await clients.secretsManager('eu-west-3').send(new ListSecretsCommand({}));
    expect(clients.recorder.counts()).toEqual({
      'iam:GetUser': 1,
      'iam:ListUserTags': 2,
      'secretsmanager:ListSecrets': 1,
    });
    expect(clients.recorder.counts()).toEqual(aws.calls.counts());
    expect(clients.recorder.attempts).toBe(4);
    expect(clients.recorder.throttles).toBe(0);
  });

  test('does not count what was never sent for want of credentials', async () => {
    const aws = new EmbeddedAws();
    const clients = await createAwsClients({
      region: 'eu-central-1',
      credentials: () => Promise.reject(new Error('no credentials')),
      requestHandler: () => aws.requestHandler(),
    });
    await expect(clients.iam.send(new GetUserCommand({}))).rejects.toThrow('no credentials');
    expect(clients.recorder.attempts).toBe(0);
  });
});

test('throttling lowers the concurrency of everything that goes through the limiter', async () => {
  const { aws, clients, tagsOf } = await embedded();
  const before = clients.limiter.concurrency;
  aws.faults.add({ match: { operation: 'ListUserTags' }, effect: 'throttle' });
  await clients.limiter.run(tagsOf);
  expect(clients.limiter.concurrency).toBeLessThan(before);
});

test('a Region has one client, however often it is asked for; IAM is called where its partition keeps it', async () => {
  const { aws, clients } = await embedded();
  expect(clients.secretsManager('eu-west-3')).toBe(clients.secretsManager('eu-west-3'));
  expect(clients.secretsManager('eu-west-3')).not.toBe(clients.secretsManager('eu-west-1'));
  expect(clients.secretsManager('eu-west-3')).not.toBe(clients.acting.secretsManager('eu-west-3'));
  await clients.iam.send(new GetUserCommand({ UserName: 'ana' }));
  await clients.secretsManager('eu-west-3').send(new ListSecretsCommand({}));
  expect(aws.calls.all.map((call) => `${call.operation} ${call.region}`)).toEqual([
    'GetUser us-east-1',
    'ListSecrets eu-west-3',
  ]);
});

test('credentials are asked for once, not once per client', async () => {
  const aws = new EmbeddedAws();
  const known = aws.account('111122223333').credentials();
  let asked = 0;
  const clients = await createAwsClients({
    region: 'eu-central-1',
    credentials: async () => {
      asked += 1;
      return { ...known, expiration: new Date(8.64e15) };
    },
    requestHandler: () => aws.requestHandler(),
  });
  for (const region of ['eu-west-1', 'eu-west-2', 'eu-west-3']) {
    await clients.secretsManager(region).send(new ListSecretsCommand({}));
  }
  expect(asked).toBe(1);
});

describe('a page of HTML instead of an answer', () => {
  /** A strategy's verdict on one error of that kind. */
  async function isRetried(endpointIsAws: boolean): Promise<boolean> {
    const strategy = new ReadRetryStrategy('none', endpointIsAws);
    const token = await strategy.acquireInitialRetryToken('');
    const page = new HttpResponse({ statusCode: 500, headers: { 'content-type': 'text/html' } });
    const error: SdkError = { name: 'Unknown', message: 'a page', $metadata: {}, $response: page };
    return strategy.refreshRetryTokenForRetry(token, { error, errorType: 'TRANSIENT' }).then(
      () => true,
      () => false,
    );
  }

  test('from AWS is a gateway in trouble and asked again; from an emulator it is its way to say no', async () => {
    expect(await isRetried(true)).toBe(true);
    expect(await isRetried(false)).toBe(false);
  });
});
