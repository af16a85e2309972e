import { actorSchema } from './actor.ts';
import { CREDENTIAL_KINDS } from './credential.ts';
import { type LedgerEvent, scopeSchema } from './event.ts';
import { CHANGE_KINDS } from './event-data.ts';
import { type Hold, holdSchema, withHold, withoutChallengesOf } from './hold.ts';
import { applyRotation, rotationSchema } from './rotation.ts';
import { STEP_KINDS } from './step.ts';
import { type Instant, instantSchema } from './time.ts';
import * as z from './zod.ts';

const toldSchema = z.lazy(() =>
  z.strictObject({
    noticeId: z.string(),
    recipient: z.string(),
    at: instantSchema,
    announces: z.optional(z.strictObject({ step: z.enum(STEP_KINDS), notBefore: instantSchema })),
  }),
);
/** A notice about this credential that was accepted for delivery. */
export type Told = z.infer<typeof toldSchema>;

const openFindingSchema = z.lazy(() =>
  z.strictObject({
    rule: z.string(),
    openedAt: instantSchema,
    /** Accepted, not bounced notices about this finding, oldest first. */
    told: z.array(toldSchema),
    /** Steps of this finding that were done, with the instant of the recorded outcome. */
    done: z.array(z.strictObject({ step: z.enum(STEP_KINDS), at: instantSchema })),
  }),
);
export type OpenFinding = z.infer<typeof openFindingSchema>;

const openIntentSchema = z.lazy(() =>
  z.strictObject({
    seq: z.int().check(z.positive()),
    change: z.enum(CHANGE_KINDS),
    rule: z.optional(z.string()),
    at: instantSchema,
    actBefore: instantSchema,
    scope: scopeSchema,
  }),
);
/** An intent without an outcome: to be reconciled by looking at AWS, never repeated blindly (I7). */
export type OpenIntent = z.infer<typeof openIntentSchema>;

export const historySchema = z.lazy(() =>
  z.strictObject({
    /** Head of the chain this was folded from; 0 and null for an empty chain. */
    seq: z.int().check(z.nonnegative()),
    hash: z.nullable(z.string()),
    kind: z.optional(z.enum(CREDENTIAL_KINDS)),
    /** Who made the credential; unknown of those that were there before the janitor listened. */
    createdBy: z.optional(actorSchema),
    findings: z.record(z.string(), openFindingSchema),
    openIntent: z.optional(openIntentSchema),
    holds: z.array(holdSchema),
    /** Our own verified quarantine (a disabled key, a denied secret), until it is undone. */
    quarantine: z.optional(
      z.strictObject({ since: instantSchema, seq: z.number(), rule: z.string(), scope: scopeSchema }),
    ),
    /** Our own deletion; recoverable until the instant, when there is one. */
    deleted: z.optional(
      z.strictObject({ at: instantSchema, recoverableUntil: z.optional(instantSchema), scope: scopeSchema }),
    ),
    rotation: z.optional(rotationSchema),
    /** Why the rotation that is due cannot begin, as of the newest attempt; until one begins. */
    blocked: z.optional(z.strictObject({ code: z.string(), reason: z.string(), at: instantSchema })),
    /** Recipients a notice about this credential bounced from. */
    bounced: z.array(z.string()),
  }),
);
/** What the ledger says happened to one credential, folded from its chain: pure, and the basis of every decision. */
export type CredentialHistory = z.infer<typeof historySchema>;

export const EMPTY_HISTORY: CredentialHistory = { seq: 0, hash: null, findings: {}, holds: [], bounced: [] };

/** Folds a whole chain, oldest event first. */
export function foldCredential(events: readonly LedgerEvent[]): CredentialHistory {
  return events.reduce(applyEvent, EMPTY_HISTORY);
}

/** One event further. Events of other kinds of chains leave everything but the head as it is. */
export function applyEvent(history: CredentialHistory, event: LedgerEvent): CredentialHistory {
  return { ...changed(history, event), seq: event.seq, hash: event.hash };
}

function changed(history: CredentialHistory, event: LedgerEvent): CredentialHistory {
  switch (event.type) {
    case 'credential.born':
      return history.createdBy === undefined
        ? { ...history, kind: event.data.kind, createdBy: event.data.creator }
        : history;
    case 'finding.opened':
      return { ...opened(history, event.rule ?? '', event.at), kind: event.data.kind };
    case 'finding.closed':
      return closed(history, event.rule ?? '');
    case 'owner.notified':
      return told(history, event.rule ?? '', { ...event.data, at: event.at });
    case 'owner.notice-bounced':
      return bounced(history, event.data.noticeId, event.data.recipient);
    case 'step.intended':
      return intended(history, event);
    case 'step.done':
      return done(history, event);
    case 'step.failed':
    case 'step.abandoned':
      return settled(history, event.data.intent);
    case 'quarantine.ended':
      return restarted(history);
    case 'rotation.blocked':
      return { ...history, blocked: { code: event.data.code, reason: event.reason ?? '', at: event.at } };
    case 'rotation.begun':
    case 'rotation.resumed':
      return withRotation(withoutBlock(history), applyRotation(history.rotation, event));
    case 'rotation.key-created':
    case 'rotation.key-removed':
    case 'rotation.finished':
    case 'rotation.failed':
      return withRotation(history, applyRotation(history.rotation, event));
    case 'hold.placed':
      return placed(history, event);
    case 'hold.lifted':
      return { ...history, holds: history.holds.filter((hold) => hold.holdId !== event.data.holdId) };
    default:
      return history;
  }
}

function withRotation(
  history: CredentialHistory,
  rotation: CredentialHistory['rotation'],
): CredentialHistory {
  return rotation === undefined ? history : { ...history, rotation };
}

function withoutBlock(history: CredentialHistory): CredentialHistory {
  const { blocked: _overcome, ...rest } = history;
  return rest;
}

type EventOfType<T extends LedgerEvent['type']> = Extract<LedgerEvent, { type: T }>;

function opened(history: CredentialHistory, rule: string, at: Instant): CredentialHistory {
  const finding: OpenFinding = { rule, openedAt: at, told: [], done: [] };
  return { ...history, findings: { ...history.findings, [rule]: finding } };
}

/** With the last finding gone, an address that bounced may be tried again by the next one. */
function closed(history: CredentialHistory, rule: string): CredentialHistory {
  const findings = without(history.findings, rule);
  const bounced = Object.keys(findings).length === 0 ? [] : history.bounced;
  return { ...history, findings, bounced, holds: withoutChallengesOf(history.holds, rule) };
}

function withFinding(
  history: CredentialHistory,
  rule: string,
  change: (finding: OpenFinding) => OpenFinding,
): CredentialHistory {
  const finding = history.findings[rule];
  if (finding === undefined) return history;
  return { ...history, findings: { ...history.findings, [rule]: change(finding) } };
}

function told(history: CredentialHistory, rule: string, notice: Told): CredentialHistory {
  return withFinding(history, rule, (finding) => ({ ...finding, told: [...finding.told, notice] }));
}

function bounced(history: CredentialHistory, noticeId: string, recipient: string): CredentialHistory {
  const findings = Object.fromEntries(
    Object.entries(history.findings).map(([rule, finding]) => [
      rule,
      { ...finding, told: finding.told.filter((notice) => notice.noticeId !== noticeId) },
    ]),
  );
  const recipients = history.bounced.includes(recipient) ? history.bounced : [...history.bounced, recipient];
  return { ...history, findings, bounced: recipients };
}

function intended(history: CredentialHistory, event: EventOfType<'step.intended'>): CredentialHistory {
  if (event.scope === undefined) return history;
  return {
    ...history,
    openIntent: {
      seq: event.seq,
      change: event.data.change,
      ...(event.rule === undefined ? {} : { rule: event.rule }),
      at: event.at,
      actBefore: event.data.actBefore,
      scope: event.scope,
    },
  };
}

function settled(history: CredentialHistory, intent: number): CredentialHistory {
  if (history.openIntent?.seq !== intent) return history;
  const { openIntent: _settled, ...rest } = history;
  return rest;
}

function done(history: CredentialHistory, event: EventOfType<'step.done'>): CredentialHistory {
  const intent = history.openIntent;
  const after = settled(history, event.data.intent);
  if (intent === undefined || intent.seq !== event.data.intent) return after;
  const rule = intent.rule ?? '';
  switch (event.data.change) {
    case 'tag':
    case 'deliver':
      return after;
    case 'rotate':
      return marked(after, rule, 'rotate', event.at);
    case 'disable':
      return {
        ...marked(after, rule, 'disable', event.at),
        quarantine: { since: event.at, seq: event.seq, rule, scope: intent.scope },
      };
    case 'delete':
      return {
        ...marked(after, rule, 'delete', event.at),
        deleted: {
          at: event.at,
          scope: intent.scope,
          ...(event.data.recoverableUntil === undefined
            ? {}
            : { recoverableUntil: event.data.recoverableUntil }),
        },
      };
    case 'enable':
      return restarted(after);
    case 'undelete': {
      const { deleted: _undone, ...rest } = after;
      return {
        ...rest,
        findings: mapValues(rest.findings, (f) => ({
          ...f,
          done: f.done.filter((d) => d.step !== 'delete'),
        })),
      };
    }
  }
}

function marked(
  history: CredentialHistory,
  rule: string,
  step: 'rotate' | 'disable' | 'delete',
  at: Instant,
): CredentialHistory {
  return withFinding(history, rule, (finding) => ({ ...finding, done: [...finding.done, { step, at }] }));
}

/** The credential lives again: every finding starts over, with a new notice and a new wait (I3). */
function restarted(history: CredentialHistory): CredentialHistory {
  const { quarantine: _ended, ...rest } = history;
  return { ...rest, findings: mapValues(rest.findings, (finding) => ({ ...finding, told: [], done: [] })) };
}

function placed(history: CredentialHistory, event: EventOfType<'hold.placed'>): CredentialHistory {
  const hold: Hold = {
    ...event.data,
    reason: event.reason ?? 'no reason given',
    until: event.expiresAt ?? event.at,
  };
  return { ...history, holds: withHold(history.holds, hold) };
}

function without<T>(record: Record<string, T>, key: string): Record<string, T> {
  const { [key]: _gone, ...rest } = record;
  return rest;
}

function mapValues<T>(record: Record<string, T>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
