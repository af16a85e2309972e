import type { Credential } from '../domain/credential.ts';
import { knownValue } from '../domain/fact.ts';
import { elapsed, MINUTE_MS } from '../domain/time.ts';
import { findNewborn } from '../inventory/index.ts';
import { enforces } from '../policy/index.ts';
import type { ActingContext } from './context.ts';
import { labelNewborn } from './label-newborn.ts';
import { isLeased, underLease } from './lease.ts';
import { type Newborn, nameOf, newbornNotVisible, newbornUnread, type TaggedNewborn } from './newborn.ts';
import { recordBirth, secondsSince } from './record-birth.ts';

/** A change of IAM may take this long to be seen everywhere: until then, not found does not mean gone. */
const VISIBLE_AFTER_MS = 2 * MINUTE_MS;
/** Creation as the call and as the credential tell it; further apart, another credential bears the name. */
const SAME_BIRTH_MS = 5 * MINUTE_MS;
/** Waits for another newborn's turn, in milliseconds; a sweep takes longer. */
const LEASE_PAUSES_MS = [1_000, 2_000, 4_000, 8_000];

/**
 * Records who made a credential, and labels it with owner and expiry if the policy in force wants it labelled; no other
 * step is ever taken here. Late, repeated and contradicting events change nothing, and what is missed here the next
 * sweep does.
 * @throws JanitorError, to be called again: `lease-held`, `newborn-unread`, `newborn-not-visible`, and what stores throw.
 */
export async function tagNewborn(context: ActingContext, newborn: Newborn): Promise<TaggedNewborn> {
  const found = await findNewborn(context.clients, newborn.place, context.clock.now());
  if (found.found === 'unknown') throw newbornUnread(newborn, found.reason);
  if (!found.found) return missing(context, newborn);
  const { credential } = found;
  const { id: credentialId } = credential;
  if (!isSameBirth(credential, newborn)) return { status: 'gone', reason: 'another one bears its name now' };
  const service = knownValue(credential.facts.owningService);
  if (typeof service === 'string') {
    return { status: 'left-alone', credentialId, reason: `the AWS service ${service} owns it` };
  }
  const isNew = await recordBirth(context, credential, newborn);
  const reason = whyObserving(context, credential);
  if (reason === undefined) {
    await waitForLease(context);
    return underLease(context, (lease) => labelNewborn(context, lease, credential, newborn), {
      takeOver: false,
    });
  }
  const recorded: TaggedNewborn = { status: 'recorded', credentialId, reason };
  return isNew ? { ...recorded, delaySeconds: secondsSince(newborn.at, context.clock.now()) } : recorded;
}

/** Why nothing can become due here, whatever the facts are; undefined when a label may. */
function whyObserving(
  { acting, policy, accountId }: ActingContext,
  { kind }: Credential,
): string | undefined {
  if (acting === undefined) return 'this process observes only';
  const labels = policy.document.rules.some(
    ({ id, credential, steps }) =>
      credential === kind && steps.includes('tag') && enforces(policy, id, accountId),
  );
  return labels ? undefined : `the policy enforces no label on credentials of this kind (${kind}) here`;
}

/** Short-lived holders are other newborns; a sweep is left in peace, and the event comes again. */
async function waitForLease(context: ActingContext): Promise<void> {
  for (const millis of LEASE_PAUSES_MS) {
    if (!(await isLeased(context))) return;
    await context.pause(millis);
  }
}

/** A secret's name may be given again; nothing is said of its creator then. */
function isSameBirth({ facts }: Credential, { at }: Newborn): boolean {
  const createdAt = knownValue(facts.createdAt);
  return createdAt === undefined || Math.abs(elapsed(at, createdAt)) <= SAME_BIRTH_MS;
}

function missing({ clock }: ActingContext, newborn: Newborn): TaggedNewborn {
  if (elapsed(newborn.at, clock.now()) < VISIBLE_AFTER_MS) throw newbornNotVisible(newborn);
  return { status: 'gone', reason: `${nameOf(newborn)} does not exist any more` };
}
