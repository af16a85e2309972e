import type { Credential } from '../domain/credential.ts';
import { JanitorError } from '../domain/error.ts';
import { knownValue } from '../domain/fact.ts';
import { elapsed, MINUTE_MS } from '../domain/time.ts';
import type { Finding } from '../domain/verdict.ts';
import { findNewborn, type NewbornPlace, rereadCredential } from '../inventory/index.ts';
import { enforces } from '../policy/index.ts';
import { act } from './act.ts';
import { afterStep } from './after-step.ts';
import type { Candidate } from './candidate.ts';
import { capsFor } from './caps.ts';
import type { ActingContext } from './context.ts';
import { recordFindings } from './findings.ts';
import { type AccountLease, isLeased, underLease } from './lease.ts';
import type { Judged } from './read-account.ts';
import { type Birth, recordBirth, secondsSince } from './record-birth.ts';
import { runOf } from './underway.ts';
import { isDue } from './work-list.ts';

export interface Newborn extends Birth {
  readonly place: NewbornPlace;
  /** CloudTrail's id of the event. */
  readonly eventId: string;
}

export interface TaggedNewborn {
  /**
   * tagged; recorded: who made it is known, and no label is due; held, failed, abandoned, unconfirmed: as of any step,
   * and the next sweep sees to it; gone: deleted since; left-alone: an AWS service made it for itself.
   */
  readonly status:
    | 'tagged'
    | 'recorded'
    | 'held'
    | 'failed'
    | 'abandoned'
    | 'unconfirmed'
    | 'gone'
    | 'left-alone';
  readonly reason: string;
  readonly credentialId?: string;
  /** From the call to the labels, or to the record where no label is due; once per credential. */
  readonly delaySeconds?: number;
}

/** A change of IAM may take this long to be seen everywhere: until then, not found does not mean gone. */
const VISIBLE_AFTER_MS = 2 * MINUTE_MS;
/** Creation as the call and as the credential tell it; further apart, another credential bears the name. */
const SAME_BIRTH_MS = 5 * MINUTE_MS;
/** Waits for another newborn's turn, in milliseconds; a sweep takes longer. */
const LEASE_PAUSES_MS = [1_000, 2_000, 4_000, 8_000];

/**
 * Labels a credential with owner and expiry right after its birth, if the policy in force wants it labelled; no other
 * step is ever taken here. Late, repeated and contradicting events change nothing, and what is missed here the next
 * sweep does.
 * @throws JanitorError, to be called again: `lease-held`, `newborn-unread`, `newborn-not-visible`, and what stores throw.
 */
export async function tagNewborn(context: ActingContext, newborn: Newborn): Promise<TaggedNewborn> {
  const found = await findNewborn(context.clients, newborn.place, context.clock.now());
  if (found.found === 'unknown') throw unread(newborn, found.reason);
  if (!found.found) return missing(context, newborn);
  const { credential } = found;
  if (!isSameBirth(credential, newborn)) return { status: 'gone', reason: 'another one bears its name now' };
  const service = knownValue(credential.facts.owningService);
  if (typeof service === 'string') {
    return {
      status: 'left-alone',
      credentialId: credential.id,
      reason: `the AWS service ${service} owns it`,
    };
  }
  const { history, isNew } = await recordBirth(context, credential, newborn);
  const judged = { credential, history, judgement: judge(context, { credential, history }) };
  if (context.acting === undefined || dueTag(context, judged) === undefined) {
    const why =
      context.acting === undefined ? 'this process observes only' : 'no label is due that is enforced';
    return { ...recorded(credential, why), ...(isNew ? delayOf(context, newborn) : {}) };
  }
  await waitForLease(context);
  return underLease(context, (lease) => label(context, lease, credential, newborn), { takeOver: false });
}

function judge(context: ActingContext, { credential, history }: Pick<Judged, 'credential' | 'history'>) {
  return context.judge({ credential, history, now: context.clock.now() });
}

/** A tagging that is due now, held by nothing, under a rule that is enforced in this account. */
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

/** Short-lived holders are other newborns; a sweep is left in peace, and the event comes again. */
async function waitForLease(context: ActingContext): Promise<void> {
  for (const millis of LEASE_PAUSES_MS) {
    if (!(await isLeased(context))) return;
    await context.pause(millis);
  }
}

/** Under the lease everything is read and judged anew, since a sweep may have been there in the meantime. */
async function label(
  context: ActingContext,
  lease: AccountLease,
  known: Credential,
  newborn: Newborn,
): Promise<TaggedNewborn> {
  const fresh = await rereadCredential(context.clients, known, context.clock.now());
  if (fresh.found === 'unknown') throw unread(newborn, fresh.reason);
  if (!fresh.found) return { status: 'gone', credentialId: known.id, reason: 'it was deleted meanwhile' };
  const { credential } = fresh;
  const history = await context.record.read(credential.id);
  const judged = await recordFindings(context, {
    credential,
    history,
    judgement: judge(context, { credential, history }),
  });
  const finding = dueTag(context, judged);
  if (finding === undefined) return recorded(credential, 'its labels are in place');
  const run = await runOf(context, lease, `birth/${newborn.eventId}`, true);
  const candidate: Candidate = { ...judged, finding, step: 'tag', obsolete: [] };
  const result = await act(context, run, capsFor(context.policy.document.limits, {}, 0), candidate);
  await afterStep(context, candidate, judged, result);
  if (result.outcome === 'held') {
    const { code, reason } = result.refusal;
    return { status: 'held', credentialId: credential.id, reason: `${code}: ${reason}` };
  }
  const { outcome, reason } = result;
  if (outcome !== 'done') return { status: outcome, credentialId: credential.id, reason };
  return { status: 'tagged', credentialId: credential.id, reason, ...delayOf(context, newborn) };
}

function recorded({ id }: Credential, reason: string): TaggedNewborn {
  return { status: 'recorded', credentialId: id, reason };
}

function delayOf({ clock }: ActingContext, { at }: Newborn): { readonly delaySeconds: number } {
  return { delaySeconds: secondsSince(at, clock.now()) };
}

/** A secret's name may be given again; nothing is said of its creator then. */
function isSameBirth({ facts }: Credential, { at }: Newborn): boolean {
  const createdAt = knownValue(facts.createdAt);
  return createdAt === undefined || Math.abs(elapsed(at, createdAt)) <= SAME_BIRTH_MS;
}

function missing({ clock }: ActingContext, newborn: Newborn): TaggedNewborn {
  if (elapsed(newborn.at, clock.now()) >= VISIBLE_AFTER_MS) {
    return { status: 'gone', reason: `${labelOf(newborn)} does not exist any more` };
  }
  throw new JanitorError(`${labelOf(newborn)} cannot be seen yet`, {
    code: 'newborn-not-visible',
    source: 'system',
    hint: 'AWS shows a change everywhere only after a while; the event is tried again by itself.',
  });
}

function unread(newborn: Newborn, reason: string): JanitorError {
  return new JanitorError(`${labelOf(newborn)} cannot be read: ${reason}`, {
    code: 'newborn-unread',
    source: 'access',
    hint: 'The event is tried again by itself; if that does not help, compare the member read role with its template.',
  });
}

function labelOf({ place }: Newborn): string {
  return place.kind === 'secret'
    ? `secret ${place.secretId}`
    : `access key ${place.accessKeyId} of user ${place.userName}`;
}
