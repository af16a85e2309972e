import type { Challenge, ChallengeState } from '../domain/challenge.ts';
import type { ToldAbout } from '../domain/told-events.ts';
import { readable } from './digest-text.ts';
import { shellArgument } from './plain-text.ts';
import { actorText, challengedText, columns, endedBy, said } from './request-notice-words.ts';

interface Told {
  readonly id: string;
  readonly about: ToldAbout;
  readonly record: Challenge;
  readonly state: ChallengeState;
}

export function challengeText(told: Told, evidence: readonly string[]) {
  return told.about === 'outcome' ? decided(told) : opened(told, evidence);
}

function opened({ id, about, record }: Told, evidence: readonly string[]) {
  const { target, decideBy, notBy } = record;
  const until = readable(decideBy);
  const decides = about === 'pending';
  return {
    subject: decides
      ? `Your decision is asked for: a challenge, by ${until}`
      : `Something of yours is challenged; others decide by ${until}`,
    lines: [
      `${actorText(record.openedBy)} challenges ${challengedText(target)}.`,
      '',
      ...columns([
        ['why', said(record.reason)],
        ['meanwhile', target.kind === 'step' ? 'the step waits' : 'the exception stays in force'],
        ['if upheld', target.kind === 'step' ? 'the step is not taken' : 'the exception is revoked'],
        [
          'dismissed',
          target.kind === 'step'
            ? 'the step goes on, with every guard'
            : 'the exception stays, with the end it had',
        ],
        [
          'decided by',
          `group ${said(record.approverGroup)}${notBy.length === 0 ? '' : `, but not ${notBy.map(said).join(' or ')}`}`,
        ],
        ['by', `${until}; undecided, ${UNDECIDED[target.kind]}`],
      ]),
      '',
      ...(evidence.length === 0 ? [] : ['WHAT IS KNOWN', ...evidence.map((line) => `- ${said(line)}`), '']),
      ...(decides
        ? commands(id)
        : [
            'You are concerned by it and do not decide it.',
            `The whole story: janitor explain ${shellArgument(id)}`,
          ]),
    ],
  };
}

const UNDECIDED = {
  step: 'the step may disable and never delete',
  exception: 'the exception ends',
} as const;

function commands(id: string): string[] {
  const argument = shellArgument(id);
  return [
    'TO DECIDE, SIGNED WITH YOUR OWN CREDENTIALS',
    `  read it    janitor challenge show ${argument}`,
    `  uphold     janitor challenge decide ${argument} --uphold --reason '...'`,
    `  dismiss    janitor challenge decide ${argument} --dismiss --reason '...'`,
  ];
}

const HEADINGS: Readonly<Record<ChallengeState, string>> = {
  open: 'is open',
  upheld: 'was upheld',
  dismissed: 'was dismissed',
  undecided: 'was decided by nobody in time',
};

function decided({ id, record, state }: Told) {
  const { target, openedBy, reason, end } = record;
  return {
    subject: `A challenge ${HEADINGS[state]}`,
    lines: [
      `The challenge by ${actorText(openedBy)} to ${challengedText(target)} ${HEADINGS[state]}.`,
      '',
      ...columns([
        ['why', said(reason)],
        ['so', effect(record, state)],
        [
          'decided',
          end === undefined || state === 'undecided' ? undefined : endedBy(end.by, end.at, end.reason),
        ],
      ]),
      '',
      `The whole story: janitor explain ${shellArgument(id)}`,
    ],
  };
}

function effect({ target }: Challenge, state: ChallengeState): string {
  const isStep = target.kind === 'step';
  if (state === 'upheld') return isStep ? 'the step is not taken' : 'the exception is revoked';
  if (state === 'dismissed')
    return isStep ? 'the step goes on, with every guard' : 'the exception stays, with the end it had';
  return UNDECIDED[target.kind];
}
