import { sha256 } from '../domain/canonical.ts';
import { JanitorError } from '../domain/error.ts';
import { type Grant, ISSUE_WITHIN_MS, SESSION_SECONDS } from '../domain/grant.ts';
import {
  DELIVERED_WITHIN_MS,
  GRANT_EVIDENCE,
  type GrantEvidence,
  type UsedCall,
} from '../domain/grant-evidence.ts';
import { HOUR_MS, type Instant, latest, MINUTE_MS, plus } from '../domain/time.ts';
import type { AfterUseAccount, AfterUseContext } from './after-use-context.ts';
import { openFindings } from './exposed-credentials.ts';
import { type LookedUp, lookUp } from './look-up.ts';
import { recordOn, type Stood } from './record.ts';
import { attachEvidence } from './review-grant.ts';

/** When CloudTrail is looked at, counted from the end of a grant: until a look is complete, or the last of them. */
const LOOKS_MS = [
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
  16 * HOUR_MS,
  24 * HOUR_MS,
] as const;
export const LAST_LOOK_MS = 24 * HOUR_MS;
/** Of one Region and one name or key; what is beyond is said to be missing. */
const MOST_CALLS = 5_000;
/** Whoever asks for credentials before each call has thousands of sessions; the name finds them all, in one go. */
const MOST_KEYS = 80;

/**
 * attached: a look was made and its object attached, complete or not. failed: it showed nothing at all, and another look
 * follows. not-due: it has not ended, too little time has passed, or nothing more is to be found.
 */
export type Collected =
  | {
      readonly outcome: 'attached';
      readonly evidence: GrantEvidence;
      /** Credentials that have a finding since they were made or shown. */
      readonly exposed: readonly string[];
    }
  | { readonly outcome: 'failed'; readonly code: string }
  | { readonly outcome: 'not-due' };

/**
 * Looks up what the sessions of an ended grant did, by their name and by each of their access keys, in every Region, opens
 * findings on the credentials they touched, and attaches it. Events are kept once each, by their id. Repeated, it
 * converges: a look of one time is attached once. A credential that could not be named leaves the look incomplete.
 */
export async function collectEvidence(context: AfterUseContext, stood: Stood): Promise<Collected> {
  const { grant } = stood;
  const now = context.clock.now();
  if (stood.state !== 'ended' || !isLookDue(grant, now)) return { outcome: 'not-due' };
  const { evidence, failure, exposed } = await look(context, grant, now);
  if (failure !== undefined && now < plus(grant.endedAt ?? now, LAST_LOOK_MS)) {
    const { code, why } = failure;
    await recordOn(context, grant.grantId, (found) =>
      isLookDue(found.grant, now)
        ? { at: found.now, actor: context.broker, reason: why, type: 'grant.evidence-failed', data: { code } }
        : undefined,
    );
    return { outcome: 'failed', code };
  }
  const text = JSON.stringify(evidence);
  const stored = await context.evidence.put(
    `break-glass/${grant.grantId}/${sha256(text)}.json`,
    Buffer.from(text, 'utf8'),
  );
  await attachEvidence(context, {
    grantId: grant.grantId,
    evidence: { kind: GRANT_EVIDENCE, ...stored },
    events: evidence.events.length,
    complete: evidence.complete,
    isWanted: (found) => isLookDue(found, now),
  });
  return { outcome: 'attached', evidence, exposed };
}

/** Whether one of the times to look has come since the newest look, and none was complete. */
function isLookDue(grant: Grant, now: Instant): boolean {
  const { endedAt, intendedAt, evidence, lookedAt } = grant;
  if (endedAt === undefined || intendedAt === undefined || evidence?.complete === true) return false;
  return LOOKS_MS.some((after) => {
    const due = plus(endedAt, after);
    return due <= now && (lookedAt === undefined || lookedAt < due);
  });
}

/** From when on every event of the grant has arrived: its sessions are over, and CloudTrail has had its time. */
function settledAt(grant: Grant): Instant {
  const { endedAt = grant.endsAt, intendedAt = grant.requestedAt } = grant;
  const expired = plus(intendedAt, SESSION_SECONDS * 1000 + 2 * ISSUE_WITHIN_MS);
  return plus(latest(endedAt, expired), DELIVERED_WITHIN_MS);
}

interface Look {
  readonly evidence: GrantEvidence;
  readonly exposed: readonly string[];
  /** Why it showed nothing at all. */
  readonly failure?: { readonly code: string; readonly why: string };
}

async function look(context: AfterUseContext, grant: Grant, now: Instant): Promise<Look> {
  const { accountId, grantId, accessKeyIds } = grant;
  const { regions, all, account, unsure } = await everywhere(context, grant);
  const events = onceEach(all.flatMap(({ calls }) => calls));
  const findings =
    account === undefined
      ? { credentialIds: [], unnamed: [] }
      : await openFindings(context, account, grant, events);
  const late = settledAt(grant);
  const failures = all.flatMap(({ missing }) => (missing === undefined ? [] : [missing]));
  const missing = [
    ...new Set(failures.map(({ why }) => why)),
    ...findings.unnamed,
    ...(unsure === undefined ? [] : [`there may be other Regions: ${unsure}`]),
    ...(now < late ? [`calls until the end of its sessions may arrive until ${late}`] : []),
  ];
  const [failure] = failures;
  return {
    evidence: {
      schemaVersion: 1,
      grantId,
      accountId,
      lookedAt: now,
      regions: [...regions],
      accessKeyIds: [...accessKeyIds],
      complete: missing.length === 0,
      missing,
      events,
    },
    exposed: findings.credentialIds,
    ...(failure !== undefined && failures.length === all.length && all.every(isEmpty) ? { failure } : {}),
  };
}

/** An account that cannot be entered shows nothing and says why. */
async function everywhere(
  context: AfterUseContext,
  grant: Grant,
): Promise<{
  readonly regions: readonly string[];
  readonly all: readonly LookedUp[];
  readonly account?: AfterUseAccount;
  readonly unsure?: string;
}> {
  const { accountId } = grant;
  try {
    const account = await context.openAccount(accountId);
    const { regions, unsure } = await context.regionsOf(accountId);
    const found = await Promise.all(regions.map((region) => inRegion(account, region, grant)));
    return { regions, all: found.flat(), account, ...(unsure === undefined ? {} : { unsure }) };
  } catch (error) {
    if (!(error instanceof JanitorError)) throw error;
    return { regions: [], all: [{ calls: [], missing: { code: error.code, why: error.message } }] };
  }
}

function isEmpty({ calls }: LookedUp): boolean {
  return calls.length === 0;
}

/**
 * By the name of the sessions, which is the grant's id, since a session may exist that nobody could record; and by each
 * access key, which is what evidence is asked for by, as far as that is done before the next round begins.
 */
async function inRegion(account: AfterUseAccount, region: string, grant: Grant): Promise<LookedUp[]> {
  const client = account.cloudTrail(region);
  const from = plus(grant.requestedAt, -MINUTE_MS);
  const common = { client, region, from, most: MOST_CALLS, pause: account.pause };
  const { grantId, role } = grant;
  const session = `${role}/${grantId}`;
  const found = [await lookUp({ ...common, attribute: 'Username', value: grantId, session })];
  for (const value of grant.accessKeyIds.slice(-MOST_KEYS)) {
    found.push(await lookUp({ ...common, attribute: 'AccessKeyId', value }));
  }
  return found;
}

/** Oldest first; of one instant in the order of their ids, so that the same events are the same object. */
function onceEach(calls: readonly UsedCall[]): UsedCall[] {
  const byId = new Map(calls.map((call) => [call.eventId, call]));
  return [...byId.values()].toSorted(
    (a, b) => a.at.localeCompare(b.at) || a.eventId.localeCompare(b.eventId),
  );
}
