import type { Actor } from '../../lib/domain/actor.ts';
import {
  foldRequest,
  type Request,
  type Requester,
  type RequestState,
  requestState,
} from '../../lib/domain/request.ts';
import type { RequestContent } from '../../lib/domain/request-events.ts';
import { DAY_MS, HOUR_MS, type Instant, plus } from '../../lib/domain/time.ts';
import { createLedgerTables, DynamoDecisionLedger } from '../../lib/ledger/index.ts';
import { type RequestRules, type RequestsContext, submitRequest } from '../../lib/requests/index.ts';
import { ASKED_POLICY, agent, asker, content, REQUEST_ID } from '../builders/asked.ts';
import { NOW } from '../builders/credential.ts';
import { directClient } from '../world/dynamo/direct-client.ts';
import { type Answer, MemoryDynamo } from '../world/dynamo/memory-dynamo.ts';

const SECURITY = { group: 'security', members: ['ana', 'bo', 'cy', 'dora', 'fay'] } as const;
const KIND = { tier: 'critical', longestMs: 90 * DAY_MS } as const;

/** Critical and two persons for everything, but restoring and rotating within a day. */
export function rules(overrides: Partial<RequestRules> = {}): RequestRules {
  return {
    policyHash: ASKED_POLICY,
    people: ['ana', 'bo', 'cy', 'dora', 'eve', 'fay', 'olga', 'iam-owner'],
    kinds: {
      exception: KIND,
      extension: KIND,
      restore: { ...KIND, tier: 'guarded' },
      'rotate-now': { ...KIND, tier: 'guarded' },
      'approve-plan': KIND,
      'policy-override': KIND,
    },
    eligible: [],
    tickets: { checked: false },
    routineMs: { exception: 7 * DAY_MS, extension: 14 * DAY_MS, restore: DAY_MS },
    approvals: { guarded: { ...SECURITY, quorum: 1 }, critical: { ...SECURITY, quorum: 2 } },
    pendingMs: 7 * DAY_MS,
    finishMs: HOUR_MS,
    exemptAtMostMs: 120 * DAY_MS,
    challenges: { ...SECURITY, decideWithinMs: 7 * DAY_MS },
    ...overrides,
  };
}

/** What becomes of one operation on its way: run it, or lose the answer, or lose the question. */
export type Wire = (operation: string, run: () => Answer) => Promise<Answer>;

export class Ground {
  readonly dynamo: MemoryDynamo;
  now: Instant = NOW;
  readonly context: RequestsContext;

  private constructor(dynamo: MemoryDynamo) {
    this.dynamo = dynamo;
    this.context = this.process(async (_operation, run) => run());
  }

  /** What a process of its own works with, behind a connection of its own. */
  process(wire: Wire): RequestsContext {
    const client = directClient((operation, input) =>
      wire(operation, () => this.dynamo.run(operation, input)),
    );
    return {
      clock: { now: () => this.now },
      ledger: new DynamoDecisionLedger({ client, tableName: 'ledger' }),
      rules: rules(),
    };
  }

  static async open(): Promise<Ground> {
    const dynamo = new MemoryDynamo();
    const steady = directClient(async (operation, input) => dynamo.run(operation, input));
    await createLedgerTables(steady, { ledger: 'ledger', state: 'state' });
    return new Ground(dynamo);
  }

  pass(millis: number): void {
    this.now = plus(this.now, millis);
  }

  under(overrides: Partial<RequestRules>): RequestsContext {
    return { ...this.context, rules: rules(overrides) };
  }

  submit(
    overrides: {
      readonly context?: RequestsContext;
      readonly requestId?: string;
      readonly content?: Partial<RequestContent>;
      readonly requester?: Requester;
      readonly beneficiaries?: readonly string[];
      readonly exemptSince?: Instant;
    } = {},
  ) {
    const { exemptSince, beneficiaries = ['dora'] } = overrides;
    return submitRequest(overrides.context ?? this.context, {
      requestId: overrides.requestId ?? REQUEST_ID,
      requester: overrides.requester ?? by(asker('ana')),
      content: content(overrides.content),
      facts: { beneficiaries, ...(exemptSince === undefined ? {} : { exemptSince }) },
    });
  }

  /** A request that was recorded, for tests of what comes after. */
  async submitted(overrides: Parameters<Ground['submit']>[0] = {}): Promise<Request> {
    const submitted = await this.submit(overrides);
    if (submitted.outcome === 'conflict') throw new Error('another request has this id');
    return submitted.request;
  }

  async state(requestId = REQUEST_ID): Promise<RequestState | undefined> {
    const request = foldRequest(await this.context.ledger.chain(`request#${requestId}`));
    return request === undefined ? undefined : requestState(request, this.now);
  }

  async types(subject: string): Promise<string[]> {
    return (await this.context.ledger.chain(subject)).map(({ type }) => type);
  }
}

export function by(actor: Actor, more: Partial<Requester> = {}): Requester {
  return { actor, onBehalfOf: [], autonomous: false, ...more };
}

export const SERVICE = agent('janitor-api');
