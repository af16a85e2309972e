import type { Settled } from '../follow-rotation.ts';
import { handleOfId } from './handle.ts';
import { planDocument, planText } from './plan.ts';
import type { Style } from './style.ts';
import { printable, shortInstant, wrapped } from './text.ts';

type Waiting = Exclude<Settled, { state: 'rotated' }>;
type Rotated = Extract<Settled, { state: 'rotated' }>;

/** What came of `janitor rotate`, as JSON; a plan looks as `approve` shows it. */
export function orderedRotationDocument(ordered: Settled): Record<string, unknown> {
  if (ordered.state === 'rotated') return { ...ordered };
  const { state, credentialId, into } = ordered;
  return { state, credentialId, into, plan: planDocument(decisionOf(ordered)) };
}

export function orderedRotationText(ordered: Settled, style: Style, width: number): string {
  return ordered.state === 'rotated'
    ? rotatedText(ordered, style, width)
    : waitingText(ordered, style, width);
}

function decisionOf({ plan, state, remaining }: Waiting) {
  return { plan, state: state === 'rejected' ? ('rejected' as const) : ('pending' as const), remaining };
}

function waitingText(ordered: Waiting, style: Style, width: number): string {
  const { plan, state, credentialId } = ordered;
  const { handle } = handleOfId(credentialId);
  const next =
    state === 'rejected'
      ? [`Nothing is rotated; the plan stands until ${shortInstant(plan.lapsesAt)}.`]
      : [
          `Nothing is changed yet. Another person approves: janitor approve ${plan.planId}`,
          `Then run this again: janitor rotate ${handle} --reason ...`,
        ];
  return [planText(decisionOf(ordered), style, width), ...next].join('\n');
}

function rotatedText(rotated: Rotated, style: Style, width: number): string {
  const { credentialId, accessKeyId, secretId, at, told } = rotated;
  const { handle } = handleOfId(credentialId);
  const lines = [
    `The new key ${accessKeyId} was tried on ${shortInstant(at)} and works. It is in ${secretId}.`,
    `${handle} stays active until it has shown disuse; then the rules for replaced keys retire it.`,
    ...(told === undefined ? [] : [toldText(told)]),
    `janitor explain ${handle} tells the whole story.`,
  ];
  return [
    style.bold(credentialId),
    style.green('Rotated'),
    ...lines.map((line) => wrapped(line, width)),
  ].join('\n');
}

const TOLD = {
  accepted: 'was told where it is',
  refused: 'could not be told; tell them where it is',
  unconfirmed: 'is told by the next sweep',
} as const;

function toldText({ recipient, outcome, noticeId }: NonNullable<Rotated['told']>): string {
  return `Its owner ${printable(recipient)} ${TOLD[outcome]} (${noticeId}).`;
}
