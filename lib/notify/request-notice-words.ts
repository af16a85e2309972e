import { type Actor, actorLabel } from '../domain/actor.ts';
import type { ChallengeTarget } from '../domain/challenge-events.ts';
import type { ExceptionEnd } from '../domain/exception.ts';
import type { ExpiryCause } from '../domain/exception-events.ts';
import type { Requester } from '../domain/request.ts';
import type { Ask, Conditions } from '../domain/request-events.ts';
import { withoutSecret } from '../domain/secret-shape.ts';
import type { StepKind } from '../domain/step.ts';
import { readable } from './digest-text.ts';
import { freeText, oneLine } from './plain-text.ts';

/** A text somebody wrote: whole, on one line, without what looks like a secret. */
export function said(text: string): string {
  return freeText(withoutSecret(oneLine(text, 1_000)), 1_000);
}

/** An id on one line; an ARN may be long. */
export function idText(id: string): string {
  return oneLine(id, 4_096);
}

/** Who it is, and for what outside organisation (G19). */
export function actorText(actor: Actor): string {
  const party = actor.outsideParty === undefined ? '' : ` of outside party ${said(actor.outsideParty)}`;
  return `${said(actorLabel(actor))}${party}`;
}

/** Who asks, and through whom, before a verb (G18, G20). */
export function requesterText({ actor, onBehalfOf, sponsor, autonomous }: Requester): string {
  const [origin = actor, ...hops] = [...onBehalfOf, actor];
  const through = hops.length === 0 ? '' : `, through ${hops.map(actorText).join(', then ')}`;
  const agent = autonomous ? ', an autonomous agent' : '';
  const backed = sponsor === undefined ? '' : `, with ${said(sponsor)} as sponsor`;
  const more = `${through}${agent}${backed}`;
  return `${actorText(origin)}${more}${more === '' ? '' : ','}`;
}

const STEPS: Readonly<Record<StepKind, string>> = {
  notify: 'tell its owner',
  tag: 'tag it',
  rotate: 'rotate it',
  disable: 'disable it',
  delete: 'delete it',
};

/** What is asked for, after "asks". */
export function wishText(ask: Ask): string {
  switch (ask.kind) {
    case 'exception':
      return `to except ${idText(ask.scope.credentialId)} from ${rulesText(ask.scope.rules)}`;
    case 'extension':
      return `for another exception in the place of ${idText(ask.exceptionId)}`;
    case 'restore':
      return `to restore ${idText(ask.credentialId)}`;
    case 'rotate-now':
      return `to rotate ${idText(ask.credentialId)} now`;
    case 'approve-plan':
      return `to approve ${idText(ask.planId)} (hash ${ask.planHash.slice(0, 12)})`;
    case 'policy-override':
      return `that rule ${said(ask.rule)} does not ${STEPS[ask.step]}: ${idText(ask.credentialId)}`;
  }
}

/** What approving it brings about. */
export function effectText(ask: Ask): string {
  switch (ask.kind) {
    case 'exception':
      return 'these rules take no step on it until the end; all other rules go on';
    case 'extension':
      return 'the same exception goes on until the new end, and the old one ends';
    case 'restore':
      return 'what was disabled or deleted is brought back, and left alone for a while';
    case 'rotate-now':
      return 'a new value takes its place; the old one stays in force while it is used';
    case 'approve-plan':
      return 'the steps of the plan may run, as far as every guard still agrees; a deletion cannot be undone';
    case 'policy-override':
      return `this rule does not ${STEPS[ask.step]} until the end; its other steps and all other rules go on`;
  }
}

export function challengedText(target: ChallengeTarget): string {
  if (target.kind === 'exception') return `exception ${idText(target.exceptionId)}`;
  return `that rule ${said(target.rule)} may ${STEPS[target.step]}: ${idText(target.credentialId)}`;
}

/** What must stay true, as a clause of its own. */
export function conditionsText({ tag = {}, owner, ticket }: Conditions): string {
  return [
    ...Object.entries(tag).map(([key, value]) => `the tag "${said(key)}" stays "${said(value)}"`),
    ...(owner === undefined ? [] : ['its owner stays the same']),
    ...(ticket === undefined ? [] : ['the ticket stays open']),
  ].join(', ');
}

const CAUSES: Readonly<Record<ExpiryCause, string>> = {
  end: 'its end has come',
  condition: 'what was to stay true is no longer',
  'challenge-undecided': 'nobody decided the challenge to it in time',
};

export function endText(state: ExceptionEnd, cause: ExpiryCause | undefined): string {
  return cause === undefined ? state : `${state}: ${CAUSES[cause]}`;
}

export function rulesText(rules: readonly string[]): string {
  return `${rules.length === 1 ? 'rule' : 'rules'} ${rules.map(said).join(', ')}`;
}

export function reasonText(
  reason: string,
  { reasonKind, ticket }: { readonly reasonKind: string; readonly ticket: string },
): string {
  return `${said(reason)} (${reasonKind}, ticket ${said(ticket)})`;
}

/**
 * Labels of our own in a column, so that texts of others stand behind them, whatever width they have. Rows without a text
 * are left out.
 */
export function columns(rows: readonly (readonly [label: string, text: string | undefined])[]): string[] {
  return rows.flatMap(([label, text]) => (text === undefined ? [] : [`  ${label.padEnd(12)}${text}`]));
}

/** `because it leaked, by bo on 2026-10-15 09:00 UTC` */
export function endedBy(by: Actor, at: string, reason: string | undefined): string {
  const why = reason === undefined ? '' : `, because: ${said(reason)}`;
  return `by ${actorText(by)} on ${readable(at)}${why}`;
}
