import type { Actor } from '../../lib/domain/actor.ts';
import { challengeIdOf } from '../../lib/domain/challenge.ts';
import type { ChallengeTarget } from '../../lib/domain/challenge-events.ts';
import type { EventDraft } from '../../lib/domain/event.ts';
import type { RequestContent } from '../../lib/domain/request-events.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { ACCOUNT, NOW } from './credential.ts';

type AskedType = Extract<EventDraft['type'], `${'request' | 'exception' | 'challenge'}.${string}`>;

export const ASKED_KEY = `arn:aws:iam::${ACCOUNT}:user/ci/deployer/access-key/AKIAEXAMPLEDEPLOYER0`;
export const REQUEST_ID = 'request-0001';
export const ASKED_POLICY = 'c'.repeat(64);

/** A person who signs in as an IAM user. */
export function asker(id: string): Actor {
  return { kind: 'person', arn: `arn:aws:iam::${ACCOUNT}:user/people/${id}`, person: id };
}

export function agent(name: string): Actor {
  return {
    kind: 'workload',
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/session`,
    claimed: 'session',
  };
}

/** An exception for 30 days, while the tag and the ticket stay. */
export function content(overrides: Partial<RequestContent> = {}): RequestContent {
  return {
    ask: {
      kind: 'exception',
      scope: { credentialId: ASKED_KEY, rules: ['access-key-unused'] },
      while: { tag: { project: 'atlas' }, ticket: 'open' },
    },
    reasonKind: 'migration',
    businessOwner: 'olga',
    reason: 'The migration of atlas needs it once more',
    ticket: 'OPS-7',
    endsAt: plus(NOW, 30 * DAY_MS),
    ...overrides,
  };
}

export const STEP_TARGET = {
  kind: 'step',
  credentialId: ASKED_KEY,
  rule: 'access-key-unused',
  step: 'delete',
  findingOpenedAt: plus(NOW, -20 * DAY_MS),
} as const satisfies ChallengeTarget;

const { reason, ticket, endsAt, ...data } = content();
const from = { at: NOW, actor: asker('ana'), policyHash: ASKED_POLICY };
const asked = { ...from, reason, ticket, expiresAt: endsAt };
const askedData = { ...data, onBehalfOf: [], autonomous: false };
const requestHash = 'e'.repeat(64);
const challengeId = challengeIdOf({ kind: 'exception', exceptionId: REQUEST_ID, round: 0 });

/** One plausible draft of every type of event about what people ask for. */
export const ASKED_DRAFTS: { readonly [T in AskedType]: Extract<EventDraft, { type: T }> } = {
  'request.submitted': {
    ...asked,
    type: 'request.submitted',
    data: {
      ...askedData,
      beneficiaries: ['dora'],
      tier: 'critical',
      approvalsNeeded: 2,
      approverGroup: 'security',
      lapsesAt: plus(NOW, 7 * DAY_MS),
      exemptSince: NOW,
    },
  },
  'request.denied': {
    ...asked,
    actor: agent('planner'),
    type: 'request.denied',
    data: { ...askedData, autonomous: true, code: 'sponsor-missing', why: 'No person stands behind it.' },
  },
  'request.approved': { ...from, actor: asker('bo'), type: 'request.approved', data: { requestHash } },
  'request.rejected': {
    ...from,
    actor: asker('bo'),
    type: 'request.rejected',
    reason: 'rotate it instead',
    data: {},
  },
  'request.withdrawn': { ...from, type: 'request.withdrawn', data: {} },
  'request.lapsed': { ...from, actor: agent('janitor-api'), type: 'request.lapsed', data: {} },
  'request.executing': {
    ...from,
    actor: agent('janitor-api'),
    type: 'request.executing',
    data: { finishBefore: plus(NOW, DAY_MS) },
  },
  'request.done': {
    ...from,
    actor: agent('janitor-api'),
    type: 'request.done',
    data: { outcome: `exception ${REQUEST_ID}` },
  },
  'request.failed': {
    ...from,
    actor: agent('janitor-api'),
    type: 'request.failed',
    reason: 'the key is gone',
    data: { code: 'credential-gone' },
  },
  'exception.proposed': {
    ...asked,
    actor: agent('janitor-api'),
    type: 'exception.proposed',
    approvals: [
      { actor: asker('bo'), at: NOW },
      { actor: asker('cy'), at: NOW },
    ],
    data: {
      requestHash,
      requestedBy: asker('ana'),
      scope: { credentialId: ASKED_KEY, rules: ['access-key-unused'] },
      while: { tag: { project: 'atlas' }, owner: 'same', ticket: 'open' },
      reasonKind: 'migration',
      businessOwner: 'olga',
      parties: ['ana', 'dora'],
      owner: 'dora',
      exemptSince: NOW,
    },
  },
  'exception.activated': { ...from, actor: agent('janitor-api'), type: 'exception.activated', data: {} },
  'exception.challenged': {
    ...from,
    actor: asker('eve'),
    type: 'exception.challenged',
    reason: 'atlas is over',
    data: { challengeId, decideBy: plus(NOW, 7 * DAY_MS) },
  },
  'exception.cleared': {
    ...from,
    actor: asker('bo'),
    type: 'exception.cleared',
    reason: 'it is not over',
    data: { challengeId },
  },
  'exception.expired': {
    ...from,
    actor: agent('janitor-sweep'),
    type: 'exception.expired',
    reason: 'its ticket is closed',
    data: { cause: 'condition' },
  },
  'exception.revoked': {
    ...from,
    actor: asker('bo'),
    type: 'exception.revoked',
    reason: 'the key leaked',
    data: {},
  },
  'exception.renewed': { ...from, type: 'exception.renewed', data: { renewedBy: 'request-0002' } },
  'challenge.opened': {
    ...from,
    actor: asker('dora'),
    type: 'challenge.opened',
    reason: 'it runs once a quarter',
    data: {
      target: STEP_TARGET,
      notBy: ['iam-owner'],
      decideBy: plus(NOW, 7 * DAY_MS),
      approverGroup: 'security',
    },
  },
  'challenge.upheld': {
    ...from,
    actor: asker('bo'),
    type: 'challenge.upheld',
    reason: 'the report shows it',
    data: {},
  },
  'challenge.dismissed': {
    ...from,
    actor: asker('bo'),
    type: 'challenge.dismissed',
    reason: 'there is no such run',
    data: {},
  },
  'request.told': {
    ...from,
    actor: agent('janitor-api'),
    type: 'request.told',
    data: { noticeId: 'notice/asked/1', recipient: 'bo', about: 'pending', outcome: 'accepted' },
  },
  'exception.told': {
    ...from,
    actor: agent('janitor-api'),
    type: 'exception.told',
    data: { noticeId: 'notice/asked/2', recipient: 'ana', about: 'outcome', outcome: 'refused' },
  },
  'challenge.told': {
    ...from,
    actor: agent('janitor-api'),
    type: 'challenge.told',
    data: { noticeId: 'notice/asked/3', recipient: 'iam-owner', about: 'opened', outcome: 'accepted' },
  },
  'challenge.undecided': { ...from, actor: agent('janitor-api'), type: 'challenge.undecided', data: {} },
};
