import type { ChallengeView, DecidedView, OpenedView } from '../../api/index.ts';
import { actorLabel } from '../../domain/actor.ts';
import { type Field, fieldLines } from './fields.ts';
import { handleOfId } from './handle.ts';
import { stateWord } from './request.ts';
import type { Style } from './style.ts';
import { printable, shortInstant } from './text.ts';

type Target = ChallengeView['target'];

/** A challenge: what is objected to, by whom, who may decide until when, and what comes next. */
export function challengeText(view: ChallengeView, style: Style, width: number): string {
  const { challengeId, state, target, notBy, end } = view;
  const fields: readonly Field[] = [
    ['Against', targetWords(target)],
    ['Why', view.reason],
    ['Opened by', `${actorLabel(view.openedBy)} on ${shortInstant(view.openedAt)}`],
    ['Decided by', `group ${view.approverGroup}${notBy.length === 0 ? '' : `, but not ${notBy.join(', ')}`}`],
    ['Until', shortInstant(view.decideBy)],
    [
      'Ended',
      end === undefined
        ? undefined
        : `${state} on ${shortInstant(end.at)} by ${actorLabel(end.by)}${end.reason === undefined ? '' : `: ${end.reason}`}`,
    ],
    ['Next', nextOf(view)],
  ];
  return [
    `${style.bold(printable(challengeId))}  challenge, ${stateWord(state, style)}`,
    fieldLines(fields, style, width),
  ].join('\n');
}

/** The same in the width of a table's cell. */
export function targetBrief(target: Target): string {
  return target.kind === 'exception'
    ? `exception ${target.exceptionId}`
    : `${target.step} by ${target.rule} of ${handleOfId(target.credentialId).handle}`;
}

export function openedText(opened: OpenedView, style: Style, width: number): string {
  const { repeated, challenge, openIntent } = opened;
  return [
    ...(repeated ? ['It was challenged before; a second challenge pauses nothing.'] : []),
    ...(openIntent === undefined
      ? []
      : [`Too late for one thing: "${openIntent.change}" was begun on ${shortInstant(openIntent.at)}.`]),
    challengeText(challenge, style, width),
  ].join('\n');
}

export function decidedText({ repeated, challenge }: DecidedView, style: Style, width: number): string {
  const head = repeated ? ['It was decided so before.'] : [];
  return [...head, challengeText(challenge, style, width)].join('\n');
}

function targetWords(target: Target): string {
  return target.kind === 'exception'
    ? `exception ${target.exceptionId}`
    : `the step ${target.step} of rule ${target.rule} on ${target.credentialId}`;
}

function nextOf({ challengeId, state, target }: ChallengeView): readonly string[] {
  if (state === 'open') {
    const paused =
      target.kind === 'step'
        ? 'The step waits. Undecided, it may lead to disable, never to delete.'
        : 'The exception stays in force until then. Undecided, it ends.';
    return [
      `${paused} Whoever may decide:`,
      `janitor challenge decide ${challengeId} --uphold --reason ...`,
      `janitor challenge decide ${challengeId} --dismiss --reason ...`,
    ];
  }
  return [AFTER[target.kind][state], `janitor explain challenge#${challengeId}`];
}

const AFTER = {
  step: {
    upheld: 'The step is not taken. The whole story:',
    dismissed: 'The step goes on, with all its guards. The whole story:',
    undecided: 'Nobody decided in time: it may be disabled and is never deleted. The whole story:',
  },
  exception: {
    upheld: 'The exception is revoked. The whole story:',
    dismissed: 'The exception goes on. The whole story:',
    undecided: 'Nobody decided in time: the exception has ended. The whole story:',
  },
} as const;
