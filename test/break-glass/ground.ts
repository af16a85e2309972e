import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  IAMClient,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import {
  attachEvidence,
  type BreakGlassContext,
  DeniedGrants,
  type IssuedSession,
  renewGrant,
  reviewGrant,
  type Started,
  startGrant,
} from '../../lib/break-glass/index.ts';
import type { Actor } from '../../lib/domain/actor.ts';
import {
  breakGlassRoleArn,
  endedPolicyArn,
  endedPolicyText,
  GRANT_TAG,
} from '../../lib/domain/break-glass-names.ts';
import type { BreakGlassRole, BreakGlassRules } from '../../lib/domain/break-glass-rules.ts';
import { type Fact, known } from '../../lib/domain/fact.ts';
import { foldGrant, type Grant, type GrantState, grantState } from '../../lib/domain/grant.ts';
import type { GrantContent } from '../../lib/domain/grant-events.ts';
import { DAY_MS, HOUR_MS } from '../../lib/domain/time.ts';
import { EmbeddedAws, type EmbeddedAwsOptions } from '../../lib/embedded-aws/index.ts';
import { createLedgerTables, DynamoDecisionLedger, StateProjection } from '../../lib/ledger/index.ts';
import { ACCOUNT, NOW } from '../builders/credential.ts';
import { person, workload } from '../builders/event.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { directClient } from '../world/dynamo/direct-client.ts';
import { MemoryDynamo } from '../world/dynamo/memory-dynamo.ts';

const HUB = '444455556666';
const PLACE = { partition: 'aws', accountId: ACCOUNT };
export const ROLE = 'database-admin';
export const ROLE_ARN = breakGlassRoleArn(PLACE, ROLE);
export const ENDED = endedPolicyArn(PLACE);
const BROKER_ARN = `arn:aws:iam::${HUB}:role/janitor-broker`;
const EVERYTHING = { Effect: 'Allow', Action: '*', Resource: '*' };

/** As the roles of the members trust: the broker alone, and only a session that says whose it is and of which grant. */
export const TRUST = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${HUB}:root` },
      Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': BROKER_ARN },
        StringLike: { 'sts:SourceIdentity': '*', [`aws:RequestTag/${GRANT_TAG}`]: '*' },
      },
    },
  ],
};

export const BO = person('bo');
export const ANA = person('ana');

export function role(overrides: Partial<BreakGlassRole> = {}): BreakGlassRole {
  return {
    name: ROLE,
    accounts: [ACCOUNT],
    permissions: { managedPolicies: [], statements: [] },
    eligible: ['ana', 'bo'],
    longestMs: HOUR_MS,
    tier: 'routine',
    approverGroup: 'security',
    approvers: ['bo', 'cy'],
    reviewers: ['bo', 'cy', 'dora'],
    reviewWithinMs: 3 * DAY_MS,
    sessionManager: false,
    ...overrides,
  };
}

/** What becomes of one effect of the broker on its way: run it, or lose the answer, or never get there. */
export type Passage = <T>(effect: string, run: () => Promise<T>) => Promise<T>;
const steady: Passage = (_effect, run) => run();

/** A hub with its broker, a member account with a break-glass role, and a record. */
export class Ground {
  readonly aws: EmbeddedAws;
  readonly dynamo = new MemoryDynamo();
  readonly log: string[] = [];
  rules: BreakGlassRules = {
    policyHash: 'c'.repeat(64),
    roles: [role()],
    emergency: ['dora'],
    emergencyIdentities: [],
    shortestReason: 15,
  };
  onCall: Fact<readonly string[]> = known(['ana'], NOW, 'the schedule');
  scheduleFails = false;
  announcementFails = false;
  projectionFails = false;
  passage: Passage = steady;
  /** What sessions are asked for instead: the means to put a mechanism out of order. */
  altered: Partial<AssumeRoleCommandInput> = {};

  private constructor(options: Omit<EmbeddedAwsOptions, 'now'>) {
    this.aws = new EmbeddedAws({ now: NOW, ...options });
  }

  static async open(options: Omit<EmbeddedAwsOptions, 'now'> = {}): Promise<Ground> {
    const ground = new Ground(options);
    const client = directClient(async (operation, input) => ground.dynamo.run(operation, input));
    await createLedgerTables(client, { ledger: 'ledger', state: 'state' });
    const hub = ground.aws.account(HUB);
    const open = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }],
    };
    hub.addRole({ name: 'janitor-broker', trust: open, maxSessionSeconds: 43_200 });
    ground.aws.account(ACCOUNT).addRole({
      name: ROLE,
      path: '/janitor/break-glass/',
      trust: TRUST,
      inlinePolicies: [{ Version: '2012-10-17', Statement: [EVERYTHING] }],
    });
    const iam = ground.iam();
    await iam.send(
      new CreatePolicyCommand({
        PolicyName: 'ended-grants',
        Path: '/janitor/break-glass/',
        PolicyDocument: endedPolicyText([]),
      }),
    );
    await iam.send(new AttachRolePolicyCommand({ RoleName: ROLE, PolicyArn: ENDED }));
    return ground;
  }

  get now(): string {
    return this.aws.clock.now().toISOString();
  }

  pass(minutes: number): void {
    this.aws.clock.advance(minutes * 60_000);
  }

  config(
    credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
    process: string,
  ) {
    return {
      region: 'eu-central-1',
      credentials,
      retryStrategy: new ConfiguredRetryStrategy(1, 0),
      requestHandler: this.aws.requestHandler({ process }),
    };
  }

  /** The broker's hands in the member account. */
  iam(process = 'broker'): IAMClient {
    return new IAMClient(this.config(this.aws.account(ACCOUNT).credentials(), process));
  }

  /** As the broker, with a session of its own. */
  async sts(): Promise<STSClient> {
    const admin = new STSClient(this.config(this.aws.account(HUB).credentials(), 'setup'));
    const { Credentials: given } = await admin.send(
      new AssumeRoleCommand({ RoleArn: BROKER_ARN, RoleSessionName: 'broker', DurationSeconds: 3600 }),
    );
    const credentials = {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    };
    return new STSClient(this.config(credentials, 'broker'));
  }

  async context(): Promise<BreakGlassContext> {
    const sts = await this.sts();
    const send = sts.send.bind(sts);
    const client = directClient((operation, input) => {
      const isProjection = JSON.stringify(input).includes('"TableName":"state"');
      this.log.push(isProjection ? 'projection' : operation);
      return this.passage(operation, async () => {
        if (isProjection && this.projectionFails) throw new Error('no projection');
        return this.dynamo.run(operation, input);
      });
    });
    const waiting = Object.assign(Object.create(sts) as STSClient, {
      send: async (command: AssumeRoleCommand) => {
        this.log.push('AssumeRole');
        const asked = new AssumeRoleCommand({ ...command.input, ...this.altered });
        return this.passage('AssumeRole', () => send(asked));
      },
    });
    return {
      clock: { now: () => this.now },
      ledger: new DynamoDecisionLedger({ client, tableName: 'ledger' }),
      follow: new StateProjection({ client, tableName: 'state' }).requests.follow,
      rules: this.rules,
      broker: workload({ arn: `arn:aws:sts::${HUB}:assumed-role/janitor-broker/broker` }),
      partition: 'aws',
      sts: waiting,
      pause: async (millis) => {
        this.aws.clock.advance(millis);
      },
      onCall: async () => {
        this.log.push('on call');
        return this.onCall;
      },
      endSchedule: { place: async () => this.#errand('schedule', this.scheduleFails) },
      announcement: { announce: async () => this.#errand('announcement', this.announcementFails) },
      deniedGrants: async () => new DeniedGrants(this.iam(), PLACE),
    };
  }

  async #errand(what: string, fails: boolean): Promise<void> {
    this.log.push(what);
    await this.passage(what, async () => {
      if (fails) throw new Error(`no ${what}`);
    });
  }

  async start(
    overrides: { readonly content?: Partial<GrantContent>; readonly actor?: Actor } = {},
  ): Promise<Started> {
    return startGrant(await this.context(), {
      actor: overrides.actor ?? ANA,
      content: content(overrides.content),
    });
  }

  /** Started, or the test fails. */
  async started(overrides: Parameters<Ground['start']>[0] = {}): Promise<IssuedSession> {
    const started = await this.start(overrides);
    if (started.outcome !== 'started') throw new Error(`it was ${started.outcome}`);
    return started.session;
  }

  async renew(actor = ANA, grantId = GRANT_ID) {
    return renewGrant(await this.context(), { grantId, actor });
  }

  async events(subject = `grant#${GRANT_ID}`) {
    return (await this.context()).ledger.chain(subject);
  }

  async types(subject?: string): Promise<string[]> {
    return (await this.events(subject)).map(({ type }) => type);
  }

  async grant(grantId = GRANT_ID): Promise<Grant | undefined> {
    return foldGrant(await this.events(`grant#${grantId}`));
  }

  async state(grantId = GRANT_ID): Promise<GrantState | undefined> {
    const grant = await this.grant(grantId);
    return grant === undefined ? undefined : grantState(grant, this.now);
  }

  /** Its evidence attached, and closed by somebody else. */
  async reviewed(grantId = GRANT_ID): Promise<void> {
    const context = await this.context();
    const evidence = { kind: 'session', key: `break-glass/${grantId}.json`, sha256: 'a'.repeat(64) };
    await attachEvidence(context, { grantId, evidence, events: 1, complete: true });
    await reviewGrant(context, { grantId, actor: BO, verdict: 'closed', reason: 'as stated' });
  }

  /** What using a session comes to: `answered`, or the name of the error. */
  async use(session: IssuedSession): Promise<string> {
    const credentials = {
      accessKeyId: session.accessKeyId,
      secretAccessKey: session.secretAccessKey.reveal(),
      sessionToken: session.sessionToken.reveal(),
    };
    const iam = new IAMClient(this.config(credentials, 'person'));
    return iam.send(new ListUsersCommand({})).then(
      () => 'answered',
      (error: Error) => error.name,
    );
  }
}

export function content(overrides: Partial<GrantContent> = {}): GrantContent {
  return {
    grantId: GRANT_ID,
    role: ROLE,
    accountId: ACCOUNT,
    durationSeconds: 1800,
    reason: 'the orders database does not accept writes',
    ticket: 'OPS-7',
    ...overrides,
  };
}
