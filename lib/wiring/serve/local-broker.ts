import { IAMClient } from '@aws-sdk/client-iam';
import type { BreakGlassService } from '../../api/index.ts';
import { assumedRole, createAwsClients, createEvidenceClients, createStsClient } from '../../aws/index.ts';
import {
  type AfterUseContext,
  DeniedGrants,
  expireGrant,
  followUpGrants,
  followUpIncidents,
  type IncidentTellingContext,
  type IssuedSession,
  onCallOf,
  recentGrants,
  reconcileGrants,
  STS_ANSWER_MS,
} from '../../break-glass/index.ts';
import { brokerRoleArn } from '../../domain/break-glass-documents.ts';
import { type Instant, toMillis } from '../../domain/time.ts';
import type { Policy } from '../../policy/index.ts';
import { announcementBy, concernedBy } from '../break-glass/announcing.ts';
import { type BreakGlassDesk, contextOf } from '../break-glass/desk.ts';
import { enabledRegions } from '../break-glass/enabled-regions.ts';
import { breakGlassServiceOf } from '../break-glass/service.ts';
import { tellingBy, tellingOfIncidentBy } from '../break-glass/telling.ts';
import type { EmbeddedWorld } from '../embedded-world.ts';
import type { LocalParts } from '../service/index.ts';
import { embeddedPlace } from './furnish-break-glass.ts';

/** Has something done about a grant at an instant, in this process. */
export type AtEnd = (grantId: string, endsAt: Instant) => void;

/** The broker of a served janitor, and what ends and follows its grants where nothing else does. */
export interface LocalBroker {
  readonly service: BreakGlassService;
  readonly round: () => Promise<void>;
  readonly end: (grantId: string) => Promise<void>;
  close(): void;
}

/**
 * The broker over the record that is open and an embedded AWS: it assumes its own role there, which the break-glass roles
 * trust, and enters accounts as their administrator.
 */
export async function localBroker(
  world: EmbeddedWorld,
  parts: LocalParts,
  atEnd: AtEnd,
): Promise<LocalBroker> {
  const { desk: service, delivery, pause } = parts;
  const { ledger, state, evidence, deployed, self, lookups, report } = service;
  const { url: endpoint, region, accountId: hub, aws } = world;
  // Sessions end by the time of the world, which may be set while the record is open.
  const clock = { now: () => aws.clock.now().toISOString() };
  const partition = 'aws';
  const admin = await createStsClient({ endpoint, region, credentials: world.credentials });
  const roleArn = brokerRoleArn(embeddedPlace(hub, hub));
  const credentials = assumedRole(admin, { roleArn, sessionName: 'broker' }, () => toMillis(clock.now()));
  const sts = await createStsClient({ endpoint, region, credentials }, { answerMs: STS_ANSWER_MS });
  const routes = { people: delivery, watching: [] };
  const adminOf = (accountId: string) => ({
    endpoint,
    region,
    credentials: aws.account(accountId).credentials(),
  });
  const opened: (() => void)[] = [];
  const token = process.env.JANITOR_ON_CALL_TOKEN;
  const desk: BreakGlassDesk = {
    clock,
    ledger,
    state,
    evidence,
    deployed,
    self,
    lookups,
    report,
    partition,
    sts,
    pause,
    archived: async () => service.policyInForce(),
    onCall: onCallOf({ clock, token: async () => token }),
    endSchedule: { place: async ({ grantId, endsAt }) => atEnd(grantId, endsAt) },
    announcement: announcementBy(routes, clock),
    deniedGrants: async (accountId) =>
      new DeniedGrants(new IAMClient(adminOf(accountId)), { partition, accountId }),
    iamAs: (session) => new IAMClient({ endpoint, region, credentials: revealed(session) }),
  };
  const contextFor = (policy: Policy): AfterUseContext & IncidentTellingContext => ({
    ...contextOf(desk, policy),
    evidence,
    record: service.record,
    unreviewed: () => state.requests.open('incident', clock.now()),
    openAccount: async (accountId) => {
      const clients = await createAwsClients(adminOf(accountId));
      const { cloudTrail, ssm, close } = await createEvidenceClients(adminOf(accountId));
      opened.push(() => clients.close(), close);
      return { cloudTrail, ssm, pause, iam: clients.iam, secretsManager: clients.secretsManager };
    },
    regionsOf: async (accountId) => {
      const clients = await createAwsClients(adminOf(accountId));
      return { regions: await enabledRegions(clients).finally(() => clients.close()) };
    },
    tell: tellingBy(routes, policy, clock),
    tellOfIncident: tellingOfIncidentBy(routes, policy, clock),
    concerned: concernedBy(policy),
  });
  return {
    service: breakGlassServiceOf(desk),
    round: async () => {
      const context = contextFor(await service.policyInForce());
      const unread = new Map<string, string>();
      const grantIds = await recentGrants(context, unread);
      const { failed } = await reconcileGrants(context, grantIds);
      const after = await followUpGrants(context, grantIds);
      const incidents = await followUpIncidents(context);
      for (const [what, why] of [...unread, ...failed, ...after.failed, ...incidents.failed])
        report(what, why);
    },
    end: async (grantId) => {
      await expireGrant(contextOf(desk, await service.policyInForce()), grantId);
    },
    close: () => {
      for (const close of opened) close();
      sts.destroy();
      admin.destroy();
    },
  };
}

function revealed({ accessKeyId, secretAccessKey, sessionToken }: IssuedSession) {
  return {
    accessKeyId,
    secretAccessKey: secretAccessKey.reveal(),
    sessionToken: sessionToken.reveal(),
  };
}
