import { known, knownValue } from '../domain/fact.ts';
import type { Candidate } from './act.ts';
import type { SweepContext } from './context.ts';
import { recordFindings } from './findings.ts';
import type { Judged } from './read-account.ts';

/** What the facts about tags rest on once this very sweep wrote and verified them. */
const SOURCE = 'tags verified after writing them';

/**
 * A credential whose labels are in place now: judged and recorded again, so that the same sweep closes the finding or
 * goes on to the next step and a repetition finds nothing left to do (I6).
 */
export async function afterTagging(
  context: SweepContext,
  candidate: Candidate,
  tagged: Judged,
): Promise<Judged> {
  const { credential, history } = tagged;
  const tags = knownValue(credential.facts.tags) ?? {};
  const gone = new Set([...candidate.obsolete, ...Object.keys(candidate.judgement.labels)].map(lowerCase));
  const kept = Object.entries(tags).filter(([key]) => !gone.has(lowerCase(key)));
  const now = context.clock.now();
  const value = { ...Object.fromEntries(kept), ...candidate.judgement.labels };
  const labelled = { ...credential, facts: { ...credential.facts, tags: known(value, now, SOURCE) } };
  const judgement = context.judge({ credential: labelled, history, now });
  return recordFindings(context, { credential: labelled, history, judgement });
}

function lowerCase(key: string): string {
  return key.toLowerCase();
}
