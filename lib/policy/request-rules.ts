import type { RequestKind } from '../domain/request-events.ts';
import type { Approvers, Eligible, RequestRules, RoutineKind } from '../domain/request-rules.ts';
import type { Tier } from '../domain/step.ts';
import { durationMs, type Instant } from '../domain/time.ts';
import { approvalFor, hasLeft, membersOf } from './directory.ts';
import type { Policy } from './policy.ts';

/** What a request is about, as far as the policy's word on it depends on that. */
export interface AboutRequest {
  readonly kind: RequestKind;
  /** Ids of the rules it names: those an exception exempts from, the one of an override or of a challenged step. */
  readonly rules?: readonly string[];
  readonly accountId?: string;
}

type Entry = Policy['document']['requests']['eligible' | 'approvers'][number];
type PersonTier = Exclude<Tier, 'routine'>;

/**
 * What the policy says about a request, people who left by `now` left out. Of \`approvers\` and \`eligible\` the first
 * entry that fits counts, for each rule by itself: whoever asks about several rules at once has to satisfy all.
 */
export function requestRules(policy: Policy, now: Instant, about: AboutRequest): RequestRules {
  const { requests, approvals } = policy.document;
  const { challenges, tickets } = requests;
  const decides = challenges.group ?? approvals.guarded.group;
  return {
    policyHash: policy.hash,
    people: policy.directory.people.map(({ id }) => id).filter((id) => !hasLeft(policy, id, now)),
    kinds: {
      exception: kindOf(policy, 'exception'),
      extension: kindOf(policy, 'extension'),
      restore: kindOf(policy, 'restore'),
      'rotate-now': kindOf(policy, 'rotate-now'),
      'approve-plan': kindOf(policy, 'approve-plan'),
      'policy-override': kindOf(policy, 'policy-override'),
    },
    routineMs: routineMsOf(policy, about),
    eligible: eligibleOf(policy, now, about),
    approvals: {
      guarded: approversOf(policy, now, about, 'guarded'),
      critical: approversOf(policy, now, about, 'critical'),
    },
    tickets: {
      checked: tickets.system !== undefined,
      ...(tickets.pattern === undefined ? {} : { pattern: tickets.pattern }),
    },
    pendingMs: durationMs(requests.pending),
    finishMs: durationMs(requests.finish),
    exemptAtMostMs: durationMs(requests.exemptAtMost),
    challenges: {
      group: decides,
      members: membersOf(policy, decides, now),
      decideWithinMs: durationMs(challenges.decideWithin),
    },
  };
}

function kindOf(policy: Policy, kind: RequestKind): RequestRules['kinds'][RequestKind] {
  const { tier, longest } = policy.document.requests.kinds[kind];
  return { tier, longestMs: durationMs(longest) };
}

/** Limits of pre-approval by kind; where rules are named, the shortest of theirs, and none for a rule nobody knows. */
function routineMsOf(policy: Policy, { rules = [] }: AboutRequest): RequestRules['routineMs'] {
  const { routine } = policy.document.requests;
  const exempts = (kind: RoutineKind): boolean => kind === 'exception' || kind === 'extension';
  const limits = (['exception', 'extension', 'restore', 'rotate-now'] as const).map((kind) => {
    const section = routine[kind];
    const named = exempts(kind) ? rules : [];
    const written = named.length === 0 ? [section] : named.map((id) => limitOf(policy, id, section));
    return [kind, shortest(written)] as const;
  });
  return Object.fromEntries(limits.filter(([, millis]) => millis !== undefined));
}

function limitOf(policy: Policy, ruleId: string, section: string | undefined): string | undefined {
  const rule = policy.document.rules.find(({ id }) => id === ruleId);
  return rule === undefined ? undefined : (rule.requests?.routineUpTo ?? section);
}

/** Undefined when one of them is: what one rule does not allow is not allowed. */
function shortest(durations: readonly (string | undefined)[]): number | undefined {
  const millis = durations.flatMap((text) => (text === undefined ? [] : [durationMs(text)]));
  return millis.length < durations.length ? undefined : Math.min(...millis);
}

function eligibleOf(policy: Policy, now: Instant, about: AboutRequest): readonly Eligible[] {
  const found = eachRule(about).flatMap((rule) => {
    const groups = policy.document.requests.eligible.find((entry) =>
      fits(policy, entry, about, rule),
    )?.groups;
    return groups === undefined ? [] : [groups];
  });
  const distinct = [...new Map(found.map((groups) => [groups.join(' '), groups])).values()];
  return distinct.map((groups) => ({
    groups,
    members: [...new Set(groups.flatMap((group) => membersOf(policy, group, now)))],
  }));
}

function approversOf(policy: Policy, now: Instant, about: AboutRequest, tier: PersonTier): Approvers {
  const found = eachRule(about).map(
    (rule) =>
      policy.document.requests.approvers.find(
        (entry) => (entry.tier ?? tier) === tier && fits(policy, entry, about, rule),
      ) ?? approvalFor(policy, tier),
  );
  const quorum = Math.max(...found.map((entry) => entry.quorum));
  const [group = approvalFor(policy, tier).group, ...others] = new Set(found.map((entry) => entry.group));
  const members = membersOf(policy, group, now);
  if (others.length === 0) return { group, quorum, members };
  const inAll = members.filter((id) => others.every((other) => membersOf(policy, other, now).includes(id)));
  return { group, quorum, members: inAll, divided: [group, ...others] };
}

/** The rules it names, one by one; once without any when it names none. */
function eachRule({ rules = [] }: AboutRequest): readonly (string | undefined)[] {
  return rules.length === 0 ? [undefined] : rules;
}

function fits(
  policy: Policy,
  entry: Entry,
  { kind, accountId }: AboutRequest,
  rule: string | undefined,
): boolean {
  if (entry.kinds?.includes(kind) === false) return false;
  if (entry.rules !== undefined && (rule === undefined || !entry.rules.includes(rule))) return false;
  return isAbout(policy, entry, accountId);
}

function isAbout(policy: Policy, { accounts, ous }: Entry, accountId: string | undefined): boolean {
  if (accounts === undefined && ous === undefined) return true;
  if (accountId === undefined) return false;
  const ou = policy.directory.accounts.find(({ id }) => id === accountId)?.ou;
  return accounts?.includes(accountId) === true || (ou !== undefined && ous?.includes(ou) === true);
}
