import type { Actor } from '../domain/actor.ts';
import type { EventDraft, LedgerEvent } from '../domain/event.ts';
import { afterUse, foldGrant } from '../domain/grant.ts';
import { foldUses, overdueUses, type UnsettledUse } from '../domain/grant-uses.ts';
import { subjects } from '../domain/subject.ts';
import type { Instant } from '../domain/time.ts';
import type { BreakGlassContext } from './context.ts';
import { contended, nowAfter } from './record.ts';

const ATTEMPTS = 20;

interface Use {
  readonly grantId: string;
  readonly role: string;
  /** The one who took it. */
  readonly actor: Actor;
  readonly reviewBy: Instant;
}

type Noting = Pick<BreakGlassContext, 'ledger' | 'clock' | 'broker'>;

/**
 * Uses on a chain whose review is overdue. What was noted and never became a grant, or was reviewed before that could be
 * noted, holds nobody up.
 */
export async function stillOverdue(
  { ledger, clock }: Pick<BreakGlassContext, 'ledger' | 'clock'>,
  events: readonly LedgerEvent[],
): Promise<readonly UnsettledUse[]> {
  const now = clock.now();
  const uses = overdueUses(foldUses(events), now);
  const open = await Promise.all(
    uses.map(async ({ grantId }) => {
      const grant = foldGrant(await ledger.chain(subjects.grant(grantId)));
      if (grant?.intendedAt === undefined) return false;
      return !['closed', 'finding'].includes(afterUse(grant, now));
    }),
  );
  return uses.filter((_use, index) => open[index]);
}

/** Notes a use beside its grant's first event; once, however often. `read`: the chain, where it was read already. */
export function noteUse(context: Noting, use: Use, read?: readonly LedgerEvent[]): Promise<void> {
  const { grantId, reviewBy } = use;
  return onUses(context, use, read, (events, at) =>
    events.some(({ type, data }) => type === 'grant.noted' && 'grantId' in data && data.grantId === grantId)
      ? undefined
      : { at, actor: context.broker, type: 'grant.noted', data: { grantId, reviewBy } },
  );
}

/** From here on the use costs nobody a second person. */
export function settleUse(context: Noting, use: Use): Promise<void> {
  const { grantId } = use;
  return onUses(context, use, undefined, (events, at) =>
    foldUses(events).some((each) => each.grantId === grantId)
      ? { at, actor: context.broker, type: 'grant.settled', data: { grantId } }
      : undefined,
  );
}

async function onUses(
  context: Noting,
  { actor, role }: Use,
  read: readonly LedgerEvent[] | undefined,
  draftOf: (events: readonly LedgerEvent[], now: Instant) => EventDraft | undefined,
): Promise<void> {
  const subject = subjects.grantUses(actor.person ?? '', role);
  let events = read ?? (await context.ledger.chain(subject));
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const draft = draftOf(events, nowAfter(context, events));
    if (draft === undefined) return;
    if ((await context.ledger.append(subject, events.at(-1) ?? null, draft)).ok) return;
    events = await context.ledger.chain(subject);
  }
  throw contended(subject);
}
