import { type Actor, actorLabel } from '../../domain/actor.ts';
import { ASKED_FOR } from '../../domain/asked-for.ts';
import type { LedgerEvent } from '../../domain/event.ts';
import type { ChangeKind } from '../../domain/event-data.ts';
import type { StepKind } from '../../domain/step.ts';
import type { Instant } from '../../domain/time.ts';
import type { ToldAbout } from '../../domain/told-events.ts';

/** `2026-01-31 09:00 UTC` */
export function day(instant: Instant): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}

export function who(actor: Actor): string {
  const party = actor.outsideParty === undefined ? '' : ` of outside party ${actor.outsideParty}`;
  return `${actorLabel(actor)}${party}`;
}

/** ` under rule x`, ` on request`, or nothing. */
export function under({ rule }: Pick<LedgerEvent, 'rule'>): string {
  if (rule === ASKED_FOR) return ' on request';
  return rule === undefined ? '' : ` under rule ${rule}`;
}

/** `, because ...` with reason, justification where it says something else, and ticket; or nothing. */
export function because({ reason, justification, ticket }: Partial<LedgerEvent>): string {
  const why = [reason, justification].filter((text) => text !== undefined && text !== '').map(withoutDot);
  const cited = ticket === undefined ? '' : ` (ticket ${ticket})`;
  return why.length === 0 ? cited : `, because ${[...new Set(why)].join('; ')}${cited}`;
}

export function withoutDot(text: string | undefined): string {
  return (text ?? '').trim().replace(/\.$/, '');
}

/** ` until 2026-01-31 09:00 UTC`, or nothing. */
export function until({ expiresAt }: Pick<LedgerEvent, 'expiresAt'>): string {
  return expiresAt === undefined ? '' : ` until ${day(expiresAt)}`;
}

/** Whom a notice about something that was asked reached, or did not. */
export function toldSentence({
  data: { recipient, noticeId, about, outcome },
}: Extract<LedgerEvent, { type: 'request.told' | 'exception.told' | 'challenge.told' }>): string {
  if (outcome === 'refused')
    return `${recipient} could not be told ${TOLD[about]} by ${noticeId}: the route refused it.`;
  return `${recipient} was told ${TOLD[about]} by ${noticeId}.`;
}

const TOLD: Readonly<Record<ToldAbout, string>> = {
  pending: 'that it waits for a decision',
  opened: 'that it is challenged',
  approved: 'that it is approved',
  outcome: 'what came of it',
};

/** ` before 2026-01-31 09:00 UTC`, or nothing. */
export function before({ expiresAt }: Pick<LedgerEvent, 'expiresAt'>): string {
  return expiresAt === undefined ? '' : ` before ${day(expiresAt)}`;
}

export function count(value: number, thing: string): string {
  return `${value} ${thing}${value === 1 ? '' : 's'}`;
}

/** `keep 100, act 20`; parts that are zero are left out. */
export function tally(numbers: Readonly<Record<string, number>>): string {
  const parts = Object.entries(numbers).filter(([, value]) => value > 0);
  return parts.length === 0 ? 'none' : parts.map(([name, value]) => `${name} ${value}`).join(', ');
}

const INFINITIVES: Readonly<Record<ChangeKind | StepKind, string>> = {
  notify: 'tell its owner',
  tag: 'tag its holder',
  rotate: 'rotate it',
  deliver: 'make ready the secret that its successor goes into',
  disable: 'disable it',
  delete: 'delete it',
  enable: 'enable it again',
  undelete: 'restore it from deletion',
};
const PAST: Readonly<Record<ChangeKind, string>> = {
  tag: 'Its holder was tagged',
  rotate: 'Its rotation was started',
  deliver: 'The secret that its successor goes into was made ready',
  disable: 'It was disabled',
  delete: 'It was deleted',
  enable: 'It was enabled again',
  undelete: 'It was restored from deletion',
};
const PASSIVE: Readonly<Record<ChangeKind | StepKind, string>> = {
  notify: 'its owner is told',
  tag: 'its holder is tagged',
  rotate: 'it is rotated',
  deliver: 'the secret that its successor goes into is made ready',
  disable: 'it is disabled',
  delete: 'it is deleted',
  enable: 'it is enabled again',
  undelete: 'it is restored',
};

/** `disable it` */
export function infinitive(change: ChangeKind | StepKind): string {
  return INFINITIVES[change];
}

/** `It was disabled` */
export function past(change: ChangeKind): string {
  return PAST[change];
}

/** `it is disabled` */
export function passive(change: ChangeKind | StepKind): string {
  return PASSIVE[change];
}
