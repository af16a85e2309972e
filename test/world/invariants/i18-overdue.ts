import { durationMs } from '../../../lib/domain/time.ts';
import { freshJanitorChanges, type Invariant } from '../chronicle.ts';
import { actOf, destruction, named } from './acts.ts';

/** I18: what is overdue loses power and never gains it: a rule past its review destroys nothing. */
export const overdue: Invariant = (chronicle) =>
  freshJanitorChanges(chronicle).flatMap((change) => {
    const rule = destruction(change) === undefined ? undefined : actOf(chronicle, change)?.rule;
    if (rule === undefined) return [];
    const until = Date.parse(rule.reviewedOn) + durationMs(rule.reviewEvery);
    // The guards looked when the intent was made; a minute later at most the step follows.
    return Date.parse(change.sentAt) - 60_000 > until
      ? [`I18: ${named(change)}: the review of ${rule.id} is overdue`]
      : [];
  });
