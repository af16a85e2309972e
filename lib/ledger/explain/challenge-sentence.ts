import type { ChallengeTarget } from '../../domain/challenge-events.ts';
import type { ChallengeEvent } from './asked-events.ts';
import { because, day, infinitive, who } from './say.ts';

export function challengeSentence(event: ChallengeEvent): string {
  const by = who(event.actor);
  switch (event.type) {
    case 'challenge.opened':
      return `${by} challenged ${what(event.data.target)}${because(event)}; group ${event.data.approverGroup} decides before ${day(event.data.decideBy)}${exceptBy(event.data.notBy)}.`;
    case 'challenge.upheld':
      return `${by} upheld the challenge${because(event)}: the step is not taken, or the exception ends.`;
    case 'challenge.dismissed':
      return `${by} dismissed the challenge${because(event)}: what was challenged goes on.`;
    case 'challenge.undecided':
      return 'Nobody decided the challenge in time: an exception ends, a step may disable and never delete.';
  }
}

function what(target: ChallengeTarget): string {
  if (target.kind === 'exception') return `exception ${target.exceptionId}`;
  return `the step to ${infinitive(target.step)} under rule ${target.rule}: ${target.credentialId}`;
}

function exceptBy(persons: readonly string[]): string {
  return persons.length === 0 ? '' : `, but not ${persons.join(' or ')}`;
}
