import { sha256 } from '../domain/canonical.ts';
import { JanitorError } from '../domain/error.ts';
import type { Grant } from '../domain/grant.ts';
import { type GrantEvidence, grantEvidenceSchema } from '../domain/grant-evidence.ts';
import { type EvidenceStore, readText } from '../ledger/index.ts';
import { summarise } from './evidence-summary.ts';

/** none: nothing was attached yet. attached: the newest look, with what a reviewer reads of it. */
type ReadEvidence =
  | { readonly state: 'none' }
  | { readonly state: 'attached'; readonly evidence: GrantEvidence; readonly summary: readonly string[] };

/**
 * The newest evidence of a grant. Throws `evidence-altered` when the object is not the one the grant names, and
 * `evidence-unavailable`.
 */
export async function readEvidence(store: Pick<EvidenceStore, 'get'>, grant: Grant): Promise<ReadEvidence> {
  const reference = grant.evidence?.reference;
  if (reference === undefined) return { state: 'none' };
  const text = await readText(store, reference.key);
  if (text === undefined || sha256(text) !== reference.sha256) throw altered(reference.key);
  const evidence = grantEvidenceSchema().parse(JSON.parse(text));
  return { state: 'attached', evidence, summary: summarise(grant, evidence) };
}

function altered(key: string): JanitorError {
  return new JanitorError(`Evidence ${key} is not what was attached to its grant`, {
    code: 'evidence-altered',
    source: 'system',
    hint: 'Run `janitor ledger verify`; it says whether the evidence was altered or is missing.',
    details: { key },
  });
}
