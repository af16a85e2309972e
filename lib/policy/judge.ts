import type { Credential, CredentialKind } from '../domain/credential.ts';
import { isKnown } from '../domain/fact.ts';
import type { CredentialHistory } from '../domain/history.ts';
import { lazily } from '../domain/lazily.ts';
import type { StepKind } from '../domain/step.ts';
import { durationMs, type Instant } from '../domain/time.ts';
import type { Finding, Judgement, Refusal } from '../domain/verdict.ts';
import type { Clause } from './clauses.ts';
import { compileMatch, restsOnDisuse } from './compile-match.ts';
import { believable } from './evidence.ts';
import { type HoldFinder, holdFinder } from './holds.ts';
import type { Rule } from './janitor-schema.ts';
import { type Answer, no, unsure } from './kleene.ts';
import { expiryOf, labelStateOf } from './labels.ts';
import { nextStep } from './next-step.ts';
import { ownerResolver } from './owner.ts';
import { type PlannedStep, plannedStep } from './planned-step.ts';
import type { Policy } from './policy.ts';
import { recipientResolver } from './recipient.ts';
import type { Subject } from './subject.ts';
import { verdictOf } from './verdict-of.ts';

/** Judges one credential at one instant. Pure: the same input gives the same judgement, byte for byte (I19). */
export type Judge = (input: {
  readonly credential: Credential;
  readonly history: CredentialHistory;
  readonly now: Instant;
}) => Judgement;

interface CompiledRule {
  readonly rule: Rule;
  readonly hash: string;
  readonly match: Clause;
  readonly exclude: Clause | undefined;
  readonly steps: readonly PlannedStep[];
  readonly restsOnDisuse: boolean;
}

/** What one rule says: a finding when it matches or may match, and one sentence in any case. */
interface RuleView {
  readonly finding?: Finding;
  readonly reason: string;
}

/** Compiles a policy once, with the first credential; the judge it returns keeps nothing else between calls. */
export function compilePolicy(policy: Policy): Judge {
  const compiled = lazily(() => ({
    rules: compiledByKind(policy),
    subjectOf: subjectMaker(policy),
    holdsOf: holdFinder(policy),
  }));
  return ({ credential, history, now }) => {
    const { rules, subjectOf, holdsOf } = compiled();
    const subject = subjectOf(credential, history, now);
    const holds = holdsOf(subject);
    const views = (rules.get(credential.kind) ?? []).map((rule) => viewOf(rule, subject, holds));
    const findings = views.flatMap((view) => (view.finding === undefined ? [] : [view.finding]));
    const { ownership, recipient, labels, expiresAt } = subject;
    return {
      owner: ownership.owner,
      recipient: recipient.id,
      ...(ownership.party === undefined ? {} : { outsideParty: ownership.party.id }),
      expiresAt,
      labels: labels.labels,
      verdict: verdictOf(findings, reasonsOf(views, credential.kind), isKnown(subject.facts.status)),
      findings,
    };
  };
}

/** What forbids a step that no rule asks for, but a person: protections, holds in force, facts that are missing. */
export type HoldsOnRequest = (input: Parameters<Judge>[0], step: StepKind) => readonly Refusal[];

export function compileHolds(policy: Policy): HoldsOnRequest {
  const subjectOf = subjectMaker(policy);
  const holdsOf = holdFinder(policy);
  return ({ credential, history, now }, step) =>
    holdsOf(subjectOf(credential, history, now))(step, undefined);
}

function compiledByKind(policy: Policy): ReadonlyMap<CredentialKind, readonly CompiledRule[]> {
  const lagMs = durationMs(policy.document.evidence.lastUsedLag);
  const compiled = policy.document.rules.map((rule) => ({
    rule,
    hash: policy.ruleHash(rule.id),
    match: compileMatch(rule.match, lagMs),
    exclude: rule.exclude === undefined ? undefined : compileMatch(rule.exclude, lagMs),
    steps: rule.steps.map((step) => plannedStep(step, policy.document.rotation)),
    restsOnDisuse:
      restsOnDisuse(rule.match) || (rule.exclude !== undefined && restsOnDisuse(rule.exclude, true)),
  }));
  return Map.groupBy(compiled, ({ rule }) => rule.credential);
}

function subjectMaker(policy: Policy) {
  const ownerOf = ownerResolver(policy);
  const recipientOf = recipientResolver(policy);
  const maxAgeMs = durationMs(policy.document.evidence.maxAge);
  const { lifetime } = policy.document;
  return (credential: Credential, history: CredentialHistory, now: Instant): Subject => {
    const facts = believable(credential.facts, now, maxAgeMs);
    const ownership = ownerOf(credential, facts, history.createdBy, now);
    const expiresAt = expiryOf(lifetime, credential, facts);
    return {
      credential,
      facts,
      history,
      now,
      ownership,
      recipient: recipientOf(ownership, history, now),
      expiresAt,
      labels: labelStateOf(credential, facts, ownership, lifetime, expiresAt),
      quarantineUndone: isUndone(credential, history),
    };
  };
}

/** Evidence older than the quarantine does not speak of it: a credential report is up to four hours old. */
function isUndone({ kind, facts }: Credential, { quarantine, deleted }: CredentialHistory): boolean {
  if (kind !== 'access-key' || quarantine === undefined || deleted !== undefined) return false;
  return isKnown(facts.status) && facts.status.value === 'active' && facts.status.asOf > quarantine.since;
}

function viewOf(compiled: CompiledRule, subject: Subject, holds: HoldFinder): RuleView {
  const { rule } = compiled;
  const matched = matchOf(compiled, subject);
  const sentence = (text: string): string => `${rule.id}: ${text}`;
  if (matched.is === 'no') return { reason: sentence(matched.why) };
  const opened = Object.hasOwn(subject.history.findings, rule.id)
    ? subject.history.findings[rule.id]
    : undefined;
  const base = {
    rule: rule.id,
    ruleHash: compiled.hash,
    restsOnDisuse: compiled.restsOnDisuse,
    ...(opened === undefined ? {} : { openedAt: opened.openedAt }),
  };
  if (matched.is === 'unknown') {
    const why = `cannot be told, because ${matched.why}`;
    return { finding: { ...base, matches: 'unknown', held: [], reasons: [why] }, reason: sentence(why) };
  }
  const next = nextStep(rule.id, compiled.steps, subject);
  const held = holds(next?.step, rule);
  const reasons = [
    matched.why,
    next?.why ?? 'all its steps are done',
    ...held.map(({ code, reason }) => `held (${code}): ${reason}`),
  ];
  const { why: _told, ...step } = next ?? { why: '' };
  return {
    finding: { ...base, matches: 'yes', ...step, held, reasons },
    reason: sentence(reasons.join('; ')),
  };
}

/** Match without exclude, in three-valued logic: an exclusion that cannot be told leaves the match unknown. */
function matchOf({ match, exclude }: CompiledRule, subject: Subject): Answer {
  const matched = match(subject);
  if (matched.is === 'no' || exclude === undefined) return matched;
  const excluded = exclude(subject);
  if (excluded.is === 'yes') return no(`excluded: ${excluded.why}`);
  if (excluded.is === 'no') return matched;
  const open = `whether it is excluded is unknown: ${excluded.why}`;
  return unsure(matched.is === 'yes' ? open : `${matched.why}; ${open}`);
}

function reasonsOf(views: readonly RuleView[], kind: CredentialKind): string[] {
  return views.length === 0 ? [`no rule is about ${kind}`] : views.map((view) => view.reason);
}
