import type { ApiCaller, activateBody, activationView, policyView } from '../../api/index.ts';
import { foldActivation, proposalAt } from '../../domain/account-chains.ts';
import type { Actor } from '../../domain/actor.ts';
import { JanitorError } from '../../domain/error.ts';
import { subjects } from '../../domain/subject.ts';
import type * as z from '../../domain/zod.ts';
import { approvalFor, diffPolicies } from '../../policy/index.ts';
import { activatePolicy } from '../../sweep/index.ts';
import { decider, insider, oneOfOurs } from './callers.ts';
import type { ServiceDesk } from './desk.ts';
import { recordingContext } from './recording-context.ts';

/** The versions active and deployed, what would change between them, and who still has to agree. */
export async function getPolicy(desk: ServiceDesk, caller: ApiCaller): Promise<z.output<typeof policyView>> {
  const { active, proposals } = foldActivation(await desk.ledger.chain(subjects.activation));
  // Whoever activates the first version has to see which it is, and need not be known.
  const { policy } = await (active === undefined ? oneOfOurs : insider)(desk, caller);
  const { deployed } = desk;
  const isActive = active?.hash === deployed.hash;
  const proposal = proposalAt({ proposals }, deployed.hash, desk.clock.now());
  const { group, quorum } = approvalFor(policy, 'policy');
  const judged = active === undefined || isActive ? undefined : { needed: proposal?.needed ?? quorum, group };
  return {
    ...(active === undefined ? {} : { active: { hash: active.hash, since: active.at } }),
    deployed: deployed.hash,
    approvals: isActive ? 0 : (proposal?.approvals.length ?? 0),
    needed: judged?.needed ?? 0,
    ...(judged === undefined ? {} : { approverGroup: judged.group }),
    ...(proposal === undefined ? {} : { proposedBy: proposal.by }),
    ...(proposal?.lapsesAt === undefined ? {} : { lapsesAt: proposal.lapsesAt }),
    differences: active === undefined ? [] : diffPolicies(policy, deployed),
  };
}

/**
 * Proposes or approves the deployed version, as the version active before it says (G8). The first is the deployer's, whom
 * its directory need not know.
 */
export async function activate(
  desk: ServiceDesk,
  caller: ApiCaller,
  { hash }: z.output<typeof activateBody>,
): Promise<z.output<typeof activationView>> {
  const { active } = foldActivation(await desk.ledger.chain(subjects.activation));
  // The first version is the deployer's to activate, whom its directory need not know.
  const actor =
    active === undefined ? await deployer(desk, caller) : (await decider(desk, caller)).caller.actor;
  const { deployed } = desk;
  if (deployed.hash !== hash) throw notDeployed(deployed.hash, hash);
  return activatePolicy(recordingContext(desk, deployed, actor));
}

/** Somebody of the janitor's own account: from elsewhere nobody can have deployed it. */
async function deployer(desk: ServiceDesk, caller: ApiCaller): Promise<Actor> {
  const { actor } = await oneOfOurs(desk, caller);
  if (desk.self.arn.split(':')[4] === caller.accountId) return actor;
  throw new JanitorError(
    `${caller.arn} is of another account than the janitor, and no version is active yet`,
    {
      code: 'not-an-approver',
      source: 'policy',
      hint: 'The first version is activated from the account that the janitor is deployed in.',
    },
  );
}

function notDeployed(deployed: string, asked: string): JanitorError {
  return new JanitorError(`the janitor runs policy ${deployed}, not ${asked}`, {
    code: 'policy-not-deployed',
    source: 'user',
    hint: 'Deploy the policy you mean first, or activate the one that is deployed.',
    details: { deployed, asked },
  });
}
