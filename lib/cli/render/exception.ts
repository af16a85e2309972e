import type { ExceptionView, RevokedView } from '../../api/index.ts';
import { actorLabel } from '../../domain/actor.ts';
import { type Field, fieldLines } from './fields.ts';
import { conditionWords, stateWord } from './request.ts';
import type { Style } from './style.ts';
import { printable, shortInstant } from './text.ts';

/** An exception: what it exempts, why, by whom, until when, what must stay true, and what comes next (G14). */
export function exceptionText(view: ExceptionView, style: Style, width: number): string {
  const { exceptionId, state, scope, approvals, renews, exemptSince, proposedAt } = view;
  const approved = approvals.map(({ actor, at }) => `${actorLabel(actor)} on ${shortInstant(at)}`);
  const fields: readonly Field[] = [
    ['Exempts', `${scope.credentialId} from ${scope.rules.join(', ')}`],
    ['As long as', conditionWords(view.while)],
    ['Why', `${view.reason} (${view.reasonKind}, ticket ${view.ticket})`],
    ['Asked by', `${actorLabel(view.requestedBy)} on ${shortInstant(proposedAt)}`],
    ['Answers for it', view.businessOwner],
    ['Approved by', approved.length === 0 ? 'the policy: routine, within its limits' : approved.join(', ')],
    ['Until', `${shortInstant(view.endsAt)}, exempt since ${shortInstant(exemptSince)}`],
    ['Renews', renews],
    ['Challenged', challengeWords(view)],
    ['Ended', endWords(view)],
    ['Next', nextOf(view)],
  ];
  return [
    `${style.bold(printable(exceptionId))}  exception, ${stateWord(state, style)}`,
    fieldLines(fields, style, width),
  ].join('\n');
}

/** Revoking is at once; an act that had begun before is told. */
export function revokedText({ repeated, exception }: RevokedView, style: Style, width: number): string {
  const head = repeated
    ? 'It had ended before.'
    : 'Revoked: its rules apply again, from the next check of each step on. Nothing else changes.';
  return [head, exceptionText(exception, style, width)].join('\n');
}

function challengeWords({ challenge }: ExceptionView): string | undefined {
  if (challenge === undefined) return undefined;
  return `${challenge.challengeId}, to be decided by ${shortInstant(challenge.decideBy)}, else it ends`;
}

const CAUSES: Readonly<Record<string, string>> = {
  end: 'its time was over',
  condition: 'what had to stay true no longer is',
  'challenge-undecided': 'nobody decided a challenge of it in time',
};

function endWords({ end, state }: ExceptionView): string | undefined {
  if (end === undefined) return undefined;
  const why = [CAUSES[end.cause ?? ''], end.reason].filter((part) => part !== undefined).join(': ');
  const by = end.renewedBy === undefined ? '' : ` by ${end.renewedBy}`;
  return `${state}${by} on ${shortInstant(end.at)}, by ${actorLabel(end.by)}${why === '' ? '' : `; ${why}`}`;
}

function nextOf({ exceptionId, state, challenge, end }: ExceptionView): readonly string[] {
  switch (state) {
    case 'proposed':
      return ['It takes effect within minutes; look again:', `janitor exception show ${exceptionId}`];
    case 'active':
      return [
        'For longer, or to end it now:',
        `janitor exception renew ${exceptionId} --until 30d`,
        `janitor exception revoke ${exceptionId} --reason ...`,
      ];
    case 'challenged':
      return [
        'Somebody who is no party of it decides:',
        `janitor challenge show ${challenge?.challengeId ?? '...'}`,
      ];
    case 'renewed':
      return ['The one in its place:', `janitor exception show ${end?.renewedBy ?? '...'}`];
    case 'expired':
    case 'revoked':
      return ['Its rules apply again. The whole story:', `janitor explain exception#${exceptionId}`];
  }
}
