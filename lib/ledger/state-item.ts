import { accountOf } from '../domain/credential.ts';
import { JanitorError } from '../domain/error.ts';
import type { CredentialHistory, OpenFinding, Told } from '../domain/history.ts';
import type { Instant } from '../domain/time.ts';

/**
 * Where a credential stands by its chain alone:
 * deleted; changing (an intent has no outcome yet); quarantined; warned (an owner was told); found; clear.
 */
export type CredentialStatus = 'deleted' | 'changing' | 'quarantined' | 'warned' | 'found' | 'clear';

/** A row of the projection. Everything in it follows from the chain, so that it can be rebuilt to the same bytes. */
export interface StateItem {
  readonly accountId: string;
  readonly credentialId: string;
  readonly history: CredentialHistory;
  readonly status: CredentialStatus;
  /** Who was told last about a finding that is still open. */
  readonly ownerId?: string;
  /** The earliest destructive step announced and not done yet. */
  readonly dueAt?: Instant;
  /** The bare access key id, or the secret's name: what people have at hand. */
  readonly name?: string;
}

/** The projection of one chain. Throws `credential-id-invalid` when the id names no account. */
export function stateItemOf(credentialId: string, history: CredentialHistory): StateItem {
  const accountId = accountOfCredential(credentialId);
  const told = Object.values(history.findings).flatMap((finding) => finding.told);
  const ownerId = newest(told)?.recipient;
  const dueAt = history.deleted === undefined ? earliestDue(Object.values(history.findings)) : undefined;
  const name = bareName(credentialId);
  return {
    accountId,
    credentialId,
    history,
    status: statusOf(history, told),
    ...(ownerId === undefined || ownerId === '' ? {} : { ownerId }),
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(name === undefined ? {} : { name }),
  };
}

/** The account an id belongs to. Throws `credential-id-invalid` when it names none. */
export function accountOfCredential(credentialId: string): string {
  const accountId = accountOf(credentialId);
  if (accountId === undefined) throw invalidId(credentialId);
  return accountId;
}

function statusOf(history: CredentialHistory, told: readonly Told[]): CredentialStatus {
  if (history.deleted !== undefined) return 'deleted';
  if (history.openIntent !== undefined) return 'changing';
  if (history.quarantine !== undefined) return 'quarantined';
  if (told.length > 0) return 'warned';
  return Object.keys(history.findings).length > 0 ? 'found' : 'clear';
}

function newest(told: readonly Told[]): Told | undefined {
  return told.reduce<Told | undefined>(
    (last, next) => (last === undefined || next.at >= last.at ? next : last),
    undefined,
  );
}

function earliestDue(findings: readonly OpenFinding[]): Instant | undefined {
  return findings.flatMap(dueOf).sort()[0];
}

function dueOf(finding: OpenFinding): Instant[] {
  const announced = newest(finding.told)?.announces;
  if (announced === undefined || finding.done.some((done) => done.step === announced.step)) return [];
  return [announced.notBefore];
}

/** An access key id from `.../access-key/AKIA...`, or the name in a secret's ARN; undefined for what has neither. */
export function bareName(credentialId: string): string | undefined {
  const keyId = /\/access-key\/([A-Z0-9]{16,128})$/.exec(credentialId)?.[1];
  return (
    keyId ?? /^arn:[a-z-]+:secretsmanager:[^:]*:\d{12}:secret:(.+)-[A-Za-z0-9]{6}$/.exec(credentialId)?.[1]
  );
}

function invalidId(credentialId: string): JanitorError {
  return new JanitorError(`"${credentialId}" is not the id of a credential`, {
    code: 'credential-id-invalid',
    source: 'user',
    hint: 'Use the id that `janitor scan` prints, for example arn:aws:iam::111122223333:user/ci/access-key/AKIA...',
  });
}
