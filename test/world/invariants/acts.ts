import type { LedgerEvent } from '../../../lib/domain/event.ts';
import { DAY_MS, durationMs } from '../../../lib/domain/time.ts';
import type { Change, Chronicle, Stamp, Write } from '../chronicle.ts';
import { OUR_SID, statementsOf } from '../deeds.ts';
import type { WorldPolicy } from '../policies.ts';
import { tagsIn } from '../truth.ts';

export type Rule = WorldPolicy['policy']['document']['rules'][number];

export type IntentEvent = Extract<LedgerEvent, { type: 'step.intended' }>;

export interface Intent extends Stamp {
  readonly event: IntentEvent;
}

/** A change of the janitor with the intent that announced it. */
export interface Act {
  readonly change: Change;
  readonly intent: Intent;
  readonly credentialId: string;
  /** The version of the policy it was done under. */
  readonly version: WorldPolicy;
  readonly rule: Rule | undefined;
}

export function intents(chronicle: Chronicle): Intent[] {
  return chronicle.writes.flatMap(({ event, ...stamp }) =>
    event.type === 'step.intended' ? [{ ...stamp, event }] : [],
  );
}

/** The newest intent that says exactly this change and came before it was sent. */
export function intentOf(chronicle: Chronicle, change: Change): Intent | undefined {
  return intents(chronicle).findLast(
    (intent) => intent.tick < change.sentTick && announces(intent.event, change),
  );
}

/** Whether an intent's scope names the action, the resource and what AWS shows afterwards. */
function announces({ scope }: IntentEvent, { record }: Change): boolean {
  if (scope === undefined) return false;
  const { service, operation, target, accountId } = record;
  if (!scope.action.split('+').includes(`${service}:${operation}`)) return false;
  if (service === 'secretsmanager') return scope.resource === target;
  const [user, keyId] = target.split('/');
  if (!scope.resource.endsWith(`/${user}`) || !scope.resource.includes(`:${accountId}:`)) return false;
  if (keyId === undefined) return tagsAsWanted(scope.after, record);
  const { AccessKeyId, Status } = scope.parameters;
  return AccessKeyId === keyId && (operation !== 'UpdateAccessKey' || Status === statusAfter(record));
}

/**
 * Whether AWS shows what one call of a tag change was for: the tags it sets, or (untagging) the ones it removes. A user's
 * tags may speak of several keys, and a change of two calls is half done in between.
 */
function tagsAsWanted(
  wanted: Readonly<Record<string, unknown>>,
  { operation, after }: Change['record'],
): boolean {
  const tags = tagsIn(after) ?? {};
  return Object.entries(wanted.tags ?? {}).every(([key, value]) => {
    if ((value === null) !== operation.startsWith('Untag')) return true;
    return (tags[key] ?? null) === value;
  });
}

function statusAfter({ after }: Change['record']): unknown {
  return typeof after === 'object' && after !== null && 'status' in after ? after.status : undefined;
}

/** The act behind a change; undefined when no intent announced it, which I1 reports. */
export function actOf(chronicle: Chronicle, change: Change): Act | undefined {
  const intent = intentOf(chronicle, change);
  const version = chronicle.policies.get(intent?.event.policyHash ?? '');
  if (intent === undefined || version === undefined) return undefined;
  const credentialId = intent.event.subject.slice('credential#'.length);
  const rule = version.policy.document.rules.find((each) => each.id === intent.event.rule);
  return { change, intent, credentialId, version, rule };
}

/** What a change takes away: nothing, use, or the credential. */
export function destruction({ record }: Change): 'disable' | 'delete' | undefined {
  switch (record.operation) {
    case 'UpdateAccessKey':
      return statusAfter(record) === 'Inactive' ? 'disable' : undefined;
    case 'DeleteAccessKey':
    case 'DeleteSecret':
      return 'delete';
    case 'PutResourcePolicy':
      return hasOurs(record.after) && !hasOurs(record.before) ? 'disable' : undefined;
    default:
      return undefined;
  }
}

export function policyIn(description: Change['record']['after']): string | null {
  if (typeof description !== 'object' || description === null || !('policy' in description)) return null;
  return typeof description.policy === 'string' ? description.policy : null;
}

function hasOurs(description: Change['record']['after']): boolean {
  return statementsOf(policyIn(description)).some((each) => each.Sid === OUR_SID);
}

/** Milliseconds a rule waits before a step; a deletion waits at least three days whatever is written. */
export function waitOf(rule: Rule | undefined, step: 'disable' | 'delete'): number {
  for (const entry of rule?.steps ?? []) {
    if (typeof entry === 'string') continue;
    if (step === 'disable' && 'disable' in entry) return durationMs(entry.disable.wait);
    if (step === 'delete' && 'delete' in entry) return Math.max(3 * DAY_MS, durationMs(entry.delete.wait));
  }
  return Number.POSITIVE_INFINITY;
}

/** The tier a rule writes beside a step. */
export function tierOf(rule: Rule | undefined, step: 'disable' | 'delete'): string {
  for (const entry of rule?.steps ?? []) {
    if (typeof entry === 'string') continue;
    if (step === 'disable' && 'disable' in entry) return entry.disable.tier;
    if (step === 'delete' && 'delete' in entry) return entry.delete.tier;
  }
  return 'guarded';
}

/** Where the run that made a change began: when its process took the account's lease. */
export function runBegan(chronicle: Chronicle, { change, credentialId }: Act): Write | undefined {
  const accountId = credentialId.split(':')[4] ?? '';
  return chronicle.writes.findLast(
    ({ tick, event }) =>
      tick < change.sentTick &&
      event.subject === `lease#${accountId}` &&
      event.type === 'lease.taken' &&
      event.data.holder === change.process,
  );
}

/** Names a change in a violation. */
export function named({ tick, at, process, record }: Change): string {
  return `#${tick} ${at} ${process} ${record.operation} ${record.target}`;
}
