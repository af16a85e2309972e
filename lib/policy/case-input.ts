import type { Actor } from '../domain/actor.ts';
import {
  accessKeyCredentialId,
  type Credential,
  type CredentialKind,
  consolePasswordId,
  type Facts,
  type Principal,
  rootAccessKeyId,
  serviceSpecificCredentialId,
  signingCertificateId,
} from '../domain/credential.ts';
import { type Fact, known, unknown } from '../domain/fact.ts';
import { type CredentialHistory, EMPTY_HISTORY } from '../domain/history.ts';
import { durationMs, type Instant, parseInstant, plus } from '../domain/time.ts';
import type { CaseFacts, PolicyCase } from './case-schema.ts';

const KEY_ID = 'AKIAEXAMPLEOFACASE00';
const SOURCE = 'case';

/** `45d 4h ago`, `in 10d`, a date or an instant. */
export function instantOf(text: string, now: Instant): Instant {
  if (text.startsWith('in ')) return plus(now, durationMs(text.slice(3)));
  if (!text.endsWith(' ago')) return parseInstant(text);
  const parts = text.slice(0, -' ago'.length).split(' ');
  return parts.reduce((at, part) => plus(at, -durationMs(part)), now);
}

/** The credential a case describes. Who it is has defaults; evidence that the case does not give is unknown. */
export function credentialOfCase(kind: CredentialKind, given: CaseFacts, now: Instant): Credential {
  const accountId = given.account ?? '111122223333';
  if (kind === 'secret') {
    const region = given.region ?? 'eu-central-1';
    const name = given.secret ?? 'team/something';
    const id = `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-AbCdEf`;
    return { id, kind, accountId, region, name, facts: factsOf(given, region, now) };
  }
  const principal = principalOf(kind, given, accountId);
  const { id, name } = identityOf(kind, principal);
  return { id, kind, accountId, region: 'global', name, principal, facts: factsOf(given, 'global', now) };
}

function principalOf(kind: CredentialKind, given: CaseFacts, accountId: string): Principal {
  if (kind === 'root-access-key') {
    return { arn: `arn:aws:iam::${accountId}:root`, userName: '<root_account>', path: '/', groups: [] };
  }
  const user = given.user ?? '/people/somebody';
  const at = user.lastIndexOf('/') + 1;
  const userName = user.slice(at);
  return { arn: `arn:aws:iam::${accountId}:user${user}`, userName, path: user.slice(0, at), groups: [] };
}

function identityOf(
  kind: CredentialKind,
  { arn, userName }: Principal,
): { readonly id: string; readonly name: string } {
  switch (kind) {
    case 'access-key':
      return { id: accessKeyCredentialId(arn, KEY_ID), name: KEY_ID };
    case 'root-access-key':
      return { id: rootAccessKeyId(arn, 1), name: userName };
    case 'console-password':
      return { id: consolePasswordId(arn), name: userName };
    case 'signing-certificate':
      return { id: signingCertificateId(arn, 1), name: userName };
    default:
      return { id: serviceSpecificCredentialId(arn, KEY_ID), name: KEY_ID };
  }
}

type Given<T> = { readonly value: T; readonly asOf?: string } | { readonly unknown: string } | undefined;

function factsOf(given: CaseFacts, region: string, now: Instant): Facts {
  const asOf = given.asOf === undefined ? now : instantOf(given.asOf, now);
  const fact = <T, U>(written: Given<T>, change: (value: T) => U): Fact<U> => {
    if (written === undefined) return unknown('the case does not say');
    if ('unknown' in written) return unknown(written.unknown);
    return known(
      change(written.value),
      written.asOf === undefined ? asOf : instantOf(written.asOf, now),
      SOURCE,
    );
  };
  const same = <T>(value: T): T => value;
  const instant = (text: string): Instant => instantOf(text, now);
  const instantOrNull = (text: string): Instant | null => (text === 'never' ? null : instantOf(text, now));
  return {
    status: fact(given.status ?? { value: 'active' }, same),
    tags: fact(given.tags ?? { value: {} }, same),
    accessKeyId: fact(given.accessKeyId ?? { value: KEY_ID }, same),
    owningService: fact(given.owningService ?? { value: null }, same),
    primaryRegion: fact(given.primaryRegion ?? { value: region }, same),
    createdAt: fact(given.createdAt, instant),
    lastUsedAt: fact(given.lastUsedAt, instantOrNull),
    lastChangedAt: fact(given.lastChangedAt, instantOrNull),
    lastRotatedAt: fact(given.lastRotatedAt, instantOrNull),
    expiresAt: fact(given.expiresAt, instantOrNull),
    mfaActive: fact(given.mfaActive, same),
    rotation: fact(given.rotation, same),
  };
}

function creatorOfCase(written: string): Actor {
  return written.startsWith('arn:')
    ? { kind: 'workload', arn: written }
    : { kind: 'person', arn: `sso:${written}`, person: written };
}

/** What the ledger says of the credential of a case; notices and dates belong to the rule under test. */
export function historyOfCase({ history: given, rule }: PolicyCase, now: Instant): CredentialHistory {
  if (given === undefined) return EMPTY_HISTORY;
  const at = (text: string): Instant => instantOf(text, now);
  const ruleId = rule ?? '';
  const scope = {
    action: 'case',
    resource: 'case',
    parameters: {},
    before: { status: given.statusBefore ?? 'active' },
    after: {},
  };
  const told = (given.told ?? []).map((notice, index) => ({
    noticeId: `case/${index + 1}`,
    recipient: notice.to,
    at: at(notice.at),
    ...(notice.announces === undefined
      ? {}
      : { announces: { step: notice.announces, notBefore: at(notice.notBefore ?? notice.at) } }),
  }));
  const opened = given.opened ?? given.told?.[0]?.at;
  return {
    ...EMPTY_HISTORY,
    ...(given.createdBy === undefined ? {} : { createdBy: creatorOfCase(given.createdBy) }),
    findings:
      opened === undefined ? {} : { [ruleId]: { rule: ruleId, openedAt: at(opened), told, done: [] } },
    holds: (given.holds ?? []).map(({ until, ...hold }, index) => ({
      ...hold,
      holdId: `case/${index + 1}`,
      until: at(until),
      reason: 'said by the case',
    })),
    bounced: given.bounced ?? [],
    ...(given.quarantined === undefined
      ? {}
      : { quarantine: { since: at(given.quarantined), seq: 1, rule: ruleId, scope } }),
    ...(given.deleted === undefined ? {} : { deleted: { at: at(given.deleted), scope } }),
    ...rotationOf(given, at),
    ...(given.openIntent === undefined
      ? {}
      : {
          openIntent: {
            seq: 2,
            change: 'disable' as const,
            at: at(given.openIntent),
            actBefore: at(given.openIntent),
            scope,
          },
        }),
  };
}

function rotationOf(
  { rotation, blocked }: NonNullable<PolicyCase['history']>,
  at: (text: string) => Instant,
): Pick<CredentialHistory, 'rotation' | 'blocked'> {
  const place = { rotationId: 'case', secretId: 'case', by: 'janitor' } as const;
  return {
    ...(rotation === undefined
      ? {}
      : {
          rotation: {
            ...place,
            attempts: [],
            created: [],
            state: rotation.state,
            begunAt: at(rotation.at),
            at: at(rotation.at),
            ...(rotation.replacedBy === undefined ? {} : { accessKeyId: rotation.replacedBy }),
            ...(rotation.code === undefined ? {} : { code: rotation.code }),
          },
        }),
    ...(blocked === undefined
      ? {}
      : { blocked: { code: blocked.code, reason: 'said by the case', at: at(blocked.at) } }),
  };
}
