import { type Chronicle, type Delivered, freshJanitorChanges, type Invariant } from '../chronicle.ts';
import type { WorldCredential } from '../scenery.ts';
import { tagValuesBetween } from '../truth.ts';
import { type Act, actOf, destruction, named, runBegan, waitOf } from './acts.ts';
import { quarantinedSince } from './quarantine.ts';

/**
 * I3: no destructive step before its accepted notice plus wait. The letter lies in a mailbox, names this credential,
 * this rule and this step, reached its owner of the moment (or a fallback when the owner could not be reached, and then
 * people approved the step), had not come back, is as old as the rule's wait, and what it promised has come. For a
 * deletion it was written after the quarantine began.
 */
export const noticeAndWait: Invariant = (chronicle) =>
  freshJanitorChanges(chronicle).flatMap((change) => {
    const step = destruction(change);
    const act = step === undefined ? undefined : actOf(chronicle, change);
    const { credential } = change;
    if (step === undefined || act === undefined || credential === undefined) return [];
    const letters = chronicle.outbox.filter((letter) => isAbout(letter, act, step));
    const reasons = letters.map((letter) => whyNot(chronicle, act, credential, letter, step));
    if (reasons.some((reason) => reason === undefined)) return [];
    return [`I3: ${named(change)}: no notice allows it (${reasons.join('; ') || 'none was sent'})`];
  });

function isAbout(letter: Delivered, act: Act, step: 'disable' | 'delete'): boolean {
  return (
    letter.tick < act.intent.tick &&
    letter.notice.items.some(
      (item) =>
        item.credentialId === act.credentialId &&
        item.rule === act.intent.event.rule &&
        item.announces?.step === step,
    )
  );
}

function whyNot(
  chronicle: Chronicle,
  act: Act,
  credential: WorldCredential,
  letter: Delivered,
  step: 'disable' | 'delete',
): string | undefined {
  const { id } = letter.notice;
  const sent = Date.parse(act.change.sentAt);
  if (cameBack(chronicle, act, id)) return `${id} came back`;
  if (sent < Date.parse(letter.at) + waitOf(act.rule, step)) return `${id} of ${letter.at} is too young`;
  const promised = letter.notice.items.find(
    (item) => item.credentialId === act.credentialId && item.rule === act.intent.event.rule,
  )?.announces?.notBefore;
  if (promised !== undefined && act.change.sentAt < promised)
    return `${id} promised to wait until ${promised}`;
  const since = step === 'delete' ? quarantinedSince(chronicle, act) : undefined;
  if (since !== undefined && letter.tick < since.tick) return `${id} is older than the quarantine`;
  return wrongRecipient(chronicle, act, credential, letter);
}

/** The janitor knew: somebody recorded it, or the route reported it when the run began. */
function cameBack(chronicle: Chronicle, act: Act, noticeId: string): boolean {
  const began = runBegan(chronicle, act)?.tick ?? 0;
  return (
    chronicle.bounces.some((bounce) => bounce.noticeId === noticeId && bounce.tick < began) ||
    chronicle.writes.some(
      ({ tick, event }) =>
        event.type === 'notice.bounced' && event.data.noticeId === noticeId && tick < act.intent.tick,
    )
  );
}

function wrongRecipient(
  chronicle: Chronicle,
  act: Act,
  credential: WorldCredential,
  letter: Delivered,
): string | undefined {
  const { directory, document } = act.version.policy;
  const to = letter.notice.recipient.id;
  const owners = ownersOf(chronicle, act, credential);
  if (owners.has(to)) return undefined;
  const ofAccount = directory.accounts.find((account) => account.id === credential.accountId)?.owner;
  const fallbacks = [ofAccount, directory.owners.default, document.riskOwner];
  if (!fallbacks.includes(to)) return `${letter.notice.id} went to ${to}`;
  const unreachable = [...owners].every((owner) => isUnreachable(chronicle, act, owner));
  if (!unreachable)
    return `${letter.notice.id} went to the fallback ${to} although ${[...owners].join(', ')} could be reached`;
  return act.intent.event.data.planId === undefined
    ? `${letter.notice.id} went to the fallback ${to} and nobody approved the step`
    : undefined;
}

/** Whom the credential belonged to between intent and act, and as AWS showed it shortly before. */
function ownersOf(chronicle: Chronicle, act: Act, credential: WorldCredential): ReadonlySet<string> {
  const shown = Date.parse(act.intent.at) - chronicle.consistencyDelayMs - 1000;
  const from = chronicle.changes.findLast((change) => Date.parse(change.at) <= shown)?.tick ?? 0;
  const tagged = tagValuesBetween(chronicle.changes, credential, 'owner', from, act.change.tick);
  const owners = [...tagged].map((owner) => owner ?? sponsorOf(act, credential));
  return new Set(owners.filter((owner) => owner !== undefined));
}

function sponsorOf({ version }: Act, { path }: WorldCredential): string | undefined {
  return version.policy.directory.externalParties.find(
    (party) => party.paths?.some((prefix) => path.startsWith(prefix)) === true,
  )?.sponsor;
}

/** Gone by the directory, or a letter to this address came back or was refused about this credential. */
function isUnreachable(chronicle: Chronicle, act: Act, owner: string): boolean {
  const person = act.version.policy.directory.people.find((each) => each.id === owner);
  if (person === undefined || (person.leftOn !== undefined && act.intent.at >= person.leftOn)) return true;
  return chronicle.writes.some(
    ({ tick, event }) =>
      event.type === 'owner.notice-bounced' &&
      event.subject === act.intent.event.subject &&
      event.data.recipient === owner &&
      tick < act.change.tick,
  );
}
