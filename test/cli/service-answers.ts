import type { Service } from '../../lib/api/index.ts';

type Answers = { readonly [Name in keyof Service]: Awaited<ReturnType<Service[Name]>> };

export const HASH = 'a'.repeat(64);
export const PLAN_ID = 'plan/111122223333/4';
const AT = '2026-03-02T08:00:00.000Z';
const LATER = '2026-03-16T08:00:00.000Z';
const ID = '0198c2f4-7d1e-7c11-a2c3-5e6f70819203';
const KEY = 'arn:aws:iam::111122223333:user/ci/deployer/access-key/AKIAIOSFODNN7EXAMPLE';
const ANA = { kind: 'person', arn: 'arn:aws:iam::111122223333:user/people/ana', person: 'ana' } as const;
const BEN = { kind: 'person', arn: 'arn:aws:iam::111122223333:user/people/ben', person: 'ben' } as const;

export const REQUEST: Answers['getRequest']['request'] = {
  ask: {
    kind: 'exception',
    scope: { credentialId: KEY, rules: ['access-key-unused'] },
    while: { tag: { project: 'x' }, owner: 'same', ticket: 'open' },
  },
  reasonKind: 'migration',
  businessOwner: 'ben',
  reason: 'moves to a role in March',
  ticket: 'OPS-123',
  endsAt: LATER,
};

export const request: Answers['getRequest'] = {
  requestId: ID,
  state: 'pending',
  requestHash: HASH,
  request: REQUEST,
  requester: { actor: ANA, onBehalfOf: [], autonomous: false },
  submittedAt: AT,
  policyHash: HASH,
  tier: 'critical',
  approvalsNeeded: 2,
  approvals: [{ actor: BEN, at: AT }],
  approverGroup: 'security',
  lapsesAt: LATER,
};

export const exception: Answers['getException'] = {
  exceptionId: ID,
  state: 'active',
  scope: { credentialId: KEY, rules: ['access-key-unused'] },
  while: { ticket: 'open' },
  reason: 'moves to a role in March',
  reasonKind: 'migration',
  ticket: 'OPS-123',
  businessOwner: 'ben',
  requestedBy: ANA,
  approvals: [{ actor: BEN, at: AT }],
  proposedAt: AT,
  endsAt: LATER,
  exemptSince: AT,
};

export const challenge: Answers['getChallenge'] = {
  challengeId: '5f0c2b7d9e1a4c3f8b6d7e9f0a1b2c3d',
  state: 'open',
  target: {
    kind: 'step',
    credentialId: KEY,
    rule: 'access-key-unused',
    step: 'disable',
    findingOpenedAt: AT,
  },
  openedBy: ANA,
  openedAt: AT,
  reason: 'runs once a year',
  decideBy: LATER,
  approverGroup: 'security',
  notBy: ['ana'],
};

const plan: Answers['listPlans']['items'][number] = {
  planId: PLAN_ID,
  planHash: HASH,
  accountId: '111122223333',
  tier: 'guarded',
  frozenAt: AT,
  frozenBy: ANA,
  lapsesAt: LATER,
  policyHash: HASH,
  approvalsNeeded: 1,
  approverGroup: 'security',
  items: [],
  approvals: [],
  lapsed: false,
};

const halt: Answers['placeHalt'] = { haltId: 'h', target: 'all', by: ANA, at: AT, reason: 'incident 4711' };

/** An answer of each operation, as the API may give it. */
export const answers: Answers = {
  whoAmI: { actor: ANA, accountId: '111122223333', mayDecide: true, api: 'local', policyHash: HASH, now: AT },
  submitRequest: { outcome: 'recorded', request },
  listRequests: { items: [request], nextCursor: 'next' },
  getRequest: request,
  approveRequest: { ...request, state: 'approved' },
  rejectRequest: { ...request, state: 'rejected', end: { at: AT, by: BEN, reason: 'no' } },
  withdrawRequest: { ...request, state: 'withdrawn', end: { at: AT, by: ANA } },
  listExceptions: { items: [exception] },
  getException: exception,
  revokeException: {
    repeated: false,
    exception: { ...exception, state: 'revoked', end: { at: AT, by: BEN, reason: 'done' } },
  },
  openChallenge: { repeated: false, challenge },
  listChallenges: { items: [challenge] },
  getChallenge: challenge,
  decideChallenge: {
    repeated: false,
    challenge: { ...challenge, state: 'dismissed', end: { at: AT, by: BEN, reason: 'unused' } },
  },
  listPlans: { items: [plan] },
  getPlan: { plan, state: 'pending', remaining: 1 },
  approvePlan: { plan: { ...plan, approvals: [{ actor: BEN, at: AT }] }, state: 'approved', remaining: 0 },
  rejectPlan: { plan: { ...plan, rejectedBy: BEN }, state: 'rejected', remaining: 1 },
  placeHalt: halt,
  liftHalt: halt,
  listHalts: { items: [halt] },
  allowRotations: {
    accountId: '111122223333',
    rotationId: 'r',
    credentialId: KEY,
    code: 'store-unreadable',
    reason: 'the secret could not be read',
    at: AT,
  },
  restore: {
    changes: [{ change: 'enable', outcome: 'done', eventId: 'e', reason: 'asked' }],
    left: [],
    holdUntil: LATER,
  },
  rotate: {
    state: 'rotated',
    credentialId: KEY,
    rotationId: 'r',
    secretId: 's',
    accessKeyId: 'AKIAIOSFODNN7EXAMPL2',
    at: AT,
  },
  getPolicy: {
    active: { hash: HASH, since: AT },
    deployed: 'b'.repeat(64),
    approvals: 0,
    needed: 2,
    approverGroup: 'security',
    differences: [],
  },
  activatePolicy: { outcome: 'pending', hash: HASH, approvals: 0, needed: 2, approverGroup: 'security' },
  explain: { kind: 'credential', subject: KEY, anythingNewer: [1] },
};
