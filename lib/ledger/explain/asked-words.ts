import type { ChallengeTarget } from '../../domain/challenge-events.ts';
import type { ExpiryCause } from '../../domain/exception-events.ts';
import type { Ask, Conditions } from '../../domain/request-events.ts';
import { infinitive } from './say.ts';

/** What is asked for, after `asked`. */
export function wish(ask: Ask): string {
  switch (ask.kind) {
    case 'exception':
      return `to except ${ask.scope.credentialId} from ${ask.scope.rules.join(', ')}`;
    case 'extension':
      return `for another exception in the place of ${ask.exceptionId}`;
    case 'restore':
      return `to restore ${ask.credentialId}`;
    case 'rotate-now':
      return `to rotate ${ask.credentialId} now`;
    case 'approve-plan':
      return `to approve ${ask.planId} (hash ${ask.planHash.slice(0, 12)})`;
    case 'policy-override':
      return `not to ${infinitive(ask.step)} as rule ${ask.rule} would, ${ask.credentialId}`;
  }
}

/** What is challenged, after `challenged`. */
export function challenged(target: ChallengeTarget): string {
  if (target.kind === 'exception') return `exception ${target.exceptionId}`;
  return `the step to ${infinitive(target.step)} under rule ${target.rule}: ${target.credentialId}`;
}

/** Why an exception ended without anybody ending it, after `since`. */
export const CAUSES: Readonly<Record<ExpiryCause, string>> = {
  end: 'its end has come',
  condition: 'what was to stay true is no longer',
  'challenge-undecided': 'nobody decided the challenge to it in time',
};

/** What must stay true, after `while`. */
export function conditionsInWords({ tag = {}, owner, ticket }: Conditions): string {
  return [
    ...Object.entries(tag).map(([key, value]) => `the tag "${key}" stays "${value}"`),
    ...(owner === undefined ? [] : ['its owner stays the same']),
    ...(ticket === undefined ? [] : ['the ticket stays open']),
  ].join(' and ');
}
