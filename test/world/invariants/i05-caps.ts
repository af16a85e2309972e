import { DAY_MS } from '../../../lib/domain/time.ts';
import { type Change, type Chronicle, freshJanitorChanges, type Invariant, isJanitor } from '../chronicle.ts';
import { truthOf } from '../truth.ts';
import { type Act, actOf, destruction, named, runBegan } from './acts.ts';

/**
 * I5: caps hold over any 24 hours, across sweeps and retries. Counted in AWS's own change log, whatever slots were
 * claimed: within the 24 hours that end with a destructive step there are, that one included, no more in the account,
 * in the organisation and of the kind than the version of the policy allows under which the step was taken.
 */
export const caps: Invariant = (chronicle) =>
  freshJanitorChanges(chronicle).flatMap((change) => {
    const act = destruction(change) === undefined ? undefined : actOf(chronicle, change);
    if (act === undefined) return [];
    const { limits } = act.version.policy.document;
    const day = withinDay(chronicle, change);
    const inAccount = day.filter((other) => other.record.accountId === change.record.accountId);
    const ofKind = inAccount.filter((other) => other.credential?.kind === change.credential?.kind);
    const share = Math.floor((population(chronicle, act) * limits.percentOfKind) / 100);
    const kindLimit = Math.max(limits.atLeast, Math.min(limits.perAccountPerDay, share));
    return [
      ...over('in the account', inAccount.length, limits.perAccountPerDay),
      ...over('in the organisation', day.length, limits.perOrganisationPerDay),
      ...over('of this kind', ofKind.length, kindLimit),
    ].map((what) => `I5: ${named(change)}: ${what}`);
  });

function over(where: string, count: number, limit: number): string[] {
  return count > limit ? [`${count} destructive steps ${where} within 24 hours, ${limit} are allowed`] : [];
}

function withinDay(chronicle: Chronicle, change: Change): Change[] {
  const end = Date.parse(change.sentAt);
  return chronicle.changes.filter(
    (other) =>
      other.tick <= change.tick &&
      isJanitor(other.process) &&
      destruction(other) !== undefined &&
      end - Date.parse(other.sentAt) < DAY_MS,
  );
}

/** The most credentials of the kind in the account since the run began. */
function population(chronicle: Chronicle, act: Act): number {
  const { credential, tick: now } = act.change;
  const began = runBegan(chronicle, act)?.tick ?? 0;
  const moments = chronicle.changes.filter((change) => change.tick > began && change.tick <= now);
  const counts = [began, ...moments.map((change) => change.tick)].map(
    (tick) =>
      chronicle.credentials.filter(
        (each) =>
          each.kind === credential?.kind &&
          each.accountId === credential.accountId &&
          each.createdAt <= act.change.at &&
          truthOf(chronicle.changes, each, tick).status !== 'Absent',
      ).length,
  );
  return Math.max(...counts);
}
