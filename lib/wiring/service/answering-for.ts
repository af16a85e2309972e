import type { Actor } from '../../domain/actor.ts';
import type { Instant } from '../../domain/time.ts';
import { workloadOf } from '../../identity/index.ts';
import { callerDirectoryOf, type Policy } from '../../policy/index.ts';

/** Persons who answer for who did something, as sponsors of an agent or an outside party: they decide nothing about it (I11). */
export function answeringFor(policy: Policy, { arn, outsideParty }: Actor, now: Instant): readonly string[] {
  const agent = callerDirectoryOf(policy, now).agentOf(workloadOf(arn) ?? arn);
  const parties = policy.directory.externalParties.filter(({ id }) => id === outsideParty);
  return [agent?.sponsor, ...parties.map(({ sponsor }) => sponsor)].filter((id) => id !== undefined);
}
