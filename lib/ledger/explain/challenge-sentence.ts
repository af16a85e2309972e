import type { ChallengeEvent } from './asked-events.ts';
import { challenged } from './asked-words.ts';
import { because, day, toldSentence, who } from './say.ts';

export function challengeSentence(event: ChallengeEvent): string {
  const by = who(event.actor);
  switch (event.type) {
    case 'challenge.opened':
      return `${by} challenged ${challenged(event.data.target)}${because(event)}; group ${event.data.approverGroup} decides before ${day(event.data.decideBy)}${exceptBy(event.data.notBy)}.`;
    case 'challenge.upheld':
      return `${by} upheld the challenge${because(event)}: the step is not taken, or the exception ends.`;
    case 'challenge.dismissed':
      return `${by} dismissed the challenge${because(event)}: what was challenged goes on.`;
    case 'challenge.undecided':
      return 'Nobody decided the challenge in time: an exception ends, a step may disable and never delete.';
    case 'challenge.told':
      return toldSentence(event);
  }
}

function exceptBy(persons: readonly string[]): string {
  return persons.length === 0 ? '' : `, but not ${persons.join(' or ')}`;
}
