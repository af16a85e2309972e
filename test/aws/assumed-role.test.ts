import { describe, expect, test } from 'vitest';
import { assumedRole, createAwsClients } from '../../lib/aws/index.ts';
import { EmbeddedAws } from '../../lib/embedded-aws/index.ts';

const ACCOUNT = '111122223333';
const TRUST = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' },
  ],
};
const NOW = '2026-03-01T09:00:00.000Z';

async function hub() {
  const aws = new EmbeddedAws({ now: NOW });
  const account = aws.account(ACCOUNT);
  const role = account.addRole({ name: 'member-read', path: '/credential-janitor/', trust: TRUST });
  const clients = await createAwsClients({
    region: 'eu-central-1',
    credentials: account.credentials(),
    requestHandler: () => aws.requestHandler(),
    retryDelays: 'none',
  });
  let now = Date.parse(NOW);
  const assumptions = () => aws.calls.counts()['sts:AssumeRole'] ?? 0;
  return {
    aws,
    clients,
    roleArn: role.arn,
    assumptions,
    later: (millis: number) => (now += millis),
    now: () => now,
  };
}

describe('credentials of a role', () => {
  test('many clients that ask at once are answered by one AssumeRole', async () => {
    const { clients, roleArn, assumptions, now } = await hub();
    const credentials = assumedRole(clients.sts, { roleArn, sessionName: 'test' }, now);
    const all = await Promise.all(Array.from({ length: 20 }, () => credentials()));
    expect(new Set(all.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
    expect(assumptions()).toBe(1);
  });

  test('they are renewed before they end', async () => {
    const { clients, roleArn, assumptions, now, later } = await hub();
    const credentials = assumedRole(clients.sts, { roleArn, sessionName: 'test' }, now);
    await credentials();
    later(50 * 60_000);
    await credentials();
    expect(assumptions()).toBe(1);
    later(6 * 60_000);
    await credentials();
    expect(assumptions()).toBe(2);
  });

  test('a refusal is our error, is not kept, and names the role', async () => {
    const { clients, roleArn, now, aws } = await hub();
    const credentials = assumedRole(clients.sts, { roleArn, sessionName: 'test' }, now);
    aws.faults.add({
      match: { service: 'sts', operation: 'AssumeRole' },
      effect: 'error',
      code: 'AccessDenied',
      status: 403,
      times: 1,
    });
    await expect(credentials()).rejects.toMatchObject({ name: 'JanitorError', source: 'access' });
    expect(await credentials()).toMatchObject({ accessKeyId: expect.any(String) });
  });
});
