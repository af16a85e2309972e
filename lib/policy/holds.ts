import { isKnown, knownValue } from '../domain/fact.ts';
import { type Hold, holdForbids, holdsAt } from '../domain/hold.ts';
import { isAnnounced, isDestructive, STEP_KINDS, type StepKind } from '../domain/step.ts';
import { durationMs, parseInstant, plus } from '../domain/time.ts';
import type { Refusal } from '../domain/verdict.ts';
import type { Clause } from './clauses.ts';
import { compileMatch } from './compile-match.ts';
import { day, minute } from './evidence.ts';
import type { Rule } from './janitor-schema.ts';
import type { Policy } from './policy.ts';
import type { Subject } from './subject.ts';

/** Something that forbids a step: a stable code, the steps it forbids, and why it does now (undefined: it does not). */
interface HoldRule {
  readonly code: string;
  /** For the reference. */
  readonly meaning: string;
  readonly holds: (step: StepKind) => boolean;
  /** `rule` is undefined of a step that no rule asks for, but a person. */
  readonly because: (subject: Subject, rule: Rule | undefined, step: StepKind) => string | undefined;
}

const everything = (): boolean => true;
const changing = (step: StepKind): boolean => isAnnounced(step) || step === 'tag';
const telling = (step: StepKind): boolean => isAnnounced(step) || step === 'notify';

/** Who has undone our quarantine is using the credential: everything starts over. */
const quarantineUndone: HoldRule = {
  code: 'quarantine-undone',
  meaning: 'Somebody made the key active again after the janitor had disabled it.',
  holds: everything,
  because: ({ quarantineUndone: undone, history }) =>
    undone
      ? `it is active again although it was disabled on ${day(history.quarantine?.since ?? '')}; somebody uses it`
      : undefined,
};

const statusUnknown: HoldRule = {
  code: 'status-unknown',
  meaning: 'Its status is not known.',
  holds: isAnnounced,
  because: ({ facts }) =>
    isKnown(facts.status) ? undefined : `its status is unknown: ${facts.status.unknown}`,
};

/** Without its tags nobody knows whose it is or what protects it. */
const tagsUnknown: HoldRule = {
  code: 'tags-unknown',
  meaning: 'Its tags are not known, so neither its owner nor a protection by tag is.',
  holds: changing,
  because: ({ facts }) => (isKnown(facts.tags) ? undefined : `its tags are unknown: ${facts.tags.unknown}`),
};

/** Tagging with half of what a label says would write something wrong. */
const labelsUnknown: HoldRule = {
  code: 'labels-unknown',
  meaning: 'What a label would have to say is not known.',
  holds: (step) => step === 'tag',
  because: ({ labels }) =>
    labels.state === 'unknown' ? `its labels cannot be told: ${labels.why}` : undefined,
};

const idNotRead: HoldRule = {
  code: 'id-not-read',
  meaning: 'Its access key id was not read.',
  holds: changing,
  because: ({ credential, facts }) =>
    credential.kind === 'access-key' && knownValue(facts.accessKeyId) === undefined
      ? 'its access key id is not known, so it cannot be told apart from the other key of the user'
      : undefined,
};

const serviceOwned: HoldRule = {
  code: 'service-owned',
  meaning: 'An AWS service owns the secret, or nobody knows whether one does.',
  holds: changing,
  because: ({ credential, facts }) => {
    if (credential.kind !== 'secret') return undefined;
    if (facts.owningService === undefined || !isKnown(facts.owningService))
      return 'it is not known whether an AWS service owns it';
    const { value } = facts.owningService;
    return value === null ? undefined : `the AWS service ${value} owns it`;
  },
};

const replica: HoldRule = {
  code: 'replica',
  meaning: 'The secret is a replica; only primaries are acted on.',
  holds: changing,
  because: ({ credential, facts }) => {
    if (credential.kind !== 'secret' || facts.primaryRegion === undefined) return undefined;
    if (!isKnown(facts.primaryRegion)) return 'it is not known which Region holds its primary';
    const { value } = facts.primaryRegion;
    return value === credential.region ? undefined : `it is a replica; the primary is in ${value}`;
  },
};

/**
 * A hold, exception, challenge or override in force, and the time after a restore. What names rules or steps forbids
 * those alone.
 */
const onHold: HoldRule = {
  code: 'on-hold',
  meaning:
    'A restore, an exception, a challenge, an override or somebody by hand put it on hold for a while: whole, or only the rules and steps that are named.',
  holds: everything,
  because: ({ history, now }, rule, step) => {
    const hold = holdsAt(history, now).find((each) => holdForbids(each, rule?.id, step));
    return hold === undefined ? undefined : sentenceOf(hold);
  },
};

function sentenceOf({ kind, until, steps, ref, reason }: Hold): string {
  const limited = steps === undefined ? '' : ` on ${steps.join(', ')}`;
  const cause = ref === undefined ? '' : ` (${ref.kind} ${ref.id})`;
  return `${kind} hold${limited} until ${minute(until)}${cause}: ${reason}`;
}

const unreconciled: HoldRule = {
  code: 'unreconciled',
  meaning: 'An act was begun and its outcome is not known yet.',
  holds: changing,
  because: ({ history: { openIntent } }) =>
    openIntent === undefined
      ? undefined
      : `the outcome of ${openIntent.change}, begun on ${minute(openIntent.at)}, is not known yet`,
};

/** The key dies only after the one that takes its place was proven to work. */
const rotating: HoldRule = {
  code: 'rotating',
  meaning: 'A rotation of it has begun and not finished.',
  holds: isDestructive,
  because: ({ history: { rotation } }) =>
    rotation?.state === 'begun'
      ? `its rotation ${rotation.rotationId}, begun on ${minute(rotation.begunAt)}, has not finished`
      : undefined,
};

/** An overdue rule may observe and warn but no longer destroys or rotates (G16, I18). */
const reviewOverdue: HoldRule = {
  code: 'review-overdue',
  meaning: 'The rule was not reviewed in time.',
  holds: isAnnounced,
  because: ({ now }, rule) => {
    if (rule === undefined) return undefined;
    const until = plus(parseInstant(rule.reviewedOn), durationMs(rule.reviewEvery));
    return until < now
      ? `the rule was due for review on ${day(until)}; ${rule.owner} has to review it`
      : undefined;
  },
};

const noRoute: HoldRule = {
  code: 'no-route',
  meaning: 'Nobody can be told.',
  holds: telling,
  because: ({ recipient }) =>
    recipient.id === ''
      ? 'nobody can be told: owner, default and risk owner have no working route'
      : undefined,
};

const ALWAYS: readonly HoldRule[] = [
  quarantineUndone,
  onHold,
  unreconciled,
  rotating,
  serviceOwned,
  replica,
  idNotRead,
  statusUnknown,
  tagsUnknown,
  labelsUnknown,
  noRoute,
  reviewOverdue,
];

/** Every code with the steps it forbids, for the reference. */
export const HOLD_CODES: readonly {
  readonly code: string;
  readonly meaning: string;
  readonly steps: readonly StepKind[];
}[] = [
  { code: 'protected', meaning: 'An entry of protect or emergencyIdentities names it.', steps: STEP_KINDS },
  { code: 'protection-unknown', meaning: 'It may be protected; a fact is missing.', steps: STEP_KINDS },
  ...ALWAYS.map(({ code, meaning, holds }) => ({ code, meaning, steps: STEP_KINDS.filter(holds) })),
];

/** Everything that forbids a step of a rule now. An undone quarantine shows even where no step is left. */
export type HoldFinder = (step: StepKind | undefined, rule: Rule | undefined) => Refusal[];

/** Protection does not depend on the rule, so it is asked once per subject, when it first matters. */
export function holdFinder(policy: Policy): (subject: Subject) => HoldFinder {
  const protection = protectionOf(policy);
  return (subject) => {
    let asked: readonly Refusal[] | undefined;
    return (step, rule) => {
      if (step === undefined) return found([quarantineUndone], 'delete', subject, rule);
      asked ??= protection(subject);
      return [...asked, ...found(ALWAYS, step, subject, rule)];
    };
  };
}

function found(
  holds: readonly HoldRule[],
  step: StepKind,
  subject: Subject,
  rule: Rule | undefined,
): Refusal[] {
  return holds.flatMap(({ code, holds: forbids, because }) => {
    const reason = forbids(step) ? because(subject, rule, step) : undefined;
    return reason === undefined ? [] : [{ code, reason }];
  });
}

/** Protected credentials are never touched (I9); what cannot be told from lack of a fact is left alone too. */
function protectionOf(policy: Policy): (subject: Subject) => Refusal[] {
  const registered = policy.document.breakGlass?.emergencyIdentities ?? [];
  const emergency = new Set([...policy.directory.emergencyIdentities, ...registered.map(({ arn }) => arn)]);
  const lagMs = durationMs(policy.document.evidence.lastUsedLag);
  const entries = policy.document.protect.map(({ why, match }) => ({
    why,
    asks: compileMatch(match, lagMs),
  }));
  return (subject) => {
    const { principal } = subject.credential;
    const refusals: Refusal[] = [];
    if (principal !== undefined && emergency.has(principal.arn))
      refusals.push({ code: 'protected', reason: `${principal.arn} is an emergency identity` });
    for (const { why, asks } of entries) refusals.push(...protecting(why, asks, subject));
    return refusals;
  };
}

function protecting(why: string, asks: Clause, subject: Subject): Refusal[] {
  const given = asks(subject);
  if (given.is === 'no') return [];
  return given.is === 'yes'
    ? [{ code: 'protected', reason: `${why} (${given.why})` }]
    : [{ code: 'protection-unknown', reason: `it may be protected (${why}), but ${given.why}` }];
}
