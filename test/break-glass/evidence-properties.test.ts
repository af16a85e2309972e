import type { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AfterUseContext, followUpGrants, readEvidence } from '../../lib/break-glass/index.ts';
import { MINUTE_MS } from '../../lib/domain/time.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { AfterUseGround, REGIONS } from './after-use-ground.ts';

const LATEST = 15;
/** Minutes between rounds, as far as looks are apart. */
const ROUNDS = [15, 5, 10, 15, 15, 60, 120, 240, 480, 500] as const;

const use = fc.record({ region: fc.constantFrom(...REGIONS), iam: fc.boolean(), after: fc.nat(1) });
const fault = fc.record({
  round: fc.nat(4),
  effect: fc.constantFrom('throttle', 'timeout', 'answer-lost', 'error'),
  times: fc.integer({ min: 1, max: 30 }),
});

/** CloudTrail may show an event on two pages when others arrive in between: each is shown twice here. */
function twice(client: CloudTrailClient): CloudTrailClient {
  const send = async (command: LookupEventsCommand) => {
    const page = await client.send(command);
    return { ...page, Events: [...(page.Events ?? []), ...(page.Events ?? [])] };
  };
  return Object.assign(Object.create(client) as CloudTrailClient, { send });
}

async function follower(scene: AfterUseGround): Promise<AfterUseContext> {
  const context = await scene.context();
  return {
    ...context,
    openAccount: async (accountId) => {
      const account = await context.openAccount(accountId);
      return { ...account, cloudTrail: (region) => twice(account.cloudTrail(region)) };
    },
  };
}

it('I6 I17: late, repeated and lost answers, two reconcilers at once: the evidence comes to every call, once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(use, { maxLength: 8 }),
      fc.array(fc.nat(LATEST * MINUTE_MS), { minLength: 1, maxLength: 5 }),
      fc.array(fault, { maxLength: 4 }),
      async (uses, delays, faults) => {
        let delivered = 0;
        const trailDelayMs = () => {
          delivered += 1;
          return delays[delivered % delays.length] ?? 0;
        };
        const scene = await AfterUseGround.open({ aws: { trailDelayMs } });
        const { ground } = scene;
        const session = await ground.started();
        for (const { region, iam, after } of uses) {
          ground.pass(after);
          const config = scene.as(session, region);
          const call = iam
            ? new IAMClient(config).send(new ListUsersCommand({}))
            : new STSClient(config).send(new GetCallerIdentityCommand({}));
          await call.catch(() => undefined);
        }
        await scene.giveBack();
        const made = ground.aws.calls.all.filter(({ process }) => process === 'person').length;
        for (const [index, minutes] of ROUNDS.entries()) {
          ground.pass(minutes);
          const planted = faults
            .filter(({ round }) => round === index)
            .map(({ effect, times }) =>
              ground.aws.faults.add({ match: { service: 'cloudtrail' }, effect, times }),
            );
          const both = await Promise.all([follower(scene), follower(scene)]);
          await Promise.all(both.map((context) => followUpGrants(context, [GRANT_ID])));
          for (const each of planted) each.remove();
        }
        const grant = await ground.grant();
        if (grant === undefined) throw new Error('no grant');
        const found = await readEvidence(scene.store(), grant);
        if (found.state !== 'attached') throw new Error(found.state);
        expect(found.evidence).toMatchObject({ complete: true, missing: [] });
        expect(found.evidence.events).toHaveLength(made);
        expect(new Set(found.evidence.events.map(({ eventId }) => eventId)).size).toBe(made);
        const attached = (await ground.types()).filter((type) => type === 'grant.evidence-attached');
        expect(attached.length).toBeLessThanOrEqual(8);
      },
    ),
    { numRuns: 12 },
  );
});
