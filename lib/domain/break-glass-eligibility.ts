import type { Actor } from './actor.ts';
import { DRILL_ROLE } from './break-glass-documents.ts';
import { breakGlassRole } from './break-glass-drill.ts';
import type { BreakGlassRole, BreakGlassRules, OnCallSource } from './break-glass-rules.ts';
import { type Fact, isKnown, known } from './fact.ts';
import type { GrantContent, Standing } from './grant-events.ts';
import type { UnsettledUse } from './grant-uses.ts';
import { secretShapeIn } from './secret-shape.ts';
import { isTicket } from './ticket.ts';
import { humanDuration, type Instant, MINUTE_MS } from './time.ts';

export type RefusalCode =
  | 'role-unknown'
  | 'account-not-covered'
  | 'not-a-person'
  | 'not-eligible'
  | 'not-on-call'
  | 'on-call-unknown'
  | 'reason-too-short'
  | 'secret-shaped'
  | 'ticket-malformed'
  | 'duration-too-short'
  | 'duration-too-long';

/** Whether somebody may have a role, with the reasons either way. */
export type Eligibility =
  | {
      readonly ok: true;
      readonly role: BreakGlassRole;
      readonly standing: Standing;
      readonly approvalsNeeded: number;
      readonly reviewsNeeded: number;
      readonly why: readonly string[];
    }
  | { readonly ok: false; readonly code: RefusalCode; readonly why: readonly string[] };

export interface EligibilityFacts {
  /** The one who asks, as authenticated. */
  readonly actor: Actor;
  readonly content: GrantContent;
  /** Persons on call; needed where the role has a source that has to be asked. */
  readonly onCall: Fact<readonly string[]>;
  /** Earlier uses of the role by this person whose review is overdue. */
  readonly overdue: readonly UnsettledUse[];
}

/** Persons by the tier of a role. */
const APPROVALS: Readonly<Record<BreakGlassRole['tier'], number>> = { routine: 0, guarded: 1, critical: 2 };

/**
 * Decides whether a person may have a break-glass role, from the policy and facts alone. Only persons may; what is not
 * known about being on call helps nobody but the emergency group, and is marked. An overdue review never helps and costs a
 * second person (I18). Every clause that says no is reported; the code is that of the first.
 */
export function decideEligibility(rules: BreakGlassRules, facts: EligibilityFacts): Eligibility {
  const { actor, content, overdue } = facts;
  const role = breakGlassRole(rules, content.role);
  if (role === undefined) {
    const known = rules.roles.map(({ name }) => name).join(', ');
    const why = `the policy has no break-glass role "${content.role}"; it has ${known === '' ? 'none' : known}`;
    return { ok: false, code: 'role-unknown', why: [why] };
  }
  const standing = standingOf(rules, role, facts);
  const refusals = [...contentRefusals(rules, role, content), ...(standing.ok ? [] : [standing.refusal])];
  const [first] = refusals;
  if (first !== undefined || !standing.ok || actor.person === undefined) {
    return { ok: false, code: first?.code ?? 'not-a-person', why: refusals.map(({ why }) => why) };
  }
  if (role.name === DRILL_ROLE) {
    const why = ['it is a drill: the role may do nothing, so nobody approves or reviews it'];
    return { ok: true, role, standing: standing.standing, approvalsNeeded: 0, reviewsNeeded: 0, why };
  }
  const own = APPROVALS[role.tier];
  return {
    ok: true,
    role,
    standing: standing.standing,
    approvalsNeeded: overdue.length > 0 ? Math.max(own, 1) : own,
    reviewsNeeded: standing.standing === 'emergency' ? 2 : 1,
    why: [standing.why, ...overdue.map(overdueText)],
  };
}

function overdueText({ grantId, reviewBy }: UnsettledUse): string {
  return `the review of grant ${grantId} was due by ${reviewBy}: a second person has to approve`;
}

interface Refusal {
  readonly code: RefusalCode;
  readonly why: string;
}

function contentRefusals(rules: BreakGlassRules, role: BreakGlassRole, content: GrantContent): Refusal[] {
  const { accountId, reason, ticket, durationSeconds } = content;
  const millis = durationSeconds * 1000;
  const isDrill = role.name === DRILL_ROLE;
  const clauses: readonly (Refusal | false)[] = [
    !role.accounts.includes(accountId) && {
      code: 'account-not-covered',
      why: `${role.name} exists in ${role.accounts.join(', ')}, not in ${accountId}`,
    },
    !isDrill &&
      reason.trim().length < rules.shortestReason && {
        code: 'reason-too-short',
        why: `a reason takes at least ${rules.shortestReason} characters`,
      },
    [reason, ticket].some((text) => secretShapeIn(text) !== undefined) && {
      code: 'secret-shaped',
      why: 'the reason or the ticket looks like a secret, which the record must never hold',
    },
    !isDrill &&
      !fits(ticket, rules.ticketPattern) && {
        code: 'ticket-malformed',
        why: `the ticket is not of the form that the policy asks for${formOf(rules.ticketPattern)}`,
      },
    millis < MINUTE_MS && { code: 'duration-too-short', why: 'a grant lasts a minute at least' },
    millis > role.longestMs && {
      code: 'duration-too-long',
      why: `${role.name} is granted for ${humanDuration(role.longestMs)} at most; longer is another grant`,
    },
  ];
  return clauses.filter((clause) => clause !== false);
}

function fits(ticket: string, pattern: string | undefined): boolean {
  return isTicket(ticket) && (pattern === undefined || new RegExp(`^(?:${pattern})$`, 'u').test(ticket));
}

function formOf(pattern: string | undefined): string {
  return pattern === undefined ? '' : `: ${pattern}`;
}

type Stand =
  | { readonly ok: true; readonly standing: Standing; readonly why: string }
  | { readonly ok: false; readonly refusal: Refusal };

function standingOf(
  rules: BreakGlassRules,
  role: BreakGlassRole,
  { actor, onCall }: EligibilityFacts,
): Stand {
  const { kind, person } = actor;
  if (kind !== 'person' || person === undefined)
    return refused('not-a-person', 'only a person whom the directory knows may have a break-glass role');
  const isEligible = role.eligible.includes(person);
  const source = role.onCall;
  if (source === undefined || isKnown(onCall)) {
    if (!isEligible) return refused('not-eligible', `${person} is in no group that may have ${role.name}`);
    if (source === undefined || !isKnown(onCall))
      return { ok: true, standing: 'not-asked', why: `${person} is eligible; ${role.name} asks for no more` };
    if (!onCall.value.includes(person))
      return refused('not-on-call', `${person} is not on call, by ${onCall.source} as of ${onCall.asOf}`);
    return {
      ok: true,
      standing: 'on-call',
      why: `${person} is on call, by ${onCall.source} as of ${onCall.asOf}`,
    };
  }
  const mayGoAhead = source.kind !== 'http' || source.ifUnknown === 'emergency-group';
  if (mayGoAhead && rules.emergency.includes(person)) {
    const why = `nobody can say who is on call (${onCall.unknown}); ${person} goes ahead as one of the emergency group`;
    return { ok: true, standing: 'emergency', why };
  }
  const way = mayGoAhead ? '; somebody of the emergency group may go ahead' : '';
  return refused('on-call-unknown', `nobody can say who is on call (${onCall.unknown})${way}`);
}

function refused(code: RefusalCode, why: string): Stand {
  return { ok: false, refusal: { code, why } };
}

/** Who is on call by the policy itself; undefined where a system has to be asked, or nobody. */
export function onCallByPolicy(
  source: Exclude<OnCallSource, { kind: 'http' }>,
  now: Instant,
): Fact<readonly string[]> {
  if (source.kind === 'people') return known(source.people, now, 'the policy');
  const turns = source.turns.filter(({ from, until }) => from <= now && now < until);
  return known([...new Set(turns.map(({ person }) => person))], now, 'the schedule in the policy');
}
