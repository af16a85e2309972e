import type { Actor } from '../../lib/domain/actor.ts';
import { sha256 } from '../../lib/domain/canonical.ts';
import type { EventDraft } from '../../lib/domain/event.ts';
import type { EventType } from '../../lib/domain/event-data.ts';
import { DAY_MS, MINUTE_MS, plus } from '../../lib/domain/time.ts';
import { ACCOUNT, NOW } from './credential.ts';

type GrantType = Extract<EventType, `grant.${string}`>;

/** The object that a draft of attached evidence refers to. */
export const GRANT_EVIDENCE_TEXT = '{}';
export const GRANT_ID = '6f1d2c3b-5a4e-4f60-8b7a-9c0d1e2f3a4b';
export const GRANT_EVIDENCE_KEY = `break-glass/${GRANT_ID}.json`;

const broker: Actor = {
  kind: 'workload',
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/janitor-broker/break-glass`,
};
const onCall: Actor = { kind: 'person', arn: `arn:aws:iam::${ACCOUNT}:user/people/ana`, person: 'ana' };
const reviewer: Actor = { kind: 'person', arn: `arn:aws:iam::${ACCOUNT}:user/people/cy`, person: 'cy' };
const approver: Actor = { kind: 'person', arn: `arn:aws:iam::${ACCOUNT}:user/people/bo`, person: 'bo' };
const asked = { role: 'database-admin', accountId: ACCOUNT, durationSeconds: 1800 };
const envelope = { at: NOW, policyHash: 'c'.repeat(64) };
const session = {
  accessKeyId: 'ASIAEXAMPLESESSION01',
  sessionExpiresAt: plus(NOW, 15 * MINUTE_MS),
};

/** One plausible draft of every type of event on chains of grants. */
export const GRANT_DRAFTS: { readonly [T in GrantType]: Extract<EventDraft, { type: T }> } = {
  'grant.requested': {
    ...envelope,
    actor: onCall,
    type: 'grant.requested',
    reason: 'the orders database does not accept writes',
    ticket: 'OPS-7',
    expiresAt: plus(NOW, 30 * MINUTE_MS),
    data: {
      ...asked,
      roleArn: `arn:aws:iam::${ACCOUNT}:role/janitor/break-glass/database-admin`,
      tier: 'routine',
      approvalsNeeded: 0,
      approverGroup: 'security',
      approvers: ['bo', 'cy'],
      reviewers: ['bo', 'cy', 'ana'],
      reviewsNeeded: 1,
      reviewBy: plus(NOW, 3 * DAY_MS),
      standing: 'on-call',
      why: ['ana is on call'],
      sessionManager: false,
    },
  },
  'grant.refused': {
    ...envelope,
    actor: onCall,
    type: 'grant.refused',
    data: { ...asked, code: 'not-on-call', why: ['ana is not on call'] },
  },
  'grant.approved': { ...envelope, actor: approver, type: 'grant.approved', data: {} },
  'grant.activating': { ...envelope, actor: onCall, type: 'grant.activating', data: {} },
  'grant.lapsed': { ...envelope, actor: broker, type: 'grant.lapsed', data: {} },
  'grant.activated': {
    ...envelope,
    actor: broker,
    type: 'grant.activated',
    data: { ...session, endSchedule: 'done', announcement: 'failed' },
  },
  'grant.errand-done': {
    ...envelope,
    actor: broker,
    type: 'grant.errand-done',
    data: { errand: 'announcement' },
  },
  'grant.renewed': { ...envelope, actor: onCall, type: 'grant.renewed', data: { session: 2 } },
  'grant.issued': { ...envelope, actor: broker, type: 'grant.issued', data: { session: 2, ...session } },
  'grant.ending': { ...envelope, actor: onCall, type: 'grant.ending', data: { cause: 'returned' } },
  'grant.end-failed': {
    ...envelope,
    actor: broker,
    type: 'grant.end-failed',
    reason: 'IAM is throttled',
    data: { code: 'aws-throttled' },
  },
  'grant.ended': {
    ...envelope,
    actor: broker,
    type: 'grant.ended',
    data: { proof: 'tag-denied', policyVersion: 'v7' },
  },
  'grant.shells-ended': {
    ...envelope,
    actor: broker,
    type: 'grant.shells-ended',
    data: { ended: 1, complete: true },
  },
  'grant.shells-failed': {
    ...envelope,
    actor: broker,
    type: 'grant.shells-failed',
    reason: 'no permission',
    data: { code: 'aws-access-denied' },
  },
  'grant.evidence-failed': {
    ...envelope,
    actor: broker,
    type: 'grant.evidence-failed',
    reason: 'no permission',
    data: { code: 'aws-access-denied' },
  },
  'grant.drilled': {
    ...envelope,
    actor: broker,
    type: 'grant.drilled',
    data: {
      stages: [
        { stage: 'started', outcome: 'passed', at: NOW },
        { stage: 'used', outcome: 'failed', at: NOW, detail: 'aws-unreachable' },
      ],
    },
  },
  'grant.told': {
    ...envelope,
    actor: broker,
    type: 'grant.told',
    data: {
      noticeId: 'notice/asked/0123456789abcdef',
      recipient: 'cy',
      about: 'review',
      outcome: 'accepted',
    },
  },
  'grant.evidence-attached': {
    ...envelope,
    actor: broker,
    type: 'grant.evidence-attached',
    evidence: [{ kind: 'session', key: GRANT_EVIDENCE_KEY, sha256: sha256(GRANT_EVIDENCE_TEXT) }],
    data: { events: 12, complete: true },
  },
  'grant.reviewed': {
    ...envelope,
    actor: reviewer,
    type: 'grant.reviewed',
    reason: 'all of it served the repair',
    data: { verdict: 'closed' },
  },
  'grant.noted': {
    ...envelope,
    actor: broker,
    type: 'grant.noted',
    data: { grantId: GRANT_ID, reviewBy: plus(NOW, 3 * DAY_MS) },
  },
  'grant.settled': { ...envelope, actor: broker, type: 'grant.settled', data: { grantId: GRANT_ID } },
};
