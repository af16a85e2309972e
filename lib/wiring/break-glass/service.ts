import type { BreakGlassService } from '../../api/index.ts';
import { approve, review } from './deciding.ts';
import type { BreakGlassDesk } from './desk.ts';
import { runDrill } from './drilling.ts';
import { giveBack, revoke, revokeAll } from './ending.ts';
import { explain, listIncidents, reviewOf } from './incidents.ts';
import { getEvidence, getGrant, listGrants, listRoles } from './looking.ts';
import { renew, start } from './start.ts';

/** Everything the broker does, over what an environment gives. Each call resolves its caller by the policy in force. */
export function breakGlassServiceOf(desk: BreakGlassDesk): BreakGlassService {
  return {
    listBreakGlassRoles: (caller) => listRoles(desk, caller),
    startGrant: (caller, body) => start(desk, caller, body),
    listGrants: (caller, query) => listGrants(desk, caller, query),
    getGrant: (caller, grantId) => getGrant(desk, caller, grantId),
    renewGrant: (caller, grantId) => renew(desk, caller, grantId),
    approveGrant: (caller, grantId) => approve(desk, caller, grantId),
    returnGrant: (caller, grantId, reason) => giveBack(desk, caller, grantId, reason),
    revokeGrant: (caller, grantId, reason) => revoke(desk, caller, grantId, reason),
    revokeRole: (caller, body) => revokeAll(desk, caller, body),
    getGrantEvidence: (caller, grantId) => getEvidence(desk, caller, grantId),
    reviewGrant: (caller, grantId, body) => review(desk, caller, grantId, body),
    listIncidents: (caller, query) => listIncidents(desk, caller, query),
    explainIncident: (caller, incidentId, body) => explain(desk, caller, incidentId, body),
    reviewIncident: (caller, incidentId, body) => reviewOf(desk, caller, incidentId, body),
    drill: (caller, body) => runDrill(desk, caller, body),
  };
}
