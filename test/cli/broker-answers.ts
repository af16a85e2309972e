import type { BreakGlassService, GrantView, StartedView } from '../../lib/api/index.ts';

type Answers = { readonly [Name in keyof BreakGlassService]: Awaited<ReturnType<BreakGlassService[Name]>> };

export const GRANT_ID = '0198c2f4-7d1e-7c11-a2c3-5e6f70819203';
export const INCIDENT_ID = 'incident-1f2e3d4c';
const AT = '2026-03-02T08:00:00.000Z';
const END = '2026-03-02T08:30:00.000Z';
const LATER = '2026-03-05T08:30:00.000Z';
const ANA = { kind: 'person', arn: 'arn:aws:iam::111122223333:user/people/ana', person: 'ana' } as const;
const BEN = { kind: 'person', arn: 'arn:aws:iam::111122223333:user/people/ben', person: 'ben' } as const;

export const grant: GrantView = {
  grantId: GRANT_ID,
  state: 'active',
  afterUse: 'not-ended',
  secondsLeft: 1799,
  role: 'database-admin',
  accountId: '111122223333',
  roleArn: 'arn:aws:iam::111122223333:role/janitor/break-glass/database-admin',
  tier: 'routine',
  durationSeconds: 1800,
  reason: "the replica's lag grows",
  ticket: 'OPS-123',
  requestedBy: ANA,
  requestedAt: AT,
  endsAt: END,
  policyHash: 'a'.repeat(64),
  standing: 'on-call',
  why: ['ana is on call, by the schedule in the policy as of 2026-03-02T08:00:00.000Z'],
  sessionManager: false,
  approvalsNeeded: 0,
  approverGroup: 'security',
  approvers: ['ben', 'carla'],
  approvals: [],
  reviewers: ['ben', 'carla'],
  reviewsNeeded: 1,
  reviewBy: LATER,
  reviews: [],
  activatedAt: AT,
  accessKeyIds: ['ASIAEXAMPLESESSION01'],
  sessions: 1,
  errands: [],
};

export const waiting: GrantView = {
  ...grant,
  state: 'requested',
  tier: 'guarded',
  approvalsNeeded: 1,
  approvers: ['ana', 'ben'],
  sessions: 0,
  accessKeyIds: [],
};

export const ended: GrantView = {
  ...grant,
  state: 'ended',
  afterUse: 'review-due',
  secondsLeft: 0,
  ending: { cause: 'returned', at: '2026-03-02T08:10:00.000Z', by: ANA },
  endedAt: '2026-03-02T08:10:01.000Z',
  evidence: { events: 2, complete: true },
};

export const reviewed: GrantView = {
  ...ended,
  afterUse: 'closed',
  reviews: [{ by: BEN, at: '2026-03-02T10:00:00.000Z', verdict: 'closed' }],
};

/** What must never reach stderr, a log or a file that others read. */
export const SECRETS = ['planted-secret-access-key-of-a-session', 'planted/session+token=='] as const;

export const started: Extract<StartedView, { outcome: 'started' }> = {
  outcome: 'started',
  grant,
  credentials: {
    accessKeyId: 'ASIAEXAMPLESESSION01',
    secretAccessKey: SECRETS[0],
    sessionToken: SECRETS[1],
    expiresAt: '2026-03-02T08:15:00.000Z',
  },
};

export const incident: Answers['reviewIncident'] = {
  incidentId: INCIDENT_ID,
  kind: 'emergency-identity',
  state: 'open',
  accountId: '111122223333',
  openedAt: AT,
  target: 'arn:aws:iam::111122223333:user/vault/last-resort',
  principal: 'arn:aws:iam::111122223333:user/vault/last-resort',
  why: 'it is an identity of the last resort, of which every use is reviewed',
  calls: [{ eventId: 'e-9', at: AT, name: 'ConsoleLogin', region: 'us-east-1' }],
  custodians: [],
  reviewers: ['ben', 'carla'],
  reviewBy: LATER,
};

export const brokerAnswers: Answers = {
  listBreakGlassRoles: {
    items: [
      {
        name: 'database-admin',
        why: 'Repairs the orders database.',
        accounts: ['111122223333'],
        tier: 'routine',
        longestSeconds: 3600,
        reviewers: ['ben', 'carla'],
        sessionManager: false,
        eligible: true,
        because: ['ana is on call'],
        summary: ['Allows rds:Reboot* on every resource.', 'Denies assuming any role.'],
      },
    ],
  },
  startGrant: started,
  listGrants: { items: [grant, ended] },
  getGrant: grant,
  renewGrant: { ...started, grant: { ...grant, sessions: 2 } },
  approveGrant: { ...waiting, approvals: [{ actor: BEN, at: AT }] },
  returnGrant: { outcome: 'ended', grant: ended },
  revokeGrant: { outcome: 'ending', grant: { ...grant, state: 'ending' } },
  revokeRole: { items: [{ outcome: 'ended', grant: ended }] },
  getGrantEvidence: {
    grant: ended,
    state: 'attached',
    complete: true,
    missing: [],
    summary: ['rds:RebootDBInstance once, on db/orders', 'no errors'],
    events: [
      {
        eventId: 'e-1',
        at: '2026-03-02T08:05:00.000Z',
        service: 'rds.amazonaws.com',
        action: 'RebootDBInstance',
        region: 'eu-central-1',
        readOnly: false,
        resources: ['arn:aws:rds:eu-central-1:111122223333:db:orders'],
        accessKeyId: 'ASIAEXAMPLESESSION01',
      },
    ],
  },
  reviewGrant: reviewed,
  listIncidents: { items: [incident] },
  reviewIncident: {
    ...incident,
    state: 'closed',
    review: { by: BEN, at: LATER, verdict: 'closed' },
  },
  explainIncident: {
    ...incident,
    state: 'explained',
    explanation: { by: BEN, at: LATER, reason: 'the identity provider was down', ticket: 'OPS-9' },
  },
  drill: {
    outcome: 'passed',
    grant: { ...ended, role: 'drill' },
    stages: [
      { stage: 'record', outcome: 'passed' },
      { stage: 'assume', outcome: 'passed', detail: 'ASIAEXAMPLESESSION01' },
    ],
  },
};
