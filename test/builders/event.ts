import type { Actor } from '../../lib/domain/actor.ts';
import {
  bucketOf,
  type EventDraft,
  hashOfEvent,
  type LedgerEvent,
  parseEvent,
} from '../../lib/domain/event.ts';
import type { EventType } from '../../lib/domain/event-data.ts';
import { DAY_MS, HOUR_MS, plus } from '../../lib/domain/time.ts';
import { ASKED_DRAFTS } from './asked.ts';
import { ACCOUNT, NOW } from './credential.ts';
import { GRANT_DRAFTS } from './grant-drafts.ts';
import { disableScope } from './history.ts';
import { INCIDENT_DRAFTS } from './incident-drafts.ts';
import { ROTATION_DRAFTS } from './rotation-drafts.ts';

export const KEY_ID = `arn:aws:iam::${ACCOUNT}:user/ci/deployer/access-key/AKIAEXAMPLEDEPLOYER0`;

export function workload(overrides: Partial<Actor> = {}): Actor {
  return { kind: 'workload', arn: `arn:aws:sts::${ACCOUNT}:assumed-role/janitor-sweep/run`, ...overrides };
}

export function person(id: string, overrides: Partial<Actor> = {}): Actor {
  return { kind: 'person', arn: `arn:aws:iam::${ACCOUNT}:user/people/${id}`, person: id, ...overrides };
}

export type DraftOf<T extends EventType> = Extract<EventDraft, { type: T }>;

const announces = { step: 'disable', notBefore: plus(NOW, 14 * DAY_MS) } as const;
const sweep = { at: NOW, actor: workload(), policyHash: 'c'.repeat(64) };
const ruled = { ...sweep, rule: 'access-key-unused', ruleHash: 'd'.repeat(64), controls: ['NHI7:2025'] };
const planId = `plan/${ACCOUNT}/1`;
const noticeId = `notice/${ACCOUNT}/1`;
const item = { credentialId: KEY_ID, rule: 'access-key-unused', ruleHash: 'd'.repeat(64) };

/** One plausible draft of every type of event; tests change what they are about. */
export const DRAFTS: { readonly [T in EventType]: DraftOf<T> } = {
  'credential.born': {
    ...sweep,
    type: 'credential.born',
    requestIds: ['5a2c3d4e-request'],
    data: {
      kind: 'access-key',
      creator: person('ana'),
      createdAt: plus(NOW, -40_000),
      region: 'us-east-1',
      via: 'cloudtrail',
      delaySeconds: 40,
    },
  },
  ...ROTATION_DRAFTS,
  'finding.opened': {
    ...ruled,
    type: 'finding.opened',
    data: { kind: 'access-key', reasons: ['It was last used 60 days ago.'] },
  },
  'finding.closed': { ...ruled, type: 'finding.closed', reason: 'it was used again', data: {} },
  'owner.notified': { ...ruled, type: 'owner.notified', data: { noticeId, recipient: 'ana', announces } },
  'owner.notice-bounced': {
    ...sweep,
    type: 'owner.notice-bounced',
    reason: 'mailbox unknown',
    data: { noticeId, recipient: 'ana' },
  },
  'step.intended': {
    ...ruled,
    type: 'step.intended',
    reason: 'It was last used 60 days ago.',
    scope: disableScope(),
    data: { change: 'disable', tier: 'routine', sweepId: 'sweep-1', actBefore: plus(NOW, 60_000) },
  },
  'step.done': {
    ...ruled,
    type: 'step.done',
    requestIds: ['4f1b2c3d-request'],
    data: { change: 'disable', intent: 1, reconciled: false, observed: { status: 'Inactive' } },
  },
  'step.failed': {
    ...ruled,
    type: 'step.failed',
    reason: 'the policy denies it',
    data: { change: 'disable', intent: 1, code: 'AccessDenied' },
  },
  'step.abandoned': {
    ...ruled,
    type: 'step.abandoned',
    reason: 'account 111122223333 is halted',
    data: { change: 'disable', intent: 1, guard: 'halted' },
  },
  'quarantine.ended': { ...sweep, type: 'quarantine.ended', reason: 'the key is active again', data: {} },
  'hold.placed': {
    ...sweep,
    actor: person('ana'),
    type: 'hold.placed',
    reason: 'it is needed for the audit',
    ticket: 'OPS-7',
    expiresAt: plus(NOW, 30 * DAY_MS),
    data: { holdId: 'hold-1', kind: 'manual' },
  },
  'hold.lifted': { ...sweep, actor: person('ana'), type: 'hold.lifted', data: { holdId: 'hold-1' } },
  'plan.frozen': {
    ...sweep,
    type: 'plan.frozen',
    expiresAt: plus(NOW, 7 * DAY_MS),
    data: {
      planId,
      accountId: ACCOUNT,
      tier: 'guarded',
      frozenBecause: 'tier',
      items: [
        { ...item, kind: 'access-key', step: 'delete', tier: 'guarded', reasons: ['It is quarantined.'] },
      ],
      approvalsNeeded: 1,
      approverGroup: 'security',
    },
  },
  'plan.approved': {
    ...sweep,
    actor: person('bo'),
    type: 'plan.approved',
    data: { planId, planHash: 'e'.repeat(64) },
  },
  'plan.rejected': {
    ...sweep,
    actor: person('bo'),
    type: 'plan.rejected',
    reason: 'the vendor needs them',
    data: { planId },
  },
  'plan.lapsed': { ...sweep, type: 'plan.lapsed', data: { planId } },
  'plan.item-dropped': {
    ...sweep,
    type: 'plan.item-dropped',
    reason: 'it was used again',
    data: { planId, credentialId: KEY_ID, rule: 'access-key-unused', step: 'delete' },
  },
  'notice.prepared': {
    ...sweep,
    type: 'notice.prepared',
    data: { noticeId, recipient: 'ana', items: [{ ...item, announces }], textSha256: 'f'.repeat(64) },
  },
  'notice.accepted': {
    ...sweep,
    type: 'notice.accepted',
    data: { noticeId, route: 'mail', receipt: '0100018f-receipt' },
  },
  'notice.refused': {
    ...sweep,
    type: 'notice.refused',
    reason: 'the address is not verified',
    data: { noticeId, route: 'mail' },
  },
  'notice.bounced': { ...sweep, type: 'notice.bounced', reason: 'mailbox unknown', data: { noticeId } },
  'notice.recorded': { ...sweep, type: 'notice.recorded', data: { noticeId } },
  'sweep.finished': {
    ...sweep,
    type: 'sweep.finished',
    data: {
      sweepId: 'sweep-1',
      accountId: ACCOUNT,
      enforce: true,
      complete: true,
      problems: 0,
      credentials: 120,
      outcomes: { keep: 100, act: 20, hold: 0 },
      actions: { done: 3 },
      merkleRoot: '0'.repeat(64),
      heads: 0,
      calls: { 'iam:ListAccessKeys': 4 },
    },
  },
  'run.started': {
    ...sweep,
    type: 'run.started',
    data: { runId: 'run-1', trigger: 'schedule', scheduledAt: NOW, enforce: true, accounts: 3 },
  },
  'run.finished': {
    ...sweep,
    type: 'run.finished',
    data: {
      runId: 'run-1',
      accounts: 3,
      swept: 2,
      incomplete: 0,
      notSwept: 1,
      examples: [{ accountId: ACCOUNT, status: 'unreachable', reason: 'the role does not exist' }],
      credentials: 120,
      outcomes: { keep: 100, act: 20 },
      actions: { done: 3 },
    },
  },
  'lease.taken': {
    ...sweep,
    type: 'lease.taken',
    data: { holder: 'host-1/42', until: plus(NOW, HOUR_MS) },
  },
  'lease.renewed': {
    ...sweep,
    type: 'lease.renewed',
    data: { holder: 'host-1/42', until: plus(NOW, 2 * HOUR_MS) },
  },
  'lease.released': { ...sweep, type: 'lease.released', data: { holder: 'host-1/42' } },
  'slot.claimed': {
    ...sweep,
    type: 'slot.claimed',
    data: { credentialId: KEY_ID, kind: 'access-key', step: 'disable', sweepId: 'sweep-1' },
  },
  'halt.placed': {
    ...sweep,
    actor: person('cy'),
    type: 'halt.placed',
    reason: 'a release is under way',
    data: { haltId: 'halt-1', target: `account:${ACCOUNT}` },
  },
  'halt.lifted': { ...sweep, actor: person('bo'), type: 'halt.lifted', data: { haltId: 'halt-1' } },
  'policy.proposed': {
    ...sweep,
    actor: person('ana'),
    type: 'policy.proposed',
    expiresAt: plus(NOW, 7 * DAY_MS),
    data: { hash: 'a'.repeat(64), approvalsNeeded: 2 },
  },
  'policy.approved': {
    ...sweep,
    actor: person('bo'),
    type: 'policy.approved',
    data: { hash: 'a'.repeat(64) },
  },
  'policy.activated': {
    ...sweep,
    actor: person('ana'),
    type: 'policy.activated',
    approvals: [{ actor: person('bo'), at: NOW }],
    data: { hash: 'a'.repeat(64), first: false },
  },
  ...ASKED_DRAFTS,
  ...GRANT_DRAFTS,
  ...INCIDENT_DRAFTS,
};

/** A draft of a type with changes to its envelope and its data. */
export function draft<T extends EventType>(
  type: T,
  overrides: Partial<Omit<DraftOf<T>, 'type' | 'data'>> & {
    readonly data?: Partial<DraftOf<T>['data']>;
  } = {},
): EventDraft {
  const base = DRAFTS[type];
  const merged = { ...base, ...overrides, type, data: { ...base.data, ...overrides.data } };
  return asDraft(merged);
}

/** Drafts are checked by sealing them: a merge that fits no type of event throws here. */
function asDraft(merged: { readonly type: EventType }): EventDraft {
  const candidate = merged as EventDraft;
  sealed('credential#checked', null, candidate);
  return candidate;
}

/** Seals drafts into a chain as the ledger does, one hour apart unless they say when; ids count from 1. */
export function chainOf(subject: string, drafts: readonly EventDraft[]): LedgerEvent[] {
  const events: LedgerEvent[] = [];
  for (const each of drafts) events.push(sealed(subject, events.at(-1) ?? null, each));
  return events;
}

/** One event of a chain of its own, for folds and sentences. */
export function event<T extends EventType>(
  type: T,
  overrides: Parameters<typeof draft<T>>[1] = {},
  place: { readonly subject?: string; readonly head?: { readonly seq: number; readonly hash: string } } = {},
): LedgerEvent {
  return sealed(place.subject ?? `credential#${KEY_ID}`, place.head ?? null, draft(type, overrides));
}

function sealed(
  subject: string,
  head: { readonly seq: number; readonly hash: string } | null,
  each: EventDraft,
): LedgerEvent {
  const seq = (head?.seq ?? 0) + 1;
  const id = each.id ?? `018f0000-0000-7000-8000-${String(seq).padStart(12, '0')}`;
  const unsealed = { ...each, id, subject, seq, bucket: bucketOf(each.at), prevHash: head?.hash ?? null };
  const parsed = parseEvent({ ...unsealed, hash: hashOfEvent(unsealed) });
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.event;
}
