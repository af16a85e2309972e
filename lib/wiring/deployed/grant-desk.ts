import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import type { AwsCredentialIdentity } from '@smithy/types';
import { assumedRole, createStsClient } from '../../aws/index.ts';
import { DeniedGrants, type OnCall, onCallOf, STS_ANSWER_MS } from '../../break-glass/index.ts';
import type { Clock } from '../../domain/time.ts';
import type { CredentialRecord } from '../../ledger/index.ts';
import { EventBridgeDelivery, SesDelivery, SnsDelivery } from '../../notify/index.ts';
import { announcementBy, type GrantRoutes } from '../break-glass/announcing.ts';
import type { GrantDesk } from '../break-glass/desk.ts';
import { undeliverable } from './delivery.ts';
import { oneTimeSchedule, type ScheduleVariables } from './end-schedule.ts';
import type { Environment } from './environment.ts';
import { openBucket, openOwnLedger, openRecord } from './hub.ts';
import { memberRoleArn } from './member-role.ts';
import { deployedPolicy } from './policy.ts';
import { archivedVersion } from './policy-in-force.ts';
import { tokenInSecret } from './ticket-token.ts';

export type GrantVariables = ScheduleVariables &
  Pick<
    Environment,
    | 'EVENT_BUS_NAME'
    | 'EVIDENCE_BUCKET'
    | 'HOME_REGION'
    | 'LEDGER_TABLE'
    | 'MAIL_CONFIGURATION_SET'
    | 'MAIL_FROM'
    | 'MEMBER_ROLE_PREFIX'
    | 'NOTICE_TOPIC_ARN'
    | 'ON_CALL_TOKEN_SECRET_ARN'
    | 'POLICY_DIR'
    | 'STATE_TABLE'
  >;

/** A schedule or a notice that takes longer than about three seconds is recorded as failed and done later. */
const ERRAND = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 1_500, throwOnRequestTimeout: true },
};

/** What the broker and the reconciler have in common, opened once per process. */
export interface OpenedGrantDesk {
  readonly desk: GrantDesk;
  readonly routes: GrantRoutes;
  readonly record: CredentialRecord;
  /** Of the janitor's break-glass role in a member account. */
  readonly inMember: (accountId: string) => () => Promise<AwsCredentialIdentity>;
}

export async function openGrantDesk(
  environment: GrantVariables,
  report: GrantDesk['report'],
): Promise<OpenedGrantDesk> {
  const { HOME_REGION: region } = environment;
  const [own, deployed, sts] = await Promise.all([
    openOwnLedger(environment),
    deployedPolicy(environment),
    createStsClient({ region }, { answerMs: STS_ANSWER_MS }),
  ]);
  const { clock, ledger, partition, actor: self } = own;
  const evidence = openBucket(region, environment.EVIDENCE_BUCKET);
  const versions = new Map<string, Promise<GrantDesk['deployed']>>();
  const members = new Map<string, () => Promise<AwsCredentialIdentity>>();
  const inMember = (accountId: string) => {
    const roleArn = memberRoleArn({ ...environment, partition, accountId }, 'break-glass');
    const credentials =
      members.get(accountId) ?? assumedRole(sts, { roleArn, sessionName: 'grants' }, Date.now);
    members.set(accountId, credentials);
    return credentials;
  };
  const routes = routesOf(environment);
  const { state, record } = openRecord(own, environment);
  const desk: GrantDesk = {
    clock,
    ledger,
    partition,
    self,
    deployed,
    sts,
    evidence,
    report,
    state,
    pause: async (millis) => sleep(millis),
    archived: (hash) => {
      const kept = versions.get(hash) ?? archivedVersion(evidence, hash);
      versions.set(hash, kept);
      kept.catch(() => versions.delete(hash));
      return kept;
    },
    onCall: onCallBy(environment, clock),
    endSchedule: oneTimeSchedule(new SchedulerClient({ region, ...ERRAND }), environment),
    announcement: announcementBy(routes, clock),
    deniedGrants: async (accountId) =>
      new DeniedGrants(new IAMClient({ region, credentials: inMember(accountId) }), { partition, accountId }),
  };
  return { desk, routes, record, inMember };
}

function onCallBy({ HOME_REGION: region, ON_CALL_TOKEN_SECRET_ARN }: GrantVariables, clock: Clock): OnCall {
  const clients = { secretsManager: () => new SecretsManagerClient({ region, ...ERRAND }) };
  const secret = { HOME_REGION: region, TICKET_TOKEN_SECRET_ARN: ON_CALL_TOKEN_SECRET_ARN };
  const token = tokenInSecret({ clients, clock }, secret);
  return onCallOf({ clock, ...(token === undefined ? {} : { token: () => token.read() }) });
}

function routesOf(environment: GrantVariables): GrantRoutes {
  const { HOME_REGION: region, MAIL_FROM: from, MAIL_CONFIGURATION_SET: configurationSet } = environment;
  const people =
    from === undefined || configurationSet === undefined
      ? undeliverable('refused', 'no sender of mail is configured in the stack (mail)')
      : new SesDelivery({
          client: async () => new SESv2Client({ region, ...ERRAND }),
          from,
          configurationSet,
        });
  const { NOTICE_TOPIC_ARN: topicArn, EVENT_BUS_NAME: eventBusName } = environment;
  return {
    people,
    watching: [
      new SnsDelivery({ client: new SNSClient({ region, ...ERRAND }), topicArn }),
      new EventBridgeDelivery({ client: new EventBridgeClient({ region, ...ERRAND }), eventBusName }),
    ],
  };
}
