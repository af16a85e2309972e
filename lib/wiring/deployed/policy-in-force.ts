import { foldActivation } from '../../domain/account-chains.ts';
import { JanitorError } from '../../domain/error.ts';
import { subjects } from '../../domain/subject.ts';
import { readPolicyText } from '../../ledger/index.ts';
import type { Policy } from '../../policy/index.ts';
import { archivedPolicy } from '../archive.ts';
import type { Everything } from './account-work.ts';

/**
 * The version that says who people are and what they may decide: the one activated last, as it was archived then, and
 * the deployed one only before the first activation. A version that is merely deployed could otherwise name its own
 * approvers (G8, I11). Throws `policy-archive-missing`, `policy-archive-broken`.
 */
export async function policyInForce({
  ledger,
  evidence,
  policy: deployed,
}: Pick<Everything, 'ledger' | 'evidence' | 'policy'>): Promise<Policy> {
  const { active } = foldActivation(await ledger.chain(subjects.activation));
  if (active === undefined || active.hash === deployed.hash) return deployed;
  const text = await readPolicyText(evidence, active.hash);
  if (text !== undefined) return archivedPolicy(text, active.hash);
  throw new JanitorError(`the active policy ${active.hash.slice(0, 12)} is missing from the evidence store`, {
    code: 'policy-archive-missing',
    source: 'system',
    hint: 'Restore the evidence bucket: people are known and decide by the version that is active.',
  });
}
