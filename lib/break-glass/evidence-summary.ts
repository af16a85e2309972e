import type { Grant } from '../domain/grant.ts';
import type { GrantEvidence, UsedCall } from '../domain/grant-evidence.ts';
import type { Instant } from '../domain/time.ts';

/** Lines of one kind beyond these are counted, not listed: a reviewer reads the summary, and the events if need be. */
const MOST_LINES = 12;
const MOST_NAMES = 5;

/** Calls that make, change or show a credential, by service. */
const CREDENTIAL_CALLS: Readonly<Record<string, RegExp>> = {
  iam: /AccessKey|LoginProfile|ServiceSpecificCredential|SigningCertificate|SSHPublicKey|MFADevice|ChangePassword/,
  secretsmanager: /GetSecretValue|CreateSecret|PutSecretValue|UpdateSecret|DeleteSecret|PutResourcePolicy/,
  ssm: /^(GetParameter|PutParameter)/,
  kms: /^(Decrypt|CreateGrant|ScheduleKeyDeletion|PutKeyPolicy)/,
};
/** Services by which somebody gets more than he was given, or is seen less. */
const WATCHED: Readonly<Record<string, string>> = {
  iam: 'changes who may do what',
  organizations: 'changes the organisation',
  sso: 'changes who may do what',
  cloudtrail: 'changes what is recorded',
  config: 'changes what is recorded',
  guardduty: 'changes what is watched',
  sts: 'goes on as somebody else',
};
const HARMLESS = new Set(['sts:GetCallerIdentity']);

/**
 * What a reviewer reads of a use: whether it is all, what stands out, then what was called how often and on what. Pure; the
 * same evidence gives the same lines.
 */
export function summarise(grant: Grant, evidence: GrantEvidence): readonly string[] {
  const { events, complete, missing } = evidence;
  return [
    overall(events),
    ...(complete ? [] : missing.map((why) => `Not complete: ${why}.`)),
    ...standingOut(grant, events).map((line) => `Stands out: ${line}.`),
    ...limited(
      tally(
        events.filter((call) => call.error === undefined),
        ({ service, action }) => `${service}:${action}`,
      ),
      'more actions',
    ).map((line) => `Called: ${line}.`),
  ];
}

function overall(events: readonly UsedCall[]): string {
  const [first] = events;
  const last = events.at(-1);
  if (first === undefined || last === undefined) return 'No call of its sessions is known.';
  const sessions = new Set(events.map(({ accessKeyId }) => accessKeyId)).size;
  const failed = events.filter(({ error }) => error !== undefined).length;
  const changed = events.filter(({ readOnly, error }) => readOnly === false && error === undefined).length;
  return `${count(events.length, 'call')} by ${count(sessions, 'session')} from ${minute(first.at)} to ${minute(last.at)}: ${changed} changed something, ${failed} failed.`;
}

function standingOut(grant: Grant, events: readonly UsedCall[]): string[] {
  const done = events.filter(({ error }) => error === undefined);
  const ended = grant.ending?.at ?? grant.endsAt;
  const watched = done.filter((call) => isWatched(call, grant));
  return [
    ...limited(tally(events.filter(isDenied), denied), 'more that were denied'),
    ...limited(tally(done.filter(isOfCredentials), ofCredentials), 'more on credentials'),
    ...limited(
      tally(
        watched,
        (call) => `${named(call)} ${WATCHED[call.service] ?? 'opens a shell, which this role may not'}`,
      ),
      'more of that kind',
    ),
    ...elsewhere(events),
    ...limited(
      tally(
        done.filter(({ at }) => at > ended),
        (call) => `${named(call)} succeeded after the end on ${minute(ended)}`,
      ),
      'more after the end',
    ),
    ...limited(
      tally(
        events.filter((call) => call.error !== undefined && !isDenied(call)),
        (call) => `${named(call)} failed with ${call.error}`,
      ),
      'more that failed',
    ),
  ];
}

function isDenied({ error }: UsedCall): boolean {
  return error !== undefined && /denied|unauthori[sz]ed|forbidden/i.test(error);
}

function denied(call: UsedCall): string {
  return `${named(call)} was denied`;
}

function isOfCredentials({ service, action, readOnly }: UsedCall): boolean {
  if (service === 'iam' && readOnly !== false) return false;
  return CREDENTIAL_CALLS[service]?.test(action) === true;
}

function ofCredentials(call: UsedCall): string {
  const reads =
    call.touched?.some(({ how }) => how === 'read') === true || /^(Batch)?Get|Decrypt/.test(call.action);
  return `${named(call)} ${reads ? 'shows a value that is secret' : 'makes or changes a credential'}`;
}

function isWatched(call: UsedCall, { sessionManager }: Grant): boolean {
  if (HARMLESS.has(named(call)) || isOfCredentials(call)) return false;
  if (call.service === 'ssm') return call.action === 'StartSession' && !sessionManager;
  if (call.service === 'sts') return true;
  return WATCHED[call.service] !== undefined && call.readOnly === false;
}

/** Most of an emergency is in one Region; IAM's events are in one of its own. */
function elsewhere(events: readonly UsedCall[]): string[] {
  const regional = events.filter(
    ({ service }) => !['iam', 'sts', 'account', 'organizations'].includes(service),
  );
  const counts = [...Map.groupBy(regional, ({ region }) => region)]
    .map(([region, calls]) => [region, calls.length] as const)
    .toSorted(([a, x], [b, y]) => y - x || a.localeCompare(b));
  const [main, ...others] = counts;
  if (main === undefined || others.length === 0) return [];
  const said = others.slice(0, MOST_NAMES).map(([region, times]) => `${region} (${count(times, 'call')})`);
  return [
    `besides ${main[0]} it was used in ${said.join(', ')}${others.length > MOST_NAMES ? ' and more' : ''}`,
  ];
}

/** The same line once, with how often and on what; the most frequent first. */
function tally(calls: readonly UsedCall[], lineOf: (call: UsedCall) => string): string[] {
  return [...Map.groupBy(calls, lineOf)]
    .toSorted(([a, x], [b, y]) => y.length - x.length || a.localeCompare(b))
    .map(([line, same]) => `${line}${same.length === 1 ? '' : `, ${same.length} times`}${on(same)}`);
}

function on(calls: readonly UsedCall[]): string {
  const names = [...new Set(calls.flatMap(({ resources }) => resources))].toSorted();
  if (names.length === 0) return '';
  const more = names.length - MOST_NAMES;
  return `, on ${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function limited(lines: readonly string[], rest: string): string[] {
  const more = lines.length - MOST_LINES;
  return more <= 0 ? [...lines] : [...lines.slice(0, MOST_LINES), `and ${more} ${rest}`];
}

function named({ service, action }: UsedCall): string {
  return `${service}:${action}`;
}

function minute(at: Instant): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`;
}

function count(value: number, what: string): string {
  return `${value} ${what}${value === 1 ? '' : 's'}`;
}
