import type { LedgerEvent } from '../domain/event.ts';
import type { EventType } from '../domain/event-data.ts';
import { subjects } from '../domain/subject.ts';
import type { SweepContext } from './context.ts';
import type { Abandoned } from './lease.ts';
import { outcomeOf } from './notice-chain.ts';
import type { SweepAction } from './result.ts';

/** What dead processes of a sweep may have done, by where it shows. */
export interface LeftBehind {
  readonly abandoned: Abandoned;
  readonly stepped: ReadonlySet<string>;
}

/**
 * What processes of this sweep did and died before they could keep it, told from the chains: so that a sweep of several
 * processes counts every step once, whoever died (G21). To be asked once open intents and notices are settled.
 */
export async function actionsLeftBehind(
  context: SweepContext,
  sweepId: string,
  { abandoned, stepped }: LeftBehind,
): Promise<SweepAction[]> {
  const actions: SweepAction[] = [];
  for (const credentialId of stepped) {
    const events = await context.ledger.chain(subjects.credential(credentialId));
    actions.push(...stepsOf(credentialId, sweepId, events));
  }
  return [...actions, ...(await noticesBetween(context, abandoned))];
}

function stepsOf(credentialId: string, sweepId: string, events: readonly LedgerEvent[]): SweepAction[] {
  const intents = new Map(
    events.flatMap((event) =>
      event.type === 'step.intended' && event.data.sweepId === sweepId ? [[event.seq, event] as const] : [],
    ),
  );
  return events.flatMap((event) => {
    const outcome = OUTCOMES.get(event.type);
    const intent = 'intent' in event.data ? intents.get(event.data.intent) : undefined;
    const change = intent?.type === 'step.intended' ? intent.data.change : undefined;
    if (outcome === undefined || intent === undefined) return [];
    if (change !== 'tag' && change !== 'rotate' && change !== 'disable' && change !== 'delete') return [];
    const { id: eventId, rule = '', reason = outcome } = event;
    return [{ credentialId, step: change, rule, outcome, eventId, reason }];
  });
}

const OUTCOMES: ReadonlyMap<EventType, SweepAction['outcome']> = new Map([
  ['step.done', 'done'],
  ['step.failed', 'failed'],
  ['step.abandoned', 'abandoned'],
] as const);

/** Notices that are looked at: an account's owners are told one after the other. */
const WINDOW = 200;

async function noticesBetween(context: SweepContext, { from, to }: Abandoned): Promise<SweepAction[]> {
  const events = await context.ledger.newest(subjects.notices(context.accountId), WINDOW);
  return events.flatMap((event) => {
    if (event.type !== 'notice.prepared' || event.at < from || event.at > to) return [];
    const { noticeId, recipient, items } = event.data;
    const told = TOLD[outcomeOf(events, noticeId) ?? 'unconfirmed'];
    return items.map(({ credentialId, rule }) => ({
      credentialId,
      step: 'notify' as const,
      rule,
      eventId: event.id,
      outcome: told,
      reason: `told ${recipient} before its process ended`,
    }));
  });
}

const TOLD = { accepted: 'notified', refused: 'notice-refused', unconfirmed: 'unconfirmed' } as const;
