import type { BreakGlassPlace } from '../domain/break-glass-boundary.ts';
import { drillDocuments, type RoleDocuments, roleDocuments } from '../domain/break-glass-documents.ts';
import { endedGrantsIn, endedPolicyArn } from '../domain/break-glass-names.ts';
import { taggedHash } from '../domain/canonical.ts';
import { JanitorError, messageOf } from '../domain/error.ts';
import type { EventDraft, LedgerEvent } from '../domain/event.ts';
import { subjects } from '../domain/subject.ts';
import { type Instant, MINUTE_MS, toMillis } from '../domain/time.ts';
import type { BreakGlassContext } from './context.ts';
import { documentDifferences, roleDifferences } from './differences.ts';
import { type Iam, parsed, readManagedPolicy, readRole } from './read-role.ts';
import { contended, nowAfter } from './record.ts';

export interface DriftContext extends Pick<BreakGlassContext, 'clock' | 'ledger' | 'broker' | 'rules'> {
  /** As the roles of an account were made; what differs from it in any word shows as drift. */
  readonly place: (accountId: string) => BreakGlassPlace;
  /** May look at the break-glass roles and policies of an account. */
  readonly iamOf: (accountId: string) => Promise<Iam>;
}

/** What a look at every break-glass role found. */
export interface DriftSeen {
  /** Roles and policies that were looked at. */
  readonly looked: number;
  /** Differences by the ARN of what differs, whether recorded before or not. */
  readonly drifted: ReadonlyMap<string, readonly string[]>;
  /** ARNs of what has changed since the last look, for the worse or for another. */
  readonly recorded: readonly string[];
  readonly mended: readonly string[];
  /** Accounts that could not be looked at, with the code. */
  readonly failed: ReadonlyMap<string, string>;
}

/** One thing of an account, and how it is. */
interface Looked {
  readonly resource: string;
  readonly differences: readonly string[];
  /** Of what is there. */
  readonly hash: string;
}

/** As many accounts as are looked at in minutes without holding up what ends grants. */
const ACCOUNTS_A_LOOK = 20;
/** Looks are at least this far apart, in milliseconds; another look within it is at the same accounts. */
const LOOK_EVERY_MS = 5 * MINUTE_MS;

/** Whose turn it is at an instant: everybody's where accounts are few, else each group's in turn, by the clock alone. */
export function accountsInTurn(accounts: readonly string[], now: Instant): readonly string[] {
  const all = [...new Set(accounts)].toSorted();
  const groups = Math.max(1, Math.ceil(all.length / ACCOUNTS_A_LOOK));
  const turn = Math.floor(toMillis(now) / LOOK_EVERY_MS) % groups;
  return all.slice(turn * ACCOUNTS_A_LOOK, (turn + 1) * ACCOUNTS_A_LOOK);
}

/**
 * Compares trust, boundary, policies and the longest session of break-glass roles, the boundaries and the policy of ended
 * grants with what has to be there, in the accounts whose turn it is. A difference is recorded once, not each time; so is
 * that it is gone. Accounts that cannot be looked at are told and stop no other.
 */
export async function lookForDrift(context: DriftContext): Promise<DriftSeen> {
  const drifted = new Map<string, readonly string[]>();
  const failed = new Map<string, string>();
  const [recorded, mended]: [string[], string[]] = [[], []];
  let looked = 0;
  const accounts = context.rules.roles.flatMap((role) => role.accounts);
  for (const accountId of accountsInTurn(accounts, context.clock.now())) {
    try {
      const seen = await lookAt(context, accountId);
      looked += seen.length;
      for (const each of seen) if (each.differences.length > 0) drifted.set(each.resource, each.differences);
      const changed = await recordIn(context, accountId, seen);
      recorded.push(...changed.found);
      mended.push(...changed.mended);
    } catch (error) {
      failed.set(accountId, error instanceof JanitorError ? error.code : messageOf(error));
    }
  }
  return { looked, drifted, recorded, mended, failed };
}

async function lookAt(context: DriftContext, accountId: string): Promise<readonly Looked[]> {
  const iam = await context.iamOf(accountId);
  const place = context.place(accountId);
  const here = context.rules.roles.filter(({ accounts }) => accounts.includes(accountId));
  const expected = [drillDocuments(place), ...here.map((role) => roleDocuments(place, role))];
  const boundaries = new Map(expected.map((role) => [role.boundaryArn, role.boundary]));
  const seen: Looked[] = [];
  for (const role of expected) seen.push(await lookAtRole(iam, role));
  for (const [arn, boundary] of boundaries) {
    const text = await readManagedPolicy(iam, arn);
    const differences =
      text === undefined ? [GONE] : documentDifferences('the boundary', boundary, parsed(text));
    seen.push(of(arn, differences, text));
  }
  const ended = endedPolicyArn(place);
  const text = await readManagedPolicy(iam, ended);
  const isOurs = text !== undefined && endedGrantsIn(text) !== undefined;
  const why = text === undefined ? GONE : 'its text is not one that the janitor writes';
  seen.push(of(ended, isOurs ? [] : [why], text));
  return seen;
}

const GONE = 'it does not exist';

async function lookAtRole(iam: Iam, expected: RoleDocuments): Promise<Looked> {
  const found = await readRole(iam, expected.name);
  if (found === undefined) return of(expected.arn, [GONE], undefined);
  const differences = roleDifferences(expected, found);
  return of(expected.arn, differences, { ...found, inline: [...found.inline] });
}

function of(resource: string, differences: readonly string[], found: unknown): Looked {
  const there = JSON.stringify(found ?? null);
  return { resource, differences, hash: taggedHash('credential-janitor/drift/v1', there) };
}

const ATTEMPTS = 20;

/** What is new on the account's chain; who looked at the same time has recorded the same. */
async function recordIn(
  context: DriftContext,
  accountId: string,
  seen: readonly Looked[],
): Promise<{ readonly found: readonly string[]; readonly mended: readonly string[] }> {
  const subject = subjects.grantDrift(accountId);
  const [found, mended]: [string[], string[]] = [[], []];
  let events = await context.ledger.chain(subject);
  for (let attempt = 0; attempt < ATTEMPTS; ) {
    const draft = nextDraft(context, seen, events);
    if (draft === undefined) return { found, mended };
    const appended = await context.ledger.append(subject, events.at(-1) ?? null, draft);
    if (appended.ok) {
      (draft.type === 'drift.found' ? found : mended).push(draft.data.resource);
      events = [...events, appended.event];
    } else {
      attempt += 1;
      events = await context.ledger.chain(subject);
    }
  }
  throw contended(subject);
}

type DriftDraft = Extract<EventDraft, { type: 'drift.found' | 'drift.mended' }>;

/** The first thing that is not on record as it is. */
function nextDraft(
  context: DriftContext,
  seen: readonly Looked[],
  events: readonly LedgerEvent[],
): DriftDraft | undefined {
  const known = knownIn(events);
  const at: Instant = nowAfter(context, events);
  const envelope = { at, actor: context.broker, policyHash: context.rules.policyHash };
  for (const { resource, differences, hash } of seen) {
    const isKnown = known.get(resource);
    if (differences.length > 0 && isKnown !== hash) {
      return { ...envelope, type: 'drift.found', data: { resource, differences: [...differences], hash } };
    }
    if (differences.length === 0 && isKnown !== undefined) {
      return { ...envelope, type: 'drift.mended', data: { resource } };
    }
  }
  return undefined;
}

/** Drift on record that was not mended, by ARN. */
function knownIn(events: readonly LedgerEvent[]): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const event of events) {
    if (event.type === 'drift.found') known.set(event.data.resource, event.data.hash);
    if (event.type === 'drift.mended') known.delete(event.data.resource);
  }
  return known;
}
