import type { LedgerEvent } from '../../../../lib/domain/event.ts';
import { toMillis } from '../../../../lib/domain/time.ts';
import type { Change, Chronicle, Write } from '../../chronicle.ts';
import { grantOfSession } from '../roles.ts';

export type EventOf<T extends LedgerEvent['type']> = Extract<LedgerEvent, { type: T }>;
export type WriteOf<T extends LedgerEvent['type']> = Omit<Write, 'event'> & { readonly event: EventOf<T> };

/** The longest that may lie between the intent of a session and AWS being asked for it, in milliseconds. */
export const ASK_WITHIN_MS = 120_000;
/** How long a session lives. */
export const SESSION_MS = 900_000;

/** A grant by what was written, in the order it was: not by the janitor's own fold. */
export interface Granted {
  readonly grantId: string;
  readonly first: WriteOf<'grant.requested'>;
  readonly chain: readonly Write[];
  /** Milliseconds: the second from which on nothing may be done under it. */
  readonly endsAt: number;
  /** What announced its sessions. */
  readonly intents: readonly Write[];
  /** From here on it is over by the record. */
  readonly over: Write | undefined;
  readonly ended: WriteOf<'grant.ended'> | undefined;
}

/** Grants of the record; refused ones are none. */
export function granted(chronicle: Chronicle): ReadonlyMap<string, Granted> {
  const chains = new Map<string, Write[]>();
  for (const write of chronicle.writes) {
    const { subject } = write.event;
    if (!subject.startsWith('grant#') || subject.startsWith('grant#uses/')) continue;
    chains.set(subject, [...(chains.get(subject) ?? []), write]);
  }
  return new Map(
    [...chains].flatMap(([subject, chain]) => {
      const [first] = chain;
      if (first === undefined || !is(first, 'grant.requested')) return [];
      const grantId = subject.slice('grant#'.length);
      return [[grantId, grantOf(grantId, first, chain)] as const];
    }),
  );
}

function grantOf(grantId: string, first: WriteOf<'grant.requested'>, chain: readonly Write[]): Granted {
  const intents = chain.filter(
    (write) =>
      (write === first && first.event.data.approvalsNeeded === 0) ||
      is(write, 'grant.activating') ||
      is(write, 'grant.renewed'),
  );
  return {
    grantId,
    first,
    chain,
    endsAt: Math.floor(toMillis(first.event.expiresAt ?? first.event.at) / 1000) * 1000,
    intents,
    over: chain.find((write) => is(write, 'grant.ending') || is(write, 'grant.lapsed')),
    ended: chain.find((write): write is WriteOf<'grant.ended'> => is(write, 'grant.ended')),
  };
}

export function is<T extends LedgerEvent['type']>(write: Write, type: T): write is WriteOf<T> {
  return write.event.type === type;
}

/** Sessions of break-glass roles that AWS issued since the last check, by its own word. */
export function freshSessions(
  chronicle: Chronicle,
): readonly { readonly change: Change; readonly grantId: string }[] {
  return chronicle.changes.flatMap((change) => {
    const { operation, target } = change.record;
    const grantId = operation === 'AssumeRole' ? grantOfSession(target) : undefined;
    return grantId === undefined || change.tick <= chronicle.checkedTo ? [] : [{ change, grantId }];
  });
}

/** What AWS keeps of an issued session. */
export function issuedIn({ record: { after } }: Change): {
  readonly accessKeyId: unknown;
  readonly sourceIdentity: unknown;
  readonly tag: unknown;
} {
  const issued: Readonly<Record<string, unknown>> =
    typeof after === 'object' && after !== null ? { ...after } : {};
  const { accessKeyId, sourceIdentity, tags } = issued;
  const tag = typeof tags === 'object' && tags !== null ? { ...tags } : {};
  return { accessKeyId, sourceIdentity, tag: 'janitor:grant' in tag ? tag['janitor:grant'] : undefined };
}
