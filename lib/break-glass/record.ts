import { JanitorError } from '../domain/error.ts';
import type { EventDraft, LedgerEvent } from '../domain/event.ts';
import { foldGrant, type Grant, type GrantState, grantState } from '../domain/grant.ts';
import { subjects } from '../domain/subject.ts';
import { type Instant, latest } from '../domain/time.ts';
import type { BreakGlassContext } from './context.ts';

/** How often a decision is taken again after somebody else appended first. */
const ATTEMPTS = 20;

/** A chain of a grant as it was read, and what it comes to. */
export interface Stood {
  readonly grant: Grant;
  readonly state: GrantState;
  readonly events: readonly LedgerEvent[];
  readonly now: Instant;
  /** Whether this call wrote the newest event. */
  readonly recorded: boolean;
}

type Recording = Pick<BreakGlassContext, 'clock' | 'ledger' | 'follow'>;

/** Never before the newest event, whatever the clock says. */
export function nowAfter({ clock }: Pick<Recording, 'clock'>, events: readonly LedgerEvent[]): Instant {
  const now = clock.now();
  return latest(now, events.at(-1)?.at ?? now);
}

export function stands(events: readonly LedgerEvent[], now: Instant, recorded = false): Stood | undefined {
  const grant = foldGrant(events);
  return grant === undefined ? undefined : { grant, state: grantState(grant, now), events, now, recorded };
}

/**
 * What stands between somebody and credentials is not projected by itself, so that nobody waits for a list: the intent is
 * projected beside the session that it announces, and what was handed out by whoever comes next.
 */
const ON_THE_WAY: ReadonlySet<EventDraft['type']> = new Set([
  'grant.requested',
  'grant.activating',
  'grant.activated',
  'grant.renewed',
  'grant.issued',
]);

/**
 * Appends what `draftOf` makes of a grant right after what it was made of, or nothing when it makes nothing; whoever lost
 * that race decides anew on what the winner left. Undefined: there is no such grant.
 */
export async function recordOn(
  context: Recording,
  grantId: string,
  draftOf: (stood: Stood) => EventDraft | undefined,
  read?: readonly LedgerEvent[],
): Promise<Stood | undefined> {
  const subject = subjects.grant(grantId);
  let events = read ?? (await context.ledger.chain(subject));
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const now = nowAfter(context, events);
    const stood = stands(events, now);
    const draft = stood === undefined ? undefined : draftOf(stood);
    if (stood === undefined || draft === undefined) return stood;
    const appended = await context.ledger.append(subject, events.at(-1) ?? null, draft);
    if (appended.ok) {
      const grown = [...events, appended.event];
      if (!ON_THE_WAY.has(draft.type)) await context.follow(subject, grown);
      return stands(grown, now, true);
    }
    events = await context.ledger.chain(subject);
  }
  throw contended(subject);
}

export function contended(subject: string): JanitorError {
  return new JanitorError(`${subject} is being written by others all the time`, {
    code: 'ledger-contended',
    source: 'system',
    hint: 'Send the same again.',
  });
}
