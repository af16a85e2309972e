import { CreateAccessKeyCommand, ListUsersCommand, TagUserCommand } from '@aws-sdk/client-iam';
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import type { FaultEffect } from '../../lib/embedded-aws/index.ts';
import { errorName, listedKeys, oneAccount, thrown } from './one-account.ts';

const tag = (Value: string) => new TagUserCommand({ UserName: 'ann', Tags: [{ Key: 'k', Value }] });

function withAnn() {
  const world = oneAccount();
  world.account.addUser({ name: 'ann' });
  return world;
}

describe('what each fault does to a change and to its caller', () => {
  it.each<[FaultEffect, { error: string; applied: boolean; outcome: string }]>([
    ['error', { error: 'ServiceFailure', applied: false, outcome: 'ServiceFailure' }],
    ['throttle', { error: 'Throttling', applied: false, outcome: 'Throttling' }],
    ['timeout', { error: 'TimeoutError', applied: false, outcome: 'timeout' }],
    ['answer-lost', { error: 'TimeoutError', applied: true, outcome: 'answer-lost' }],
    ['crash', { error: 'ProcessCrash', applied: false, outcome: 'crash' }],
    ['crash-after', { error: 'ProcessCrash', applied: true, outcome: 'crash-after' }],
  ])('%s', async (effect, { error, applied, outcome }) => {
    const { aws, iam } = withAnn();
    aws.faults.add({ match: { operation: 'TagUser' }, effect, code: 'ServiceFailure' });
    expect(await errorName(iam.send(tag('v')))).toBe(
      error.replace('ServiceFailure', 'ServiceFailureException'),
    );
    expect(aws.changes.of('ann').map((change) => change.after)).toEqual(
      applied ? [{ tags: { k: 'v' } }] : [],
    );
    expect(aws.calls.all.map((call) => call.outcome)).toEqual([outcome]);
  });
});

describe('the SDK takes a fault for what it is', () => {
  it.each<FaultEffect>(['error', 'throttle', 'timeout', 'answer-lost'])(
    '%s is tried again',
    async (effect) => {
      const { aws, as } = withAnn();
      aws.faults.add({ match: { operation: 'TagUser' }, effect, status: 503 });
      const { $metadata } = await as({ maxAttempts: 2 }).iam.send(tag('v'));
      expect($metadata.attempts).toBe(2);
      expect(aws.calls.counts()).toEqual({ 'iam:TagUser': 2 });
    },
  );

  it.each<FaultEffect>(['crash', 'crash-after'])('%s is never tried again', async (effect) => {
    const { aws, as } = withAnn();
    aws.faults.add({ match: { operation: 'TagUser' }, effect });
    const error = await thrown(as({ maxAttempts: 5 }).iam.send(tag('v')));
    expect(error).toMatchObject({ name: 'ProcessCrash', process: 'main' });
    expect(aws.calls.size).toBe(1);
  });

  it('a lost answer to CreateAccessKey leaves a key nobody knows', async () => {
    const { aws, iam } = withAnn();
    aws.faults.add({ match: { operation: 'CreateAccessKey' }, effect: 'answer-lost' });
    await thrown(iam.send(new CreateAccessKeyCommand({ UserName: 'ann' })));
    expect(Object.values(await listedKeys(iam, 'ann'))).toEqual(['Active']);
  });
});

describe('which calls a fault meets', () => {
  it('from the nth match on, as often as told, counted over matching calls only', async () => {
    const { aws, iam, secrets } = withAnn();
    const fault = aws.faults.add({ match: { service: 'iam', nth: 2 }, effect: 'throttle', times: 2 });
    const outcomes: string[] = [];
    for (let call = 0; call < 5; call++) {
      await secrets.send(new ListSecretsCommand({}));
      outcomes.push(
        await iam.send(new ListUsersCommand({})).then(
          () => 'ok',
          () => 'refused',
        ),
      );
    }
    expect(outcomes).toEqual(['ok', 'refused', 'refused', 'ok', 'ok']);
    expect([fault.seen, fault.fired]).toEqual([5, 2]);
  });

  it.each([
    [{ process: 'other' }],
    [{ accountId: '999999999999' }],
    [{ region: 'eu-west-1' }],
    [{ operation: 'ListRoles' }],
    [{ when: () => false }],
  ])('not one outside its match %o', async (match) => {
    const { aws, iam } = withAnn();
    aws.faults.add({ match, effect: 'error' });
    await iam.send(new ListUsersCommand({}));
  });

  it('by what the request says', async () => {
    const { aws, account, iam } = withAnn();
    account.addUser({ name: 'bob' });
    aws.faults.add({
      match: { when: ({ request }) => request.body.includes('UserName=bob') },
      effect: 'error',
      times: Infinity,
    });
    await listedKeys(iam, 'ann');
    expect(await errorName(listedKeys(iam, 'bob'))).toBe('InternalFailure');
    aws.faults.clear();
    await listedKeys(iam, 'bob');
  });

  it.each([{ match: { nth: 0 } }, { match: {}, times: 0 }])('never: %o is refused', (fault) => {
    const { aws } = oneAccount();
    expect(() => aws.faults.add({ ...fault, effect: 'error' })).toThrow(/nth and times/);
  });
});

describe('a crashed process', () => {
  it('gets no more answers, while others do, until it is started again', async () => {
    const { aws, as } = withAnn();
    const one = as({ process: 'sweep-1' });
    const two = as({ process: 'sweep-2' });
    aws.faults.add({ match: { process: 'sweep-1' }, effect: 'crash' });
    await thrown(one.iam.send(tag('lost')));
    expect(await errorName(one.secrets.send(new ListSecretsCommand({})))).toBe('ProcessCrash');
    await two.iam.send(tag('kept'));
    expect(aws.calls.all.map((call) => [call.process, call.outcome])).toEqual([
      ['sweep-1', 'crash'],
      ['sweep-2', 'ok'],
    ]);
    aws.faults.revive('sweep-1');
    await one.iam.send(tag('again'));
  });

  it('takes its requests in flight with it', async () => {
    const { aws, account, as } = oneAccount({ latencyMs: 5 });
    account.addUser({ name: 'ann' });
    const { iam } = as({ process: 'p' });
    aws.faults.add({ match: { operation: 'ListUsers' }, effect: 'crash' });
    const calls = [iam.send(new ListUsersCommand({})), iam.send(tag('v'))];
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map((each) => each.status)).toEqual(['rejected', 'rejected']);
    expect(aws.changes.all).toEqual([]);
  });
});

it('an aborted call says so', async () => {
  const { iam } = withAnn();
  const call = iam.send(new ListUsersCommand({}), { abortSignal: AbortSignal.abort() });
  expect(await errorName(call)).toBe('AbortError');
});
