import { createHash } from 'node:crypto';
import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createEvidenceClients } from '../../lib/aws/index.ts';
import {
  type AfterUseContext,
  followUpGrants,
  type GrantTelling,
  type GrantTold,
  type IncidentTelling,
  type IncidentTellingContext,
  type IssuedSession,
  reconcileGrants,
  returnGrant,
} from '../../lib/break-glass/index.ts';
import type { EmbeddedAwsOptions } from '../../lib/embedded-aws/index.ts';
import {
  CredentialRecord,
  DynamoDecisionLedger,
  type EvidenceStore,
  StateProjection,
} from '../../lib/ledger/index.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { directClient } from '../world/dynamo/direct-client.ts';
import { ANA, Ground, role } from './ground.ts';

export const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1'];

/** The scene of a grant with everything that follows it; the member's role is the account's administrator. */
export class AfterUseGround {
  readonly ground: Ground;
  readonly objects = new Map<string, Uint8Array>();
  /** What was sent, under which id. */
  readonly sent: { readonly telling: GrantTelling; readonly noticeId: string }[] = [];
  readonly incidents: { readonly telling: IncidentTelling; readonly noticeId: string }[] = [];
  told: GrantTold = 'accepted';
  regions: readonly string[] = REGIONS;
  unsure: string | undefined;
  concerned: readonly string[] = ['operators', 'owner-of-orders'];
  readonly pauses: number[] = [];

  constructor(ground: Ground) {
    this.ground = ground;
  }

  static async open(
    options: { readonly aws?: Omit<EmbeddedAwsOptions, 'now'>; readonly sessionManager?: boolean } = {},
  ): Promise<AfterUseGround> {
    const ground = await Ground.open(options.aws);
    const { sessionManager = false } = options;
    ground.rules = { ...ground.rules, roles: [role({ sessionManager })] };
    return new AfterUseGround(ground);
  }

  async context(): Promise<AfterUseContext & IncidentTellingContext> {
    const base = await this.ground.context();
    const client = directClient((operation, input) =>
      this.ground.passage(operation, async () => this.ground.dynamo.run(operation, input)),
    );
    const ledger = new DynamoDecisionLedger({ client, tableName: 'ledger' });
    const state = new StateProjection({ client, tableName: 'state' });
    const credentials = this.ground.aws.account(ACCOUNT).credentials();
    const requestHandler = this.ground.aws.requestHandler({ process: 'follower' });
    const clients = await createEvidenceClients({
      credentials,
      requestHandler: () => requestHandler,
      retryDelays: 'none',
    });
    const config = this.ground.config(credentials, 'follower');
    return {
      ...base,
      evidence: this.store(),
      record: new CredentialRecord({ ledger, state }),
      owing: async function* () {},
      unreviewed: async function* () {},
      openAccount: async () => ({
        cloudTrail: clients.cloudTrail,
        ssm: clients.ssm,
        pause: async (millis) => {
          this.pauses.push(millis);
        },
        iam: new IAMClient(config),
        secretsManager: (region) => new SecretsManagerClient({ ...config, region }),
      }),
      regionsOf: async () => ({
        regions: this.regions,
        ...(this.unsure === undefined ? {} : { unsure: this.unsure }),
      }),
      tell: async (telling, noticeId) => {
        return this.ground.passage('notice', async () => {
          this.sent.push({ telling, noticeId });
          return this.told;
        });
      },
      tellOfIncident: async (telling, noticeId) => {
        this.incidents.push({ telling, noticeId });
        return this.told;
      },
      concerned: () => this.concerned,
    };
  }

  store(): EvidenceStore {
    return {
      put: async (key, body) => {
        if (!(body instanceof Uint8Array)) throw new Error('evidence of a grant is small');
        return this.ground.passage('evidence', async () => {
          this.objects.set(key, body);
          return { key, sha256: createHash('sha256').update(body).digest('hex') };
        });
      },
      get: async (key) => {
        const found = this.objects.get(key);
        return found === undefined
          ? undefined
          : (async function* () {
              yield found;
            })();
      },
      list: async function* () {},
    };
  }

  /** As whoever holds a session, in a Region. */
  as(session: IssuedSession, region = 'eu-central-1') {
    const credentials = {
      accessKeyId: session.accessKeyId,
      secretAccessKey: session.secretAccessKey.reveal(),
      sessionToken: session.sessionToken.reveal(),
    };
    return { ...this.ground.config(credentials, 'person'), region };
  }

  async giveBack(): Promise<void> {
    const ended = await returnGrant(await this.ground.context(), { grantId: GRANT_ID, actor: ANA });
    if (ended.outcome !== 'ended') throw new Error(`it is ${ended.outcome}`);
  }

  /** One round of the reconciler. */
  async round() {
    const context = await this.context();
    await reconcileGrants(context, [GRANT_ID]);
    return followUpGrants(context, [GRANT_ID]);
  }

  /** The newest evidence as text, with whatever is in it. */
  written(): string {
    return [...this.objects.values()].map((bytes) => Buffer.from(bytes).toString('utf8')).join('\n');
  }
}
