import { actorLabel } from '../domain/actor.ts';
import { JanitorError } from '../domain/error.ts';
import type { Exception } from '../domain/exception.ts';
import { type Fact, knownValue } from '../domain/fact.ts';
import type { Request, Requester } from '../domain/request.ts';
import type { RequestContent } from '../domain/request-events.ts';
import { isRoutineKind, type RequestRules } from '../domain/request-rules.ts';
import type { Tier } from '../domain/step.ts';
import type { TicketState } from '../domain/ticket.ts';
import { earliest, elapsed, humanDuration, type Instant, plus } from '../domain/time.ts';

/** What the service found out about what is asked for. */
export interface SubmissionFacts {
  /** Persons whom it serves: the credential's owner, for one. None of them approves it (I11). */
  readonly beneficiaries: readonly string[];
  /** Since when exceptions have exempted the credential without a gap; absent when none does. */
  readonly exemptSince?: Instant;
  /** Whoever asks is of outside, and what it is about is not theirs: nothing of it is pre-approved (G19). */
  readonly notTheirs?: boolean;
  /** The exception that an extension would follow, as its chain says. */
  readonly extended?: Exception;
  /** What the ticket system says of its ticket now; absent when nobody was asked. */
  readonly ticket?: Fact<TicketState>;
  /** Why whoever asks may not come in at all: nothing else is looked at, and the denial is recorded. */
  readonly refused?: { readonly code: string; readonly why: string };
}

interface Submission {
  readonly requester: Requester;
  readonly content: RequestContent;
  readonly facts: SubmissionFacts;
  readonly rules: RequestRules;
  readonly now: Instant;
}

/** Whether a request is denied at once, or how it goes on; `why` is for people. */
export type Admission =
  | { readonly ok: true; readonly admission: NonNullable<Request['admission']> }
  | { readonly ok: false; readonly code: string; readonly why: string };

/**
 * Refuses what makes no sense whoever asks, before anything is stored.
 * @throws JanitorError `end-in-past`, `end-too-far`, `person-unknown`, `ticket-malformed`, naming the field.
 */
export function refuseImpossible({ content, rules, now }: Submission): void {
  const { endsAt, ask, businessOwner, beneficiary } = content;
  if (endsAt <= now) throw impossible('end-in-past', 'endsAt', `${endsAt} has passed`, 'Name a later end.');
  const { longestMs } = rules.kinds[ask.kind];
  if (elapsed(now, endsAt) > longestMs) {
    throw impossible(
      'end-too-far',
      'endsAt',
      `a request of kind ${ask.kind} ends within ${humanDuration(longestMs)}`,
      `Name an end no later than ${plus(now, longestMs)}, and ask again when it comes.`,
    );
  }
  for (const [field, person] of Object.entries({ businessOwner, beneficiary })) {
    if (person === undefined || rules.people.includes(person)) continue;
    const hint = 'Name somebody who is listed in directory.yaml and has not left.';
    throw impossible('person-unknown', field, `"${person}" is nobody in the directory`, hint);
  }
  if (ticketFits(rules, content.ticket)) return;
  const hint = `Write a reference that fits ${rules.tickets.pattern}, the pattern of the policy.`;
  throw impossible(
    'ticket-malformed',
    'ticket',
    `"${content.ticket}" is no reference of a ticket here`,
    hint,
  );
}

/** Whether the policy takes it for the reference of a ticket. */
function ticketFits({ tickets: { pattern } }: Pick<RequestRules, 'tickets'>, ticket: string): boolean {
  return pattern === undefined || new RegExp(`^(?:${pattern})$`, 'u').test(ticket);
}

/** The policy's word on a request, before any person's: who may ask at all, and who has to agree (G10, G20). */
export function admit(submission: Submission): Admission {
  const { requester, content, facts, rules, now } = submission;
  if (facts.refused !== undefined) return denied(facts.refused.code, facts.refused.why);
  const { ask, endsAt } = content;
  const exempts = ask.kind === 'exception' || ask.kind === 'extension';
  const exemptSince = facts.extended?.exemptSince ?? facts.exemptSince ?? now;
  const tier = tierOf(submission, exempts ? exemptSince : now);
  const denial = unfitRequester(requester, tier, rules);
  if (denial !== undefined) return denial;
  if (knownValue(facts.ticket) === 'closed') {
    return denied('ticket-closed', `Ticket ${content.ticket} is closed; a request needs one that is open.`);
  }
  if (exempts && elapsed(exemptSince, endsAt) > rules.exemptAtMostMs) {
    return denied(
      'exemption-cap',
      `Exceptions would exempt the credential from ${exemptSince} to ${endsAt}; ${humanDuration(rules.exemptAtMostMs)} in all is the most.`,
    );
  }
  const common = {
    tier,
    beneficiaries: [...new Set([...facts.beneficiaries, ...(facts.extended?.parties ?? [])])].sort(),
    lapsesAt: earliest(plus(now, rules.pendingMs), endsAt),
    ...(exempts ? { exemptSince } : {}),
    ...(facts.ticket === undefined ? {} : { ticketState: facts.ticket }),
  };
  if (tier === 'routine') return { ok: true, admission: { ...common, approvalsNeeded: 0 } };
  const { quorum, group, divided } = rules.approvals[tier];
  if (divided !== undefined) {
    return denied(
      'approvers-differ',
      `Different groups approve for the rules it names (${divided.join(', ')}); ask for each in a request of its own.`,
    );
  }
  return { ok: true, admission: { ...common, approvalsNeeded: quorum, approverGroup: group } };
}

/**
 * Routine is what ends within the limit, and whose ticket is known to be open where a ticket system is asked (G22).
 * Exemptions count from their first beginning: short ones that follow each other are a long one.
 */
function tierOf({ content: { ask, endsAt }, facts, rules }: Submission, since: Instant): Tier {
  const routineMs = isRoutineKind(ask.kind) ? rules.routineMs[ask.kind] : undefined;
  const isShort = routineMs !== undefined && elapsed(since, endsAt) <= routineMs;
  const isVerified = !rules.tickets.checked || knownValue(facts.ticket) === 'open';
  return isShort && isVerified && facts.notTheirs !== true ? 'routine' : rules.kinds[ask.kind].tier;
}

function unfitRequester(requester: Requester, tier: Tier, rules: RequestRules): Admission | undefined {
  const { actor, onBehalfOf, autonomous, sponsor } = requester;
  const unresolved = [actor, ...onBehalfOf].find(({ kind }) => kind === 'unresolved');
  if (unresolved !== undefined) {
    return denied(
      'caller-unresolved',
      `${unresolved.arn} is nobody the directory knows; map the principal to a person in directory.yaml.`,
    );
  }
  const closed = rules.eligible.find(({ members }) => !isOneOf(members, requester));
  if (closed !== undefined) {
    const who = actorLabel(onBehalfOf[0] ?? actor);
    return denied(
      'not-eligible',
      `${who} is in none of the groups that may ask: ${closed.groups.join(', ')}.`,
    );
  }
  if (!autonomous || tier === 'routine') return undefined;
  if (sponsor === undefined) {
    return denied(
      'sponsor-missing',
      `An autonomous agent asks above the routine tier only with a person as sponsor, and this is ${tier}.`,
    );
  }
  if (rules.people.includes(sponsor)) return undefined;
  return denied('sponsor-unknown', `The sponsor "${sponsor}" is nobody in the directory.`);
}

/** Whoever began the chain is a member, or the person who answers for an agent is. */
function isOneOf(members: readonly string[], { actor, onBehalfOf, autonomous, sponsor }: Requester): boolean {
  const { person } = onBehalfOf[0] ?? actor;
  const asks = person ?? (autonomous ? sponsor : undefined);
  return asks !== undefined && members.includes(asks);
}

function denied(code: string, why: string): Admission {
  return { ok: false, code, why };
}

function impossible(code: string, field: string, message: string, hint: string): JanitorError {
  return new JanitorError(`${field}: ${message}`, { code, source: 'user', hint, details: { field } });
}
