import type { HttpHandler } from '@smithy/core/protocols';
import type { ApiCaller, Service } from '../../api/index.ts';
import { JanitorError } from '../../domain/error.ts';
import { type CallerIdentity, principalArnOf, readRole } from '../../identity/index.ts';
import type { NoticeDelivery } from '../../notify/index.ts';
import { compilePolicy, type Policy } from '../../policy/index.ts';
import { fixedToken } from '../../requests/index.ts';
import type { SweepContext } from '../../sweep/index.ts';
import { policyInForce } from '../deployed/policy-in-force.ts';
import type { RecordingFlags } from '../flags.ts';
import { openSweep } from '../open-recording.ts';
import { orderingContext } from '../ordering-context.ts';
import { type OpenRotator, rotateKeyWith } from '../rotate-key.ts';
import type { Surroundings } from '../surroundings.ts';
import { ticketSystemOf } from '../tickets.ts';
import { carryOutWith } from './carry-out.ts';
import type { AccountSession, ServiceDesk } from './desk.ts';
import { reconcile } from './reconcile.ts';
import { serviceOf } from './service.ts';
import { tellBy } from './tell-by.ts';

/** What the environment of a local API adds; the command line, where nobody but its user calls, needs none. */
interface LocalApi {
  /** The id this API gives itself: what proofs of a delegation name. */
  readonly api: string;
  /** Where proofs of a delegation are asked about. */
  readonly sts: HttpHandler;
}

/** What else is composed of an opened record, such as a broker. */
export interface LocalParts {
  readonly desk: ServiceDesk;
  readonly delivery: NoticeDelivery;
  /** Waits in real time; not at all where embedded time was set. */
  readonly pause: (millis: number) => Promise<void>;
}

/** The service over the record of a state folder, with the account that AWS authenticates its user for. */
export interface LocalService {
  readonly service: Service;
  /** Whoever runs this process, as AWS says. */
  readonly caller: ApiCaller;
  /** What the schedule does where the janitor is deployed. */
  readonly reconcile: () => Promise<void>;
  readonly parts: LocalParts;
  close(): Promise<void>;
}

/**
 * Throws what opening the account and the state folder throws. Acting is refused unless every endpoint is local; with
 * `enforce` before AWS is called.
 */
export async function localService(
  flags: RecordingFlags & { readonly enforce?: boolean },
  surroundings: Surroundings,
  api?: LocalApi,
): Promise<LocalService> {
  const { context, caller, proofs, close } = await openSweep({ enforce: false, ...flags }, surroundings);
  const desk = deskOf({ context, caller, proofs, api, note: surroundings.note });
  const { accountId, arn, userId } = caller;
  return {
    service: serviceOf(desk),
    caller: { accountId, arn, userId },
    reconcile: () => reconcile(desk),
    parts: { desk, delivery: context.delivery, pause: context.pause },
    close,
  };
}

/** Hops are proven to an API, which `janitor serve` is; whoever verifies one here learns that STS was not asked. */
const NO_STS: HttpHandler = {
  handle: async () => {
    throw new JanitorError('delegations are verified by an API', { code: 'no-sts', source: 'system' });
  },
  updateHttpClientConfig: () => {},
  httpHandlerConfigs: () => ({}),
};

interface Local {
  readonly context: SweepContext;
  readonly caller: CallerIdentity;
  readonly proofs: ServiceDesk['delegations']['proofs'];
  readonly api: LocalApi | undefined;
  readonly note: Surroundings['note'];
}

function deskOf({ context, caller, proofs, api, note }: Local): ServiceDesk {
  const { clock, ledger, state, record, evidence, actor, policy, clients } = context;
  const desk: ServiceDesk = {
    clock,
    ledger,
    state,
    record,
    evidence,
    deployed: policy,
    policyInForce: () => policyInForce({ ledger, evidence, policy }),
    self: actor,
    lookups: {
      roleOf: async (accountId, roleName) =>
        accountId === caller.accountId ? readRole(clients, roleName) : undefined,
      standingOf: async (accountId) => (isOurs(policy, caller, accountId) ? 'member' : 'outside'),
    },
    delegations: {
      api: api?.api ?? 'local',
      partition: context.partition,
      regions: [clients.region],
      sts: api?.sts ?? NO_STS,
      proofs,
    },
    ticketsOf: (version) => ticketSystemOf(version, clock, fixedToken(process.env.JANITOR_TICKET_TOKEN)),
    inAccount: async (session, work) => {
      refuseElsewhere(caller, session);
      const janitor = await principalArnOf(clients, caller);
      const open: OpenRotator = async () => ({ ok: true, clients });
      return work(contextFor(context, session, open), { janitor, open });
    },
    planning: orderingContext,
    carryOut: (order) => carryOutWith(desk, order),
    tell: (telling, noticeId) => tellBy(desk, context.delivery)(telling, noticeId),
    report: (what, error) => {
      void note(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    },
  };
  return desk;
}

/** Our own account, and those that the directory lists. */
function isOurs(policy: Policy, caller: CallerIdentity, accountId: string): boolean {
  return accountId === caller.accountId || policy.directory.accounts.some(({ id }) => id === accountId);
}

/** The same account in another's name, and under the version of the policy in force. */
function contextFor(
  context: SweepContext,
  { policy, actor }: AccountSession,
  open: OpenRotator,
): SweepContext {
  const judge = policy === context.policy ? context.judge : compilePolicy(policy);
  const rotateKey =
    context.rotateKey === undefined ? undefined : rotateKeyWith({ ...context, policy, actor }, open);
  return { ...context, policy, judge, actor, rotateKey };
}

function refuseElsewhere(caller: CallerIdentity, { accountId }: AccountSession): void {
  if (accountId === caller.accountId) return;
  throw new JanitorError(`account ${accountId} cannot be entered from here: this is ${caller.accountId}`, {
    code: 'member-unreachable',
    source: 'access',
    hint: 'Choose credentials of that account with --profile, or ask the deployed janitor with --stack.',
  });
}
