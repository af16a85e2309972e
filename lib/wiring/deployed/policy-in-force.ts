import { foldActivation } from '../../domain/account-chains.ts';
import { JanitorError } from '../../domain/error.ts';
import { subjects } from '../../domain/subject.ts';
import { type DynamoDecisionLedger, type EvidenceStore, readPolicyText } from '../../ledger/index.ts';
import type { Policy } from '../../policy/index.ts';
import { archivedPolicy } from '../archive.ts';

interface Places {
  readonly ledger: Pick<DynamoDecisionLedger, 'chain'>;
  readonly evidence: EvidenceStore;
  readonly policy: Policy;
}

/**
 * The version that says who people are and what they may decide: the one activated last, as it was archived then, and
 * the deployed one only before the first activation. A version that is merely deployed could otherwise name its own
 * approvers (G8, I11). Throws `policy-archive-missing`, `policy-archive-broken`.
 */
export function policyInForce({ ledger, evidence, policy: deployed }: Places): Promise<Policy> {
  return versionInForce({ ledger, deployed, archived: (hash) => archivedVersion(evidence, hash) });
}

/** The same for whoever keeps versions; `archived` is asked for one that is not deployed. */
export async function versionInForce({
  ledger,
  deployed,
  archived,
}: Pick<Places, 'ledger'> & {
  readonly deployed: Policy;
  readonly archived: (hash: string) => Promise<Policy>;
}): Promise<Policy> {
  const { active } = foldActivation(await ledger.chain(subjects.activation));
  return active === undefined || active.hash === deployed.hash ? deployed : archived(active.hash);
}

/** A version as it was archived. Throws `policy-archive-missing`, `policy-archive-broken`. */
export async function archivedVersion(evidence: EvidenceStore, hash: string): Promise<Policy> {
  const text = await readPolicyText(evidence, hash);
  if (text !== undefined) return archivedPolicy(text, hash);
  throw new JanitorError(`the active policy ${hash.slice(0, 12)} is missing from the evidence store`, {
    code: 'policy-archive-missing',
    source: 'system',
    hint: 'Restore the evidence bucket: people are known and decide by the version that is active.',
  });
}
