import { known, knownValue } from '../domain/fact.ts';
import type { CredentialHistory } from '../domain/history.ts';
import type { ActResult } from './act.ts';
import type { Candidate } from './candidate.ts';
import type { ActingContext } from './context.ts';
import { closeVanished, recordFindings } from './findings.ts';
import type { Judged } from './read-account.ts';

/** What the facts about tags rest on once this very sweep wrote and verified them. */
const SOURCE = 'tags verified after writing them';

/** What the sweep knows of a credential after a step on it, so that a repetition finds nothing left to do (I6). */
export async function afterStep(
  context: ActingContext,
  candidate: Candidate,
  before: Judged,
  result: ActResult,
): Promise<Judged> {
  const after = { ...before, history: result.history };
  if (result.outcome !== 'done') return after;
  if (candidate.step === 'tag') return afterTagging(context, candidate, after);
  if (!isGone(after)) return after;
  const history = await closeVanished(context, before.credential.id, result.history);
  return { ...after, history };
}

/**
 * A deleted access key is gone for good, also while an older credential report still shows it; a deleted secret is
 * listed until its recovery window ends.
 */
export function isGone({
  credential,
  history,
}: {
  readonly credential: Judged['credential'];
  readonly history: CredentialHistory;
}): boolean {
  return credential.kind === 'access-key' && history.deleted !== undefined;
}

/** Its labels are in place now: it is judged and recorded again, to close the finding or to go on to the next step. */
async function afterTagging(context: ActingContext, candidate: Candidate, tagged: Judged): Promise<Judged> {
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
