import type { Credential } from '../domain/credential.ts';
import type { Finding } from '../domain/verdict.ts';
import { rereadCredential } from '../inventory/index.ts';
import { enforces } from '../policy/index.ts';
import { act } from './act.ts';
import { afterStep } from './after-step.ts';
import type { Candidate } from './candidate.ts';
import { capsFor } from './caps.ts';
import type { ActingContext } from './context.ts';
import { recordFindings } from './findings.ts';
import type { AccountLease } from './lease.ts';
import { type Newborn, newbornUnread, type TaggedNewborn } from './newborn.ts';
import type { Judged } from './read-account.ts';
import { secondsSince } from './record-birth.ts';
import { runOf } from './underway.ts';
import { isDue } from './work-list.ts';

/**
 * Under the account's lease: reads and judges a credential as a sweep would, and tags it if that is its next step under
 * a rule that is enforced here. Every guard of a step speaks (see `act`); no other step is taken.
 */
export async function labelNewborn(
  context: ActingContext,
  lease: AccountLease,
  known: Credential,
  newborn: Newborn,
): Promise<TaggedNewborn> {
  const { id } = known;
  const fresh = await rereadCredential(context.clients, known, context.clock.now());
  if (fresh.found === 'unknown') throw newbornUnread(newborn, fresh.reason);
  if (!fresh.found) return { status: 'gone', credentialId: id, reason: 'it was deleted meanwhile' };
  const judged = await judgedAndRecorded(context, fresh.credential);
  const finding = dueTag(context, judged);
  if (finding === undefined) return { credentialId: id, ...whyNot(judged) };

  const run = await runOf(context, lease, `birth/${newborn.eventId}`, true);
  const candidate: Candidate = { ...judged, finding, step: 'tag', obsolete: [] };
  const caps = capsFor(context.policy.document.limits, {}, 0);
  const result = await act(context, run, caps, candidate);
  await afterStep(context, candidate, judged, result);
  if (result.outcome === 'held') return { status: 'held', credentialId: id, reason: told(result.refusal) };
  const { outcome, reason } = result;
  if (outcome !== 'done') return { status: outcome, credentialId: id, reason };
  const delaySeconds = secondsSince(newborn.at, context.clock.now());
  return { status: 'tagged', credentialId: id, reason, delaySeconds };
}

async function judgedAndRecorded(context: ActingContext, credential: Credential): Promise<Judged> {
  const history = await context.record.read(credential.id);
  const judgement = context.judge({ credential, history, now: context.clock.now() });
  return recordFindings(context, { credential, history, judgement });
}

function dueTag(context: ActingContext, { judgement }: Judged): Finding | undefined {
  const now = context.clock.now();
  return judgement.findings.find(
    (finding) =>
      finding.step === 'tag' &&
      finding.held.length === 0 &&
      isDue(finding, now) &&
      enforces(context.policy, finding.rule, context.accountId),
  );
}

function whyNot({ judgement }: Judged): Pick<TaggedNewborn, 'status' | 'reason'> {
  const hold = judgement.findings.find(({ step }) => step === 'tag')?.held[0];
  if (hold !== undefined) return { status: 'held', reason: told(hold) };
  return { status: 'recorded', reason: 'no label is due' };
}

function told({ code, reason }: { readonly code: string; readonly reason: string }): string {
  return `${code}: ${reason}`;
}
