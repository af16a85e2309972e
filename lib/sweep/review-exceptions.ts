import type { Credential } from '../domain/credential.ts';
import type { ExceptionReview } from '../domain/exception.ts';
import { isKnown, known, unknown } from '../domain/fact.ts';
import { type CredentialHistory, EMPTY_HISTORY } from '../domain/history.ts';
import { holdsAt } from '../domain/hold.ts';
import { durationMs, type Instant } from '../domain/time.ts';
import { rereadCredential } from '../inventory/index.ts';
import { believable } from '../policy/index.ts';
import type { SweepContext } from './context.ts';
import { recordable } from './draft.ts';
import { liftHolds } from './hold.ts';
import type { AccountLease } from './lease.ts';

/** So many credentials with exceptions are looked at together: each may take a question to the ticket system. */
const REVIEWED_AT_ONCE = 8;

/**
 * Before they are judged: looks again at the exceptions that hold credentials just read, and lifts the holds of those that
 * have ended, so that the same sweep judges without them (G13, I13). What an exception had kept from being confirmed is
 * read anew. Recording an end changes nothing in AWS, so a sweep that only observes does it too. Returns the credentials
 * in their order; `histories` is brought up to date.
 */
export async function reviewExceptions(
  context: SweepContext,
  lease: AccountLease,
  histories: Map<string, CredentialHistory>,
  credentials: readonly Credential[],
): Promise<readonly Credential[]> {
  const { exceptions } = context;
  if (exceptions === undefined) return credentials;
  const now = context.clock.now();
  const held = credentials.filter(({ id }) => exceptionsOn(histories.get(id), now).length > 0);
  const reviewed = new Map<string, Credential>();
  for (let from = 0; from < held.length; from += REVIEWED_AT_ONCE) {
    await lease.keep();
    const some = held.slice(from, from + REVIEWED_AT_ONCE);
    const fresh = await Promise.all(
      some.map((credential) => reviewOne(context, exceptions, histories, credential)),
    );
    for (const credential of fresh) reviewed.set(credential.id, credential);
  }
  return reviewed.size === 0 ? credentials : credentials.map((each) => reviewed.get(each.id) ?? each);
}

/** The exceptions behind holds in force. */
function exceptionsOn(history: CredentialHistory | undefined, now: Instant): string[] {
  const ids = holdsAt(history ?? EMPTY_HISTORY, now).flatMap(({ ref }) =>
    ref?.kind === 'exception' ? [ref.id] : [],
  );
  return [...new Set(ids)];
}

async function reviewOne(
  context: SweepContext,
  { review }: ExceptionReview,
  histories: Map<string, CredentialHistory>,
  credential: Credential,
): Promise<Credential> {
  const history = histories.get(credential.id) ?? EMPTY_HISTORY;
  const seen = seenFacts(context, credential, history);
  let isFree = false;
  for (const id of exceptionsOn(history, context.clock.now())) {
    const standing = await review(id, seen);
    if (standing.state === 'in-force') continue;
    const reason = recordable(standing.reason);
    await liftHolds(context, credential.id, { ref: { kind: 'exception', id }, reason });
    isFree = true;
  }
  if (!isFree) return credential;
  histories.set(credential.id, await context.record.read(credential.id));
  const fresh = await rereadCredential(context.clients, credential, context.clock.now());
  return fresh.found === true ? fresh.credential : credential;
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
