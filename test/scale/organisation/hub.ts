import { createAwsClients } from '../../../lib/aws/index.ts';
import { fromMillis } from '../../../lib/domain/time.ts';
import { EmbeddedAws } from '../../../lib/embedded-aws/index.ts';
import {
  CredentialRecord,
  createLedgerTables,
  DynamoDecisionLedger,
  StateProjection,
} from '../../../lib/ledger/index.ts';
import type { RecordingContext, SweepContext } from '../../../lib/sweep/index.ts';
import { directClient } from '../../world/dynamo/direct-client.ts';
import { TABLES } from '../../world/janitor-process.ts';
import { Outbox } from '../../world/outbox.ts';
import { actorOf } from '../../world/people.ts';
import type { WorldPolicy } from '../../world/policies.ts';
import { unsigned } from '../../world/unsigned.ts';
import { BucketMeter } from './bucket-meter.ts';
import { type Company, populate } from './company.ts';
import { DynamoMeter } from './dynamo-meter.ts';
import { VirtualTime } from './virtual-time.ts';

const REGION = 'eu-central-1';

/** How long a call takes, in milliseconds: what bench assumes of an account, DynamoDB and S3 within a Region. */
export const LATENCY_MS = { aws: 30, dynamodb: 5, s3: 25, mail: 30 } as const;

/** A hub with all its members, in which functions run at the same time. */
export class SimulatedHub {
  readonly time: VirtualTime;
  readonly aws: EmbeddedAws;
  readonly dynamo = new DynamoMeter(() => this.time.millis());
  readonly evidence = new BucketMeter(() => this.time.sleep(LATENCY_MS.s3));
  readonly work = new BucketMeter(() => this.time.sleep(LATENCY_MS.s3));
  readonly outbox = new Outbox(() => ({ tick: 0, at: fromMillis(this.time.millis()) }));
  readonly company: Company;
  readonly policy: WorldPolicy;
  #ids = 0;

  private constructor(company: Company, policy: WorldPolicy) {
    this.time = new VirtualTime(company.begins);
    this.company = company;
    this.policy = policy;
    this.aws = new EmbeddedAws({ now: () => new Date(this.time.millis()), throttling: true });
    populate(this.aws, company);
  }

  static async create(company: Company, policy: WorldPolicy): Promise<SimulatedHub> {
    const hub = new SimulatedHub(company, policy);
    await createLedgerTables(
      directClient(async (operation, input) => hub.dynamo.run(operation, input)),
      TABLES,
    );
    hub.dynamo.take();
    return hub;
  }

  /** Sorts by time, as UUIDv7 does. */
  newId = (): string => {
    this.#ids += 1;
    return `id-${String(this.#ids).padStart(9, '0')}`;
  };

  /** What every function has; each has its own record. */
  recording(): RecordingContext {
    const client = directClient(async (operation, input) => {
      await this.time.sleep(LATENCY_MS.dynamodb);
      return this.dynamo.run(operation, input);
    });
    const ledger = new DynamoDecisionLedger({ client, tableName: TABLES.ledger });
    const state = new StateProjection({ client, tableName: TABLES.state });
    return {
      clock: { now: () => fromMillis(this.time.millis()) },
      policy: this.policy.policy,
      ledger,
      state,
      record: new CredentialRecord({ ledger, state }),
      evidence: this.evidence,
      actor: actorOf('robot'),
    };
  }

  /** Enters an account: a role is assumed, and every call takes its time. */
  async enter(accountId: string): Promise<SweepContext> {
    await this.time.sleep(LATENCY_MS.aws);
    const inner = this.aws.requestHandler({ process: accountId });
    const handler: typeof inner = {
      ...inner,
      handle: async (request, options) => {
        await this.time.sleep(LATENCY_MS.aws);
        return inner.handle(request, options);
      },
    };
    const credentials = this.aws.account(accountId).credentials();
    const made = await createAwsClients({ region: REGION, credentials, requestHandler: () => handler });
    const clients = unsigned(made, credentials.accessKeyId);
    return {
      ...this.recording(),
      judge: this.policy.judge,
      accountId,
      partition: 'aws',
      clients,
      pause: (millis) => this.time.sleep(millis),
      acting: async () => {
        await this.time.sleep(LATENCY_MS.aws);
        return { ok: true as const, clients: clients.acting };
      },
      delivery: {
        route: 'simulated',
        deliver: async (notice) => {
          await this.time.sleep(LATENCY_MS.mail);
          return this.outbox.take(notice, accountId);
        },
      },
      holder: this.newId(),
      newId: this.newId,
    };
  }
}
