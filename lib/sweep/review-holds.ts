import { foldChallenge } from '../domain/challenge.ts';
import type { Credential } from '../domain/credential.ts';
import type { ExceptionReview } from '../domain/exception.ts';
import { isKnown, known, unknown } from '../domain/fact.ts';
import { type CredentialHistory, EMPTY_HISTORY } from '../domain/history.ts';
import { type HoldRef, holdsAt } from '../domain/hold.ts';
import { subjects } from '../domain/subject.ts';
import { durationMs, type Instant } from '../domain/time.ts';
import { rereadCredential } from '../inventory/index.ts';
import { believable } from '../policy/index.ts';
import type { SweepContext } from './context.ts';
import { recordable } from './draft.ts';
import { liftHolds } from './hold.ts';
import { holdForChallenge } from './hold-effects.ts';
import type { AccountLease } from './lease.ts';

/** So many credentials are looked at together: an exception may take a question to the ticket system. */
const REVIEWED_AT_ONCE = 8;

/**
 * Before they are judged: looks again at the exceptions and challenges that hold credentials just read, and brings the
 * holds in line with them, so that the same sweep judges without those that have ended (G13, I13). What a hold had kept
 * from being confirmed is read anew. This changes nothing in AWS, so a sweep that only observes does it too. Returns the
 * credentials in their order; `histories` is brought up to date.
 */
export async function reviewHolds(
  context: SweepContext,
  lease: AccountLease,
  histories: Map<string, CredentialHistory>,
  credentials: readonly Credential[],
): Promise<readonly Credential[]> {
  const now = context.clock.now();
  const held = credentials.filter(({ id }) => refsOn(histories.get(id), now).length > 0);
  const reviewed = new Map<string, Credential>();
  for (let from = 0; from < held.length; from += REVIEWED_AT_ONCE) {
    await lease.keep();
    const some = held.slice(from, from + REVIEWED_AT_ONCE);
    const fresh = await Promise.all(some.map((credential) => reviewOne(context, histories, credential)));
    for (const credential of fresh) reviewed.set(credential.id, credential);
  }
  return reviewed.size === 0 ? credentials : credentials.map((each) => reviewed.get(each.id) ?? each);
}

/** The exceptions and challenges behind holds in force; an override ends by the clock alone. */
function refsOn(history: CredentialHistory | undefined, now: Instant): HoldRef[] {
  const refs = new Map<string, HoldRef>();
  for (const { ref } of holdsAt(history ?? EMPTY_HISTORY, now))
    if (ref !== undefined && ref.kind !== 'request') refs.set(`${ref.kind} ${ref.id}`, ref);
  return [...refs.values()];
}

async function reviewOne(
  context: SweepContext,
  histories: Map<string, CredentialHistory>,
  credential: Credential,
): Promise<Credential> {
  const history = histories.get(credential.id) ?? EMPTY_HISTORY;
  for (const ref of refsOn(history, context.clock.now())) {
    if (ref.kind === 'exception') await reviewException(context, credential, history, ref);
    else await reviewChallenge(context, ref.id);
  }
  const after = await context.record.read(credential.id);
  histories.set(credential.id, after);
  const standing = new Set(after.holds.map(({ holdId }) => holdId));
  if (history.holds.every(({ holdId }) => standing.has(holdId))) return credential;
  const fresh = await rereadCredential(context.clients, credential, context.clock.now());
  return fresh.found === true ? fresh.credential : credential;
}

async function reviewException(
  context: SweepContext,
  credential: Credential,
  history: CredentialHistory,
  ref: HoldRef,
): Promise<void> {
  if (context.exceptions === undefined) return;
  const standing = await context.exceptions.review(ref.id, seenFacts(context, credential, history));
  if (standing.state === 'in-force') return;
  await liftHolds(context, credential.id, { ref, reason: recordable(standing.reason) });
}

/** Whoever decided a challenge may have crashed before it took effect: what it says counts, not what it left. */
async function reviewChallenge(context: SweepContext, challengeId: string): Promise<void> {
  const challenge = foldChallenge(await context.ledger.chain(subjects.challenge(challengeId)));
  if (challenge !== undefined) await holdForChallenge(context, challengeId, challenge);
}

/** Whose it is follows from its tags, among others: while those are unknown or too old to be believed, so is the owner. */
function seenFacts(
  context: SweepContext,
  credential: Credential,
  history: CredentialHistory,
): Parameters<ExceptionReview['review']>[1] {
  const now = context.clock.now();
  const maxAgeMs = durationMs(context.policy.document.evidence.maxAge);
  const { tags } = believable(credential.facts, now, maxAgeMs);
  if (!isKnown(tags)) return { tags, owner: unknown(`it follows from its tags: ${tags.unknown}`) };
  const { owner } = context.judge({ credential, history, now });
  const id = owner.id === 'unresolved' ? null : owner.id;
  return { tags, owner: known(id, tags.asOf, owner.source) };
}
