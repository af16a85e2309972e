import type { Credential, FactName, Facts } from '../domain/credential.ts';
import { type Fact, isKnown, type KnownFact, unknown } from '../domain/fact.ts';
import { elapsed, humanDuration, type Instant, latest, MINUTE_MS, toMillis } from '../domain/time.ts';

/** What people call a fact. */
const LABELS: Readonly<Partial<Record<FactName, string>>> = {
  status: 'status',
  createdAt: 'creation date',
  lastUsedAt: 'last use',
  accessKeyId: 'access key id',
  tags: 'tags',
  lastChangedAt: 'last change',
  mfaActive: 'MFA device',
  expiresAt: 'own expiry',
  lastRotatedAt: 'last rotation',
  rotation: 'rotation state',
  owningService: 'owning service',
  primaryRegion: 'primary Region',
};

/** Clocks of AWS and of whoever reads differ by this much at most. */
const SKEW_MS = 5 * MINUTE_MS;

/** Facts whose value tells of the past. */
const PAST: ReadonlySet<string> = new Set<FactName>([
  'createdAt',
  'lastUsedAt',
  'lastChangedAt',
  'lastRotatedAt',
]);

/**
 * The facts as far as they may be believed: what is older than `maxAgeMs` at `now` becomes unknown, and so does what
 * tells of something that has not happened yet when it is judged and was read (G22).
 */
export function believable(facts: Facts, now: Instant, maxAgeMs: number): Facts {
  let result: Facts = facts;
  for (const [name, fact] of Object.entries(facts)) {
    if (fact === undefined || 'unknown' in fact) continue;
    const why = tooFar(fact, now, maxAgeMs) ?? notYet(name, fact, now);
    if (why !== undefined) result = { ...result, [name]: unknown(why) };
  }
  return result;
}

type Read = KnownFact<unknown>;

/** In either direction: evidence from long after the judging instant was read in another run than this one. */
function tooFar({ asOf, source }: Read, now: Instant, maxAgeMs: number): string | undefined {
  const age = elapsed(asOf, now);
  if (Math.abs(age) <= maxAgeMs) return undefined;
  const told = `${humanDuration(age)} ${age < 0 ? 'after the judgement' : 'old'}`;
  return `its ${source} of ${minute(asOf)} is ${told}, more than ${humanDuration(maxAgeMs)}`;
}

/** An account is read while it is judged, so that a fact may be younger than the judging instant. */
function notYet(name: string, { value, asOf, source }: Read, now: Instant): string | undefined {
  if (!PAST.has(name) || typeof value !== 'string') return undefined;
  const latestPossible = toMillis(latest(now, asOf)) + SKEW_MS;
  if (begins(value) <= latestPossible) return undefined;
  return `its ${source} tells of ${minute(value)}, which has not come yet`;
}

/** Secrets Manager gives days, which the inventory writes as their last millisecond: the use may be of their first. */
function begins(value: Instant): number {
  return value.endsWith('T23:59:59.999Z') ? toMillis(`${day(value)}T00:00:00.000Z`) : toMillis(value);
}

/** A known fact, or the sentence that says why it is not known. */
export function read<T>(
  name: FactName,
  fact: Fact<T> | undefined,
): { readonly ok: true; readonly fact: KnownFact<T> } | { readonly ok: false; readonly why: string } {
  const label = LABELS[name] ?? name;
  if (fact === undefined) return { ok: false, why: `${label} was not read` };
  return isKnown(fact) ? { ok: true, fact } : { ok: false, why: `${label} is unknown: ${fact.unknown}` };
}

/** `credential report as of 2026-10-15 08:00Z` */
export function evidenceOf(fact: { readonly asOf: Instant; readonly source: string }): string {
  return `${fact.source} as of ${minute(fact.asOf)}`;
}

export function minute(instant: Instant): string {
  return `${instant.slice(0, 16).replace('T', ' ')}Z`;
}

export function day(instant: Instant): string {
  return instant.slice(0, 10);
}

/** The path that rules and the directory mean: of the IAM user, or the secret's name read as one. */
export function pathOf(credential: Credential): string {
  if (credential.principal !== undefined) return credential.principal.path;
  return credential.name.startsWith('/') ? credential.name : `/${credential.name}`;
}
