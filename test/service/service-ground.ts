import { v7 as uuidv7 } from 'uuid';
import { expect } from 'vitest';
import type { ApiCaller, RequestView, Service } from '../../lib/api/index.ts';
import { JanitorError } from '../../lib/domain/error.ts';
import { known } from '../../lib/domain/fact.ts';
import type { RequestContent } from '../../lib/domain/request-events.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import type { Notice, NoticeDelivery } from '../../lib/notify/index.ts';
import type { Policy } from '../../lib/policy/index.ts';
import { orderingContext } from '../../lib/wiring/ordering-context.ts';
import {
  type CarryOutOrder,
  carryOutWith,
  type ServiceDesk,
  serviceOf,
} from '../../lib/wiring/service/index.ts';
import { tellBy } from '../../lib/wiring/service/tell-by.ts';
import { MemoryProofStore } from '../identity/delegation/scene.ts';
import { Ground, type Key } from '../sweep/ground.ts';
import type { PolicyOverrides } from '../sweep/ground-policy.ts';
import { KEY_RULE } from '../sweep/ground-policy.ts';
import { JANITOR } from '../sweep/ordering-ground.ts';
import { JanitorProcess } from '../world/janitor-process.ts';
import { ACCOUNTS, MAIN, REGION } from '../world/places.ts';
import { PARTNER, SSO_ROLE, SSO_ROLE_ID } from './callers.ts';

export const API = 'janitor.eu-central-1/test';

const SELF = { kind: 'workload', arn: `arn:aws:iam::${MAIN}:role/janitor-api` } as const;

/** An outside party, an agent with a sponsor, and short exceptions that are pre-approved. */
const OVERRIDES: PolicyOverrides = {
  janitor: {
    requests: {
      routine: { exception: '7d', restore: '1d', 'rotate-now': '1h' },
      kinds: { restore: { tier: 'guarded' } },
    },
  },
  directory: {
    externalParties: [
      {
        id: 'acme',
        organisation: 'Acme',
        contact: 'acme@example.com',
        sponsor: 'erin',
        contractEnds: '2027-01-01',
        accounts: [PARTNER],
      },
    ],
    agents: [{ id: 'planner', principals: [`arn:aws:iam::${MAIN}:role/planner`], sponsor: 'erin' }],
  },
};

export async function refusalOf(call: Promise<unknown>): Promise<JanitorError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof JanitorError)) throw new Error(`it was not refused: ${String(error)}`);
  expect(error.hint).toEqual(expect.any(String));
  return error;
}

export async function codeOf(call: Promise<unknown>): Promise<string> {
  return (await refusalOf(call)).code;
}

/** The service over an embedded AWS with a ledger in memory; carrying out happens in process. */
export class ServiceGround {
  readonly ground: Ground;
  readonly desk: ServiceDesk;
  readonly service: Service;
  /** What a process of its own was asked to carry out, when `defer` is set. */
  readonly orders: CarryOutOrder[] = [];
  readonly reports: string[] = [];
  /** Notices about what was asked, in the order in which they were sent. */
  readonly sent: Notice[] = [];
  readonly mail: NoticeDelivery = {
    route: 'test',
    deliver: async (notice) => {
      this.sent.push(notice);
      return { outcome: 'accepted', receipt: notice.id };
    },
  };
  tickets: 'open' | 'closed' = 'open';
  defer = false;
  policy: Policy;
  unreadable: Error | undefined;
  #requests = 0;

  private constructor(ground: Ground) {
    this.ground = ground;
    this.policy = ground.policy.policy;
    this.desk = this.deskOf('service');
    this.service = serviceOf(this.desk);
  }

  static async open(overrides: PolicyOverrides = {}): Promise<ServiceGround> {
    const merged = {
      ...overrides,
      janitor: { ...OVERRIDES.janitor, ...overrides.janitor },
      directory: { ...OVERRIDES.directory, ...overrides.directory },
    };
    return new ServiceGround(await Ground.create(merged));
  }

  /** The service as a process of its own has it, behind a connection that faults may be put on. */
  deskOf(name: string): ServiceDesk {
    const { ground } = this;
    const janitor = new JanitorProcess(ground, name);
    const { clock, ledger, state, record, evidence } = janitor.recording(ground.policy, SELF);
    const desk: ServiceDesk = {
      clock,
      ledger,
      state,
      record,
      evidence,
      deployed: ground.policy.policy,
      policyInForce: async () => {
        if (this.unreadable !== undefined) throw this.unreadable;
        return this.policy;
      },
      self: SELF,
      lookups: {
        roleOf: async (_account, role) =>
          role === SSO_ROLE
            ? { roleId: SSO_ROLE_ID, path: '/aws-reserved/sso.amazonaws.com/eu-central-1/' }
            : undefined,
        standingOf: async (accountId) => (ACCOUNTS.some((id) => id === accountId) ? 'member' : 'outside'),
      },
      delegations: {
        api: API,
        partition: 'aws',
        regions: [REGION],
        sts: ground.aws.requestHandler(),
        proofs: new MemoryProofStore(),
      },
      ticketsOf: () => ({ stateOf: async () => known(this.tickets, clock.now(), 'test') }),
      inAccount: async ({ accountId, actor }, work) => {
        const account = ACCOUNTS.find((id) => id === accountId) ?? MAIN;
        const context = await janitor.context(account, ground.policy, actor);
        const open = async () => ({ ok: true as const, clients: context.clients });
        return work(context, { janitor: JANITOR, open });
      },
      planning: orderingContext,
      carryOut: async (order) => {
        this.orders.push(order);
        if (!this.defer) await carryOutWith(desk, order);
      },
      report: (what) => this.reports.push(what),
      tell: (telling, noticeId) => tellBy(desk, this.mail)(telling, noticeId),
    };
    return desk;
  }

  /** A key that the unused rule has found and told its owner dave about. */
  async warnedKey(user = 'deployer'): Promise<Key> {
    const key = this.ground.key({ user });
    await this.ground.sweep();
    return key;
  }

  async wait(days: number): Promise<void> {
    await this.ground.wait(days);
  }

  content(key: Key, over: Partial<RequestContent> = {}): RequestContent {
    return {
      ask: {
        kind: 'exception',
        scope: { credentialId: key.id, rules: [KEY_RULE] },
        while: { ticket: 'open' },
      },
      reasonKind: 'migration',
      businessOwner: 'erin',
      reason: 'The migration needs it once more',
      ticket: 'OPS-7',
      endsAt: plus(this.ground.now(), 30 * DAY_MS),
      ...over,
    };
  }

  newId(): string {
    this.#requests += 1;
    return `request-${String(this.#requests).padStart(4, '0')}-${uuidv7().slice(0, 8)}`;
  }

  async asked(caller: ApiCaller, request: RequestContent, requestId = this.newId()): Promise<RequestView> {
    return (await this.service.submitRequest(caller, { requestId, request })).request;
  }

  approve(caller: ApiCaller, { requestId, requestHash }: RequestView): Promise<RequestView> {
    return this.service.approveRequest(caller, requestId, requestHash);
  }
}
