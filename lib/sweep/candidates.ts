import type { Plan } from '../domain/account-chains.ts';
import { knownValue } from '../domain/fact.ts';
import { obsoleteAccessKeyLabels } from '../domain/label.ts';
import { isAnnounced } from '../domain/step.ts';
import type { Instant } from '../domain/time.ts';
import type { Finding } from '../domain/verdict.ts';
import type { Candidate } from './candidate.ts';
import { hasLastingId } from './findings.ts';
import { planOf } from './plans.ts';
import type { Judged } from './read-account.ts';
import { isDue } from './work-list.ts';

/** Steps due now: taggings, and rotations and destructive steps in the order in which they became due. */
export interface Candidates {
  readonly tags: readonly Candidate[];
  /** Those that could not begin the last time come last, so that they take nobody's turn. */
  readonly rotations: readonly Candidate[];
  readonly destructive: readonly Candidate[];
}

/** Access key ids each user still has, to know which of our tags speak of keys that are gone. */
export type KeysOfUsers = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Collects what is due by now: for each credential at most one tagging and one rotation or destructive step, of several
 * rules the one due first. What is held was noted when the work was gathered.
 */
export function candidatesOf(
  work: Iterable<Judged>,
  plans: readonly Plan[],
  keysOfUsers: KeysOfUsers,
  now: Instant,
): Candidates {
  const tags: Candidate[] = [];
  const rotations: Candidate[] = [];
  const destructive: Candidate[] = [];
  for (const judged of work) {
    if (!hasLastingId(judged)) continue;
    const due = judged.judgement.findings.filter((finding) => isDue(finding, now));
    const free = due.filter((finding) => finding.held.length === 0).sort(byDue);
    const tag = free.find((finding) => finding.step === 'tag');
    if (tag !== undefined)
      tags.push({ ...candidate(judged, tag, 'tag'), obsolete: obsoleteLabels(judged, keysOfUsers) });
    const first = free.find((finding) => finding.step !== undefined && isAnnounced(finding.step));
    if (first?.step === undefined || first.step === 'notify' || first.step === 'tag') continue;
    const place = { credentialId: judged.credential.id, rule: first.rule, step: first.step };
    const taken = { ...candidate(judged, first, first.step), plan: planOf(plans, place, now) };
    if (first.step === 'rotate') rotations.push(taken);
    else destructive.push(taken);
  }
  return {
    tags: tags.sort(byCandidate),
    rotations: rotations.sort((a, b) => Number(isBlocked(a)) - Number(isBlocked(b)) || byCandidate(a, b)),
    destructive: destructive.sort(byCandidate),
  };
}

function candidate(judged: Judged, finding: Finding, step: Candidate['step']): Candidate {
  return { ...judged, finding, step, obsolete: [] };
}

function isBlocked({ history }: Candidate): boolean {
  return history.blocked !== undefined || history.rotation?.state === 'failed';
}

function byDue(a: Finding, b: Finding): number {
  return (a.due ?? '').localeCompare(b.due ?? '');
}

function byCandidate(a: Candidate, b: Candidate): number {
  return byDue(a.finding, b.finding) || a.credential.id.localeCompare(b.credential.id);
}

/** Our own tags on the user that name keys the user no longer has; none when a key's id is not known. */
function obsoleteLabels({ credential }: Judged, keysOfUsers: KeysOfUsers): string[] {
  const tags = knownValue(credential.facts.tags);
  const keys = credential.principal === undefined ? undefined : keysOfUsers.get(credential.principal.arn);
  if (tags === undefined || keys === undefined) return [];
  return obsoleteAccessKeyLabels(tags, [...keys]);
}
