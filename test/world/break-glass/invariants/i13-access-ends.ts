import { endedGrantsIn, endedPolicyArn } from '../../../../lib/domain/break-glass-names.ts';
import { toMillis } from '../../../../lib/domain/time.ts';
import type { Change, Chronicle, Invariant, Stamp } from '../../chronicle.ts';
import type { Tried } from '../nights.ts';
import { ASK_WITHIN_MS, type Granted, granted, SESSION_MS } from './grants.ts';

/**
 * I13, I12: by what AWS really answers. Nothing is done under a grant from the second of its end on, which is that of its
 * first event (B); nor longer than a session lives after its end was recorded (A); nor once its tag is denied and IAM has
 * spread that, unless another writer who could not see it undid it (C), and then no later than the next round.
 */
export const accessEnds: Invariant = (chronicle) => {
  const grants = granted(chronicle);
  return freshTries(chronicle).flatMap((tried) => {
    if (tried.outcome !== 'answered') return [];
    const grant = grants.get(tried.session.grantId);
    const wrong = grant === undefined ? ['is of no grant'] : outlived(chronicle, tried, grant);
    return wrong.map(
      (what) => `I13: #${tried.tick} ${tried.at} a session of ${tried.session.grantId} works: it ${what}`,
    );
  });
};

function outlived(whole: Chronicle, tried: Tried, grant: Granted): string[] {
  const now = toMillis(tried.at);
  const chronicle = until(whole, tried);
  const { nights, consistencyDelayMs } = chronicle;
  const { accountId } = tried.session;
  const wrong: string[] = [];
  if (now >= grant.endsAt) wrong.push('should have ended with its grant');
  const { over, ended } = grant;
  if (over === undefined || over.tick > tried.tick) return wrong;
  const longest = toMillis(over.at) + ASK_WITHIN_MS + SESSION_MS + nights.clockSpreadMs;
  if (now >= longest) wrong.push(`should have expired after ${over.event.type} at ${over.at}`);
  if (ended === undefined || ended.tick > tried.tick) return wrong;
  if (ended.event.data.proof === 'sessions-expired') {
    return nights.clockSpreadMs < ASK_WITHIN_MS / 2 ? [...wrong, 'was said to have expired'] : wrong;
  }
  const denial = chronicle.changes.findLast((change) => deniesIn(change, grant, accountId));
  const isSpread = denial !== undefined && now >= toMillis(denial.at) + consistencyDelayMs;
  if (isSpread && !isUndone(chronicle, grant, accountId, denial)) wrong.push('was denied by its tag');
  const round = nights.rounds.findLast(
    ({ since, undisturbed, outcome }) => undisturbed && outcome === 'finished' && since > ended.tick,
  );
  const isLate = round !== undefined && now >= toMillis(round.at) + consistencyDelayMs;
  if (isLate && !isWrittenSince(chronicle, accountId, round))
    wrong.push(`was to be denied by the round at ${round.at}`);
  return wrong;
}

/** What there was when somebody tried. */
function until(chronicle: Chronicle, { tick }: Stamp): Chronicle {
  const before = <T extends Stamp>(records: readonly T[]) => records.filter((record) => record.tick < tick);
  const { nights } = chronicle;
  return {
    ...chronicle,
    changes: before(chronicle.changes),
    nights: { ...nights, rounds: before(nights.rounds), reads: before(nights.reads) },
  };
}

function textIn({ record }: Change, accountId: string): string | undefined {
  const { operation, target, after } = record;
  if (operation !== 'CreatePolicyVersion' || target !== endedPolicyArn({ partition: 'aws', accountId }))
    return undefined;
  return typeof after === 'object' && after !== null && 'document' in after
    ? String(after.document)
    : undefined;
}

function deniesIn(change: Change, { grantId }: Granted, accountId: string): boolean {
  return endedGrantsIn(textIn(change, accountId) ?? '')?.includes(grantId) === true;
}

/** Whether a later version left it out, by a writer who had looked at the policy before the denial was written. */
function isUndone(chronicle: Chronicle, grant: Granted, accountId: string, denial: Stamp): boolean {
  const later = chronicle.changes.find(
    (change) =>
      change.tick > denial.tick &&
      textIn(change, accountId) !== undefined &&
      !deniesIn(change, grant, accountId),
  );
  if (later === undefined) return false;
  const looked = chronicle.nights.reads.findLast(
    ({ process, accountId: where, tick }) =>
      process === later.process && where === accountId && tick < later.sentTick,
  );
  return looked !== undefined && looked.tick < denial.tick;
}

/** Whether anything was written to the policy since a round. */
function isWrittenSince(chronicle: Chronicle, accountId: string, round: Stamp): boolean {
  return chronicle.changes.some(
    (change) => change.tick > round.tick && textIn(change, accountId) !== undefined,
  );
}

export function freshTries(chronicle: Chronicle): readonly Tried[] {
  return chronicle.nights.tried.filter(({ tick }) => tick > chronicle.checkedTo);
}
