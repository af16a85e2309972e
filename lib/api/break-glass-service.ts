import type { PageQuery } from './bodies.ts';
import type {
  DrillBody,
  ExplainIncidentBody,
  ReviewBody,
  RevokeRoleBody,
  StartGrantBody,
} from './break-glass-bodies.ts';
import type {
  BreakGlassRoleView,
  DrillView,
  EndedView,
  GrantEvidenceView,
  GrantView,
  IncidentView,
  StartedView,
} from './break-glass-views.ts';
import type { ApiCaller } from './service.ts';
import type { Page } from './views.ts';

/**
 * Everything the API does about break-glass access, one method an operation, of a function of its own: the broker. The
 * caller is resolved inside, on each call, by the policy in force. Methods throw as those of `Service` do; what the policy
 * refuses to whoever wants a grant is recorded, and thrown by its own code (403). No method answers or logs a credential
 * but `startGrant` and `renewGrant`, to the one who took the grant.
 */
export interface BreakGlassService {
  /** All roles of the policy, and whether the caller might have each now. */
  listBreakGlassRoles(caller: ApiCaller): Promise<Page<BreakGlassRoleView>>;

  /**
   * Begins a grant, or goes on with it where the same call stopped before. Throws the refusals of the policy,
   * `grant-conflict`, `grant-over`, `ledger-unavailable` (then there are no credentials) and trouble of STS, whose hint
   * names docs/break-glass.md.
   */
  startGrant(caller: ApiCaller, body: StartGrantBody): Promise<StartedView>;
  /** open: not ended, or ended and still owed evidence or a review. */
  listGrants(caller: ApiCaller, query: PageQuery): Promise<Page<GrantView>>;
  /** Throws `grant-not-found`. */
  getGrant(caller: ApiCaller, grantId: string): Promise<GrantView>;
  /** Another session of 15 minutes, for the one who took it. Throws `grant-not-active` and `grant-over`. */
  renewGrant(caller: ApiCaller, grantId: string): Promise<StartedView>;
  approveGrant(caller: ApiCaller, grantId: string): Promise<GrantView>;
  returnGrant(caller: ApiCaller, grantId: string, reason: string | undefined): Promise<EndedView>;
  revokeGrant(caller: ApiCaller, grantId: string, reason: string): Promise<EndedView>;
  /** Every grant of a role that is not over. */
  revokeRole(caller: ApiCaller, body: RevokeRoleBody): Promise<{ readonly items: readonly EndedView[] }>;
  getGrantEvidence(caller: ApiCaller, grantId: string): Promise<GrantEvidenceView>;
  reviewGrant(caller: ApiCaller, grantId: string, body: ReviewBody): Promise<GrantView>;

  listIncidents(caller: ApiCaller, query: PageQuery): Promise<Page<IncidentView>>;
  /** Whoever used it, or keeps the identity, says what it was for. */
  explainIncident(caller: ApiCaller, incidentId: string, body: ExplainIncidentBody): Promise<IncidentView>;
  reviewIncident(caller: ApiCaller, incidentId: string, body: ReviewBody): Promise<IncidentView>;

  drill(caller: ApiCaller, body: DrillBody): Promise<DrillView>;
}
