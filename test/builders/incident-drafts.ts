import type { Actor } from '../../lib/domain/actor.ts';
import type { EventDraft } from '../../lib/domain/event.ts';
import type { EventType } from '../../lib/domain/event-data.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { ACCOUNT, NOW } from './credential.ts';

type IncidentType = Extract<EventType, `incident.${string}` | `drift.${string}`>;

export const INCIDENT_ID = '7d1c9f0ab3e24c5d8e6f7a8b9c0d1e2f';

const reconciler: Actor = {
  kind: 'workload',
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/janitor-reconcile-grants/reconcile`,
};
const somebody = (person: string): Actor => ({
  kind: 'person',
  arn: `arn:aws:iam::${ACCOUNT}:user/people/${person}`,
  person,
});
const envelope = { at: NOW, actor: reconciler, policyHash: 'c'.repeat(64) };
const call = {
  eventId: 'e1b2c3d4-0000-4000-8000-000000000001',
  at: plus(NOW, -60_000),
  name: 'signin:ConsoleLogin',
  region: 'us-east-1',
  sourceIp: '192.0.2.7',
};
const resource = `arn:aws:iam::${ACCOUNT}:role/janitor/break-glass/database-admin`;

/** One plausible draft of every type of event on chains of incidents and drift. */
export const INCIDENT_DRAFTS: { readonly [T in IncidentType]: Extract<EventDraft, { type: T }> } = {
  'incident.opened': {
    ...envelope,
    type: 'incident.opened',
    data: {
      kind: 'emergency-identity',
      accountId: ACCOUNT,
      target: `arn:aws:iam::${ACCOUNT}:user/vault/emergency`,
      principal: `arn:aws:iam::${ACCOUNT}:user/vault/emergency`,
      why: 'it is an identity of the last resort, of which every use is reviewed',
      call,
      custodians: ['ana', 'dora'],
      reviewers: ['bo', 'cy', 'dora'],
      reviewBy: plus(NOW, 3 * DAY_MS),
    },
  },
  'incident.observed': {
    ...envelope,
    type: 'incident.observed',
    data: { call: { ...call, eventId: 'e1b2c3d4-0000-4000-8000-000000000002', name: 'iam:CreateUser' } },
  },
  'incident.explained': {
    ...envelope,
    actor: somebody('ana'),
    type: 'incident.explained',
    reason: 'the identity provider was down',
    ticket: 'OPS-9',
    data: {},
  },
  'incident.told': {
    ...envelope,
    type: 'incident.told',
    data: {
      noticeId: 'notice/asked/0123456789abcdef',
      recipient: 'cy',
      about: 'opened',
      outcome: 'accepted',
    },
  },
  'incident.reviewed': {
    ...envelope,
    actor: somebody('cy'),
    type: 'incident.reviewed',
    reason: 'the drill of the year',
    data: { verdict: 'closed' },
  },
  'drift.found': {
    ...envelope,
    type: 'drift.found',
    data: { resource, differences: ['its trust is another one'], hash: 'd'.repeat(64) },
  },
  'drift.mended': { ...envelope, type: 'drift.mended', data: { resource } },
};
