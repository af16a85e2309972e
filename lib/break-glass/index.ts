/** Break-glass access: begun in seconds, ended by itself, reviewed by somebody else (G11, G17). */
export type {
  AfterUseContext,
  GrantTelling,
  GrantTold,
  IncidentTelling,
  IncidentTellingContext,
} from './after-use-context.ts';
export type { Announcement, BreakGlassContext, EndSchedule } from './context.ts';
export { type DriftContext, lookForDrift } from './drift.ts';
export { type DrillContext, drill } from './drill.ts';
export { expireGrant, returnGrant, revokeGrant, revokeRole } from './end-grant.ts';
export { type FollowedUp, followUpGrants, followUpIncidents } from './follow-up.ts';
export { type Detected, type DetectionContext, recordDetection } from './incidents.ts';
export { type OnCall, onCallOf } from './on-call.ts';
export { readEvidence } from './read-evidence.ts';
export { recentGrants } from './recent-grants.ts';
export { reconcileGrants } from './reconcile.ts';
export { renewGrant } from './renew-grant.ts';
export { approveGrant, attachEvidence, reviewGrant } from './review-grant.ts';
export { explainIncident, reviewIncident } from './review-incident.ts';
export { type IssuedSession, STS_ANSWER_MS } from './session.ts';
export { type Started, startGrant } from './start-grant.ts';
export { DeniedGrants } from './tag-denial.ts';
export { watchersOf } from './tell-grants.ts';
export { stillOverdue } from './uses.ts';
