import { ListUsersCommand } from '@aws-sdk/client-iam';
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Throttle } from '../../lib/embedded-aws/world/throttle.ts';
import { oneAccount } from './one-account.ts';

/** How many calls are answered before one is refused, and with what. */
async function burst(call: () => Promise<unknown>): Promise<{ answered: number; name: string }> {
  for (let answered = 0; ; answered++) {
    try {
      await call();
    } catch (error) {
      return { answered, name: error instanceof Error ? error.name : '' };
    }
  }
}

describe('throttling', () => {
  it('is off unless asked for', async () => {
    const { aws, iam } = oneAccount();
    for (let call = 0; call < 200; call++) await iam.send(new ListUsersCommand({}));
    expect(aws.calls.all.every((call) => call.outcome === 'ok')).toBe(true);
  });

  it("has IAM's own code, a bucket per API, and refills with embedded time", async () => {
    const { aws, iam } = oneAccount({ throttling: true });
    const list = () => burst(() => iam.send(new ListUsersCommand({})));
    expect(await list()).toEqual({ answered: 40, name: 'Throttling' });
    expect((await list()).answered).toBe(0);
    aws.clock.advance(1000);
    expect((await list()).answered).toBe(20);
  });

  it("has Secrets Manager's own code and its published rate, in each Region", async () => {
    const { secrets, as } = oneAccount({ throttling: true });
    const list = (client: typeof secrets) => burst(() => client.send(new ListSecretsCommand({})));
    expect(await list(secrets)).toEqual({ answered: 100, name: 'ThrottlingException' });
    expect((await list(as({ region: 'eu-west-1' }).secrets)).answered).toBe(100);
  });
});

it('a token bucket never admits more than its burst plus what flowed in', () => {
  const rate = { perSecond: 3, burst: 5 };
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2000 })), (waits) => {
      const throttle = new Throttle();
      let now = 0;
      let admitted = 0;
      for (const wait of waits) {
        now += wait;
        if (throttle.admit('x', rate, now)) admitted += 1;
      }
      expect(admitted).toBeLessThanOrEqual(rate.burst + (now / 1000) * rate.perSecond);
    }),
  );
});
