import { durationMs, elapsed, humanDuration, type Instant, toMillis } from '../domain/time.ts';
import { day, evidenceOf, read } from './evidence.ts';
import { type Answer, answer, type Question, unsure } from './kleene.ts';
import type { Subject } from './subject.ts';

/** One key of `match`, ready to be asked. Every answer names its evidence. */
export type Clause = Question<Subject>;

export type OneOrMany<T extends string> = T | readonly T[];

export function list<T extends string>(value: OneOrMany<T>): readonly T[] {
  return typeof value === 'string' ? [value] : value;
}

export function oneOf(subject: string, actual: string, wanted: readonly string[]): Answer {
  const fits = wanted.includes(actual);
  return answer(
    fits,
    fits ? `${subject} is ${actual}` : `${subject} is ${actual}, not ${wanted.join(' or ')}`,
  );
}

/** `..., at least 45 days` or `..., less than 45 days` */
export function compared(enough: boolean, fact: string, least: number): Answer {
  return answer(enough, `${fact}, ${enough ? 'at least' : 'less than'} ${humanDuration(least)}`);
}

export function earlier(a: Instant, b: Instant): Instant {
  return toMillis(a) < toMillis(b) ? a : b;
}

/** While the credential is in our quarantine, the status it had before: what we did must not hide why we did it. */
export function statusClause(statuses: OneOrMany<string>): Clause {
  const wanted = list(statuses);
  return (subject) => {
    const status = read('status', subject.facts.status);
    if (!status.ok) return unsure(status.why);
    const before = statusBeforeUs(subject, status.fact.value);
    if (before === 'unrecorded') return unsure('status before our quarantine was not recorded');
    if (before !== undefined) return oneOf('status before our quarantine', before, wanted);
    const { is, why } = oneOf('status', status.fact.value, wanted);
    return { is, why: `${why} (${evidenceOf(status.fact)})` };
  };
}

function statusBeforeUs({ credential, history }: Subject, status: string): string | undefined {
  const { quarantine, deleted } = history;
  if (quarantine === undefined) return undefined;
  if (credential.kind === 'secret')
    return deleted !== undefined && status === 'pending-deletion' ? 'active' : undefined;
  if (status !== 'inactive' && status !== 'active') return undefined;
  const before = quarantine.scope.before.status;
  return typeof before === 'string' ? before.toLowerCase() : 'unrecorded';
}

export function ageClause(duration: string): Clause {
  const least = durationMs(duration);
  return ({ facts, now }) => {
    const created = read('createdAt', facts.createdAt);
    if (!created.ok) return unsure(created.why);
    const age = elapsed(created.fact.value, now);
    const since = `created on ${day(created.fact.value)}, ${humanDuration(age)} ago`;
    return compared(age >= least, `${since} (${evidenceOf(created.fact)})`, least);
  };
}

export function rotationClause(states: OneOrMany<string>): Clause {
  const wanted = list(states);
  return ({ facts }) => {
    const rotation = read('rotation', facts.rotation);
    if (!rotation.ok) return unsure(rotation.why);
    const { is, why } = oneOf('rotation', rotation.fact.value, wanted);
    return { is, why: `${why} (${evidenceOf(rotation.fact)})` };
  };
}

export function mfaClause(wanted: boolean): Clause {
  return ({ facts }) => {
    const mfa = read('mfaActive', facts.mfaActive);
    if (!mfa.ok) return unsure(mfa.why);
    const state = mfa.fact.value ? 'its user has an MFA device' : 'its user has no MFA device';
    return answer(mfa.fact.value === wanted, `${state} (${evidenceOf(mfa.fact)})`);
  };
}

/** `expiry: none`: it never ends by itself. */
export function noExpiryClause(): Clause {
  return ({ facts }) => {
    const expiry = read('expiresAt', facts.expiresAt);
    if (!expiry.ok) return unsure(expiry.why);
    const { value } = expiry.fact;
    const state = value === null ? 'it never expires by itself' : `it expires by itself on ${day(value)}`;
    return answer(value === null, `${state} (${evidenceOf(expiry.fact)})`);
  };
}

export function labelledClause(wanted: boolean): Clause {
  return ({ labels }) => {
    if (labels.state === 'unknown') return unsure(labels.why);
    return answer((labels.state !== 'different') === wanted, labels.why);
  };
}
