import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import type { HttpHandler, HttpRequest } from '@smithy/core/protocols';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import type { HttpHandlerOptions, RequestSigner } from '@smithy/types';
import { type BreakGlassContext, DeniedGrants } from '../../../lib/break-glass/index.ts';
import { known, unknown } from '../../../lib/domain/fact.ts';
import { fromMillis } from '../../../lib/domain/time.ts';
import { breakGlassRules } from '../../../lib/policy/index.ts';
import { REGION } from '../places.ts';
import type { World } from '../world.ts';
import { IndexedLedger } from './indexed-ledger.ts';
import { brokerSession, furnishNights, signerIn } from './roles.ts';
import type { Signer } from './signer.ts';
import { claimOf, textOf } from './wire.ts';

/** The broker's own actor. */
const SELF = { kind: 'workload', arn: 'arn:aws:iam::222233334444:role/janitor-grant-access' } as const;
/** Attempts of one call, as the SDK makes them, without sleeping in between. */
const ATTEMPTS = 3;
/** A session of the broker's role lasts twelve hours; a new one is taken before. */
const SIGNER_MS = 11 * 3_600_000;

const signers = new WeakMap<World, { readonly signer: Signer; readonly until: number }>();

async function brokerOf(world: World): Promise<Signer> {
  const standing = signers.get(world);
  if (standing !== undefined && world.aws.clock.millis() < standing.until) return standing.signer;
  if (standing === undefined) await furnishNights(world);
  const signer = await brokerSession(world);
  signers.set(world, { signer, until: world.aws.clock.millis() + SIGNER_MS });
  return signer;
}

/** What a process of the broker works with: its calls fail, come late and get lost, and it dies, as those of the others. */
export async function brokerContext(world: World, role: string): Promise<BreakGlassContext> {
  const signer = await brokerOf(world);
  const process = world.process(role);
  const { nights, network } = world;
  const { state } = process.recording(world.atHand, SELF);
  const clock = { now: () => fromMillis(world.aws.clock.millis() + nights.skewMs) };
  const outside = <T>(service: string, operation: string, apply: () => T, failed: () => T) =>
    network.call(process.name, service, operation, apply, failed);
  return {
    clock,
    ledger: new IndexedLedger(process.dynamo, world),
    follow: state.requests.follow,
    rules: breakGlassRules(world.atHand.policy, clock.now()),
    broker: SELF,
    partition: 'aws',
    pause: (millis) => network.advance(millis),
    sts: sts(world, process.name, signer),
    onCall: () => {
      const silence = () => unknown('the on-call system did not answer');
      const answer = () =>
        nights.onCall === undefined ? silence() : known(nights.onCall, clock.now(), 'the on-call system');
      return outside('on-call', 'Get', answer, silence);
    },
    endSchedule: {
      place: ({ grantId, endsAt }) =>
        outside('scheduler', 'PutSchedule', () => void nights.schedules.set(grantId, endsAt), lost),
    },
    announcement: { announce: () => outside('delivery', 'Deliver', () => undefined, lost) },
    deniedGrants: async (accountId) =>
      new DeniedGrants(iam(world, process.name, accountId), { partition: 'aws', accountId }),
  };
}

function lost(): never {
  throw new Error('nobody answered');
}

function sts(world: World, process: string, signer: Signer): STSClient {
  const handler = handlerOf(world, process, async (request, body) => {
    if (!body.includes('<AssumeRoleResult>')) return;
    const asked = new URLSearchParams(textOf(request.body));
    const issued = signerIn(body);
    const session = {
      ...world.stamp(),
      grantId: asked.get('RoleSessionName') ?? '',
      accountId: asked.get('RoleArn')?.split(':')[4] ?? '',
      process,
      accessKeyId: issued.accessKeyId,
      expiresAt: new Date(/<Expiration>([^<]+)</.exec(body)?.[1] ?? '').toISOString(),
    };
    world.nights.sessions.push(session);
    world.nights.signers.set(session.accessKeyId, issued);
  });
  return new STSClient(configOf(handler, signer, 'sts', 1));
}

function iam(world: World, process: string, accountId: string): IAMClient {
  const handler = handlerOf(world, process, async (_request, body) => {
    if (body.includes('<GetPolicyResult>')) world.nights.reads.push({ ...world.stamp(), process, accountId });
  });
  return new IAMClient(configOf(handler, world.aws.account(accountId).credentials(), 'iam', ATTEMPTS));
}

function configOf(requestHandler: HttpHandler, signer: Signer, service: 'iam' | 'sts', attempts: number) {
  const { accessKeyId, sessionToken } = signer;
  const headers = claimOf(signer, service);
  const unsigned: RequestSigner = {
    async sign(request) {
      Object.assign(request.headers, headers);
      return request;
    },
  };
  return {
    region: REGION,
    credentials: {
      accessKeyId,
      secretAccessKey: 'unused',
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    signer: async () => unsigned,
    retryStrategy: new ConfiguredRetryStrategy(attempts, 0),
    requestHandler,
  };
}

/** The network's handler for a process, which looks at what is answered. */
function handlerOf(
  world: World,
  process: string,
  look: (request: HttpRequest, body: string) => Promise<void>,
): HttpHandler {
  const { aws } = world;
  const inner = world.network.handler(
    process,
    aws.requestHandler({ process }),
    aws.requestHandler({ process: 'wire' }),
  );
  return {
    destroy() {},
    metadata: { handlerProtocol: 'world' },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    async handle(request: HttpRequest, options: HttpHandlerOptions = {}) {
      const received = await inner.handle(request, options);
      await look(request, textOf(received.response.body));
      return received;
    },
  };
}
