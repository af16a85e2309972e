import {
  type AfterUseContext,
  type Detected,
  expireGrant,
  type FollowedUp,
  followUpGrants,
  followUpIncidents,
  type IncidentTellingContext,
  lookForDrift,
  recentGrants,
  reconcileGrants,
  recordDetection,
} from '../../break-glass/index.ts';
import { brokerRoleArn } from '../../domain/break-glass-documents.ts';
import { requestIdSchema } from '../../domain/request-events.ts';
import * as z from '../../domain/zod.ts';
import { callerDirectoryOf, type Policy } from '../../policy/index.ts';
import { concernedBy } from '../break-glass/announcing.ts';
import { contextOf, type GrantDesk } from '../break-glass/desk.ts';
import { tellingBy, tellingOfIncidentBy } from '../break-glass/telling.ts';
import { afterUseAccounts } from './after-use-accounts.ts';
import type { Environment } from './environment.ts';
import { type GrantVariables, openGrantDesk } from './grant-desk.ts';
import { versionInForce } from './policy-in-force.ts';

/** What calls the reconciler: the clock, the schedule of a grant's end, or CloudTrail's word through a bus. */
export const reconcileEventSchema = z.lazy(() =>
  z.union([
    z.strictObject({ reconcile: z.literal(true) }),
    z.strictObject({ end: requestIdSchema }),
    z.looseObject({ 'detail-type': z.string(), detail: z.unknown() }),
  ]),
);

type ReconcilerVariables = GrantVariables &
  Pick<Environment, 'HUB_ACCOUNT' | 'ORGANIZATION_ID' | 'OWN_SECRETS' | 'STACK_NAME'>;

/** What a round found and did. */
interface Round {
  readonly looked: number;
  readonly ended: readonly string[];
  readonly ending: readonly string[];
  /** What was not as it was deployed. */
  readonly drifted: readonly string[];
  readonly failed: Readonly<Record<string, string>>;
  readonly after: Pick<FollowedUp, 'attached' | 'exposed' | 'told'>;
}

interface Reconciler {
  /** Every few minutes, whatever became of the rest. */
  readonly round: () => Promise<Round>;
  /** At the end of one grant: what it has come to. */
  readonly end: (grantId: string) => Promise<string>;
  /** What CloudTrail tells; of an incident that is new everybody is told at once. */
  readonly detected: (event: unknown) => Promise<Detected>;
}

/** Opened once per process. `report` hears of trouble that keeps nothing else. */
export async function openReconciler(
  environment: ReconcilerVariables,
  report: GrantDesk['report'],
): Promise<Reconciler> {
  const { desk, routes, record, inMember } = await openGrantDesk(environment, report);
  const accounts = afterUseAccounts(environment.HOME_REGION, inMember, report);
  const placed = placeOf(environment, desk);
  const contextFor = (policy: Policy): AfterUseContext & IncidentTellingContext => ({
    ...contextOf(desk, policy),
    ...accounts,
    evidence: desk.evidence,
    record,
    unreviewed: () => desk.state.requests.open('incident', desk.clock.now()),
    tell: tellingBy(routes, policy, desk.clock),
    tellOfIncident: tellingOfIncidentBy(routes, policy, desk.clock),
    concerned: concernedBy(policy),
  });
  return {
    round: async () => {
      const context = contextFor(await versionInForce(desk));
      const unread = new Map<string, string>();
      const grantIds = await recentGrants(context, unread);
      const { looked, ended, ending, drifted, failed } = await reconcileGrants(context, grantIds);
      const after = await followUpGrants(context, grantIds);
      const incidents = await followUpIncidents(context);
      const drift = await lookForDrift({
        ...context,
        place: (accountId) => ({ ...placed, accountId }),
        iamOf: async (accountId) => (await accounts.openAccount(accountId)).iam,
      });
      const { attached, exposed } = after;
      return {
        looked,
        ended,
        ending,
        drifted: [...drifted, ...drift.drifted.keys()],
        failed: Object.fromEntries([
          ...unread,
          ...failed,
          ...after.failed,
          ...incidents.failed,
          ...drift.failed,
        ]),
        after: { attached, exposed, told: after.told + incidents.told },
      };
    },
    end: async (grantId) => {
      const { outcome } = await expireGrant(contextOf(desk, await versionInForce(desk)), grantId);
      return outcome;
    },
    detected: async (event) => {
      const policy = await versionInForce(desk);
      const context = contextFor(policy);
      const { personOf } = callerDirectoryOf(policy, desk.clock.now());
      const detection = { ...context, personOf, brokerRoleArn: brokerRoleArn(placed) };
      const found = await recordDetection(detection, event);
      if (found.outcome === 'incident' && found.recorded) {
        await followUpIncidents(context, [found.incident.incidentId]);
      }
      return found;
    },
  };
}

/** As the roles of every account were made; the janitor's functions and their roles have one name under its prefix. */
function placeOf(
  { RECONCILE_FUNCTION_ARN, HUB_ACCOUNT, STACK_NAME, ORGANIZATION_ID, OWN_SECRETS }: ReconcilerVariables,
  { partition }: GrantDesk,
) {
  const own = RECONCILE_FUNCTION_ARN.split(':').at(-1) ?? '';
  return {
    partition,
    hubAccount: HUB_ACCOUNT,
    prefix: own.replace(/-reconcile-grants$/, ''),
    stackName: STACK_NAME,
    organizationId: ORGANIZATION_ID,
    ownSecrets: OWN_SECRETS,
  };
}
