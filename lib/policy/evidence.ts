import type { Credential, FactName, Facts } from '../domain/credential.ts';
import { type Fact, isKnown, type KnownFact, unknown } from '../domain/fact.ts';
import { elapsed, humanDuration, type Instant, toMillis } from '../domain/time.ts';

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

/** The facts as far as they may still be believed: what is older than `maxAgeMs` at `now` becomes unknown (G22). */
export function believable(facts: Facts, now: Instant, maxAgeMs: number): Facts {
  const nowMs = toMillis(now);
  let result: Facts = facts;
  for (const [name, fact] of Object.entries(facts)) {
    if (fact === undefined || 'unknown' in fact || nowMs - toMillis(fact.asOf) <= maxAgeMs) continue;
    const age = humanDuration(elapsed(fact.asOf, now));
    const reason = `its ${fact.source} of ${minute(fact.asOf)} is ${age} old, more than ${humanDuration(maxAgeMs)}`;
    result = { ...result, [name]: unknown(reason) };
  }
  return result;
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
