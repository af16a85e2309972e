import { authenticate, recordUse, verifySignature } from './authentication.ts';
import { forbidden } from './authorization.ts';
import { recordManagementCall } from './cloudtrail/record.ts';
import { CLOUDTRAIL_SERVICE } from './cloudtrail/service.ts';
import type { EmbeddedDynamo } from './dynamo/embedded-dynamo.ts';
import { dynamoService } from './dynamo/service.ts';
import { IAM_SERVICE } from './iam/service.ts';
import { type IssuedCredential, principalOf } from './principal.ts';
import { ACCOUNT_SERVICE } from './regions/service.ts';
import { SECRETS_SERVICE } from './secrets/service.ts';
import type { Call, Invocation, Service } from './service.ts';
import { ServiceError } from './service-error.ts';
import { SSM_SERVICE } from './ssm/service.ts';
import { STS_SERVICE } from './sts/service.ts';
import { type SignatureClaim, signatureClaim, type WireRequest, type WireResponse } from './wire.ts';
import { type Applied, type Delivery, deliver } from './world/delivery.ts';
import type { Fault } from './world/faults.ts';
import type { World } from './world/world.ts';

export interface ServeOptions {
  /** The simulated process the request belongs to. */
  readonly process: string;
  /** Check the signature. */
  readonly verify: boolean;
  /** Serves DynamoDB; without it there is no such service. */
  readonly dynamo?: EmbeddedDynamo | undefined;
}

const SERVICES: ReadonlyMap<string, Service> = new Map(
  [IAM_SERVICE, STS_SERVICE, SECRETS_SERVICE, ACCOUNT_SERVICE, CLOUDTRAIL_SERVICE, SSM_SERVICE].map(
    (service) => [service.name, service],
  ),
);
/** Services that answer only where the account has the Region. */
const REGIONAL: ReadonlySet<string> = new Set(['secretsmanager', 'cloudtrail', 'ssm']);

/** A request on its way through one service. */
interface Exchange {
  readonly world: World;
  readonly service: Service;
  readonly invocation: Invocation;
  readonly request: WireRequest;
  readonly claim: SignatureClaim | undefined;
  readonly requestId: string;
  readonly verify: boolean;
}

/** Serves one request of a simulated process. */
export async function serve(
  world: World,
  request: WireRequest,
  { process, verify, dynamo }: ServeOptions,
): Promise<Delivery<WireResponse>> {
  const claim = signatureClaim(request);
  const service = serviceNamed(claim?.service ?? unsignedService(request), dynamo);
  if (service === undefined) return { kind: 'answer', response: noSuchService(claim?.service) };
  const requestId = world.ids.requestId();
  const invocation = service.accept(request);
  const exchange = { world, service, invocation, request, claim, requestId, verify };
  const credential = claim && world.credentials.get(claim.accessKeyId);
  const principal = credential && principalOf(credential);
  return deliver(world, {
    process,
    service: service.name,
    operation: invocation.operation,
    accountId: principal?.accountId ?? '',
    region: claim?.region ?? '',
    request,
    principalArn: principal?.arn ?? '',
    accessKeyId: claim?.accessKeyId ?? '',
    requestId,
    apply: () => apply(exchange),
    refuse: (fault) => refused(service, faultError(service, fault), requestId),
  });
}

function serviceNamed(name: string, dynamo: EmbeddedDynamo | undefined): Service | undefined {
  if (name === 'dynamodb' && dynamo !== undefined) return dynamoService(dynamo);
  return SERVICES.get(name);
}

/** A caller who is who he says. */
interface Known {
  readonly call: Call;
  readonly credential: IssuedCredential;
  readonly accessKeyId: string;
}

async function apply(exchange: Exchange): Promise<Applied<WireResponse>> {
  const { service, requestId } = exchange;
  try {
    return await answered(exchange, await authenticated(exchange));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return refused(service, error, requestId);
  }
}

/** Serves a call of somebody known, and records it, whatever comes of it. */
async function answered(exchange: Exchange, known: Known): Promise<Applied<WireResponse>> {
  const { service, invocation, requestId } = exchange;
  const { call } = known;
  try {
    admit(exchange, call);
    const response = await invocation.run(call);
    recordManagementCall({ ...known, response });
    return { response, outcome: response.statusCode < 300 ? 'ok' : `HTTP ${response.statusCode}` };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const applied = refused(service, error, requestId);
    recordManagementCall({ ...known, response: applied.response, error });
    return applied;
  }
}

/** Who calls, and what; notes the use of the key. Throws ServiceError. */
async function authenticated(exchange: Exchange): Promise<Known> {
  const { world, service, invocation, request, claim, requestId, verify } = exchange;
  const { refusals } = service;
  if (claim === undefined) throw refusals.missingToken;
  if (verify && !(await verifySignature(world, request, claim))) throw badSignature(exchange, claim);
  const now = world.clock.millis();
  const { operation } = invocation;
  const { region, accessKeyId } = claim;
  const { principal, credential } = authenticate(world, refusals, request, claim, now);
  const account = world.account(principal.accountId);
  if (REGIONAL.has(service.name) && !account.isEnabled(region)) throw refusals.unknownToken;
  recordUse(world, credential, service.name, region, now);
  if (!invocation.known) throw refusals.unknownOperation(operation);
  const call = {
    world,
    account,
    principal,
    service: service.name,
    operation,
    region,
    requestId,
    now,
    request,
  };
  return { call, credential, accessKeyId };
}

/** Throttles and authorises, in the order AWS does. Throws ServiceError. */
function admit({ service, invocation }: Exchange, call: Call): void {
  const { account, principal, operation } = call;
  const { refusals } = service;
  throttle(call, service);
  if (account.isDenied(principal, `${service.name}:${operation}`)) {
    throw refusals.accessDenied(
      `User: ${principal.arn} is not authorized to perform: ${service.name}:${operation} on resource: ${invocation.resource} with an explicit deny in an identity-based policy`,
    );
  }
  const why = forbidden(call, `${service.name}:${operation}`, invocation.resource);
  if (why !== undefined) {
    throw refusals.accessDenied(
      `User: ${principal.arn} is not authorized to perform: ${service.name}:${operation} on resource: ${invocation.resource} ${why}`,
    );
  }
}

function badSignature({ world, service }: Exchange, claim: SignatureClaim): ServiceError {
  const isKnown = world.credentials.has(claim.accessKeyId);
  return isKnown ? service.refusals.badSignature : service.refusals.unknownToken;
}

function throttle({ world, account, region, operation, now }: Call, service: Service): void {
  if (world.options.throttling !== true) return;
  const { bucket, rate } = service.rate(operation);
  const name = `${account.id}/${region}/${service.name}/${bucket}`;
  if (!world.throttle.admit(name, rate, now)) throw service.refusals.throttled;
}

function faultError(service: Service, fault: Fault): ServiceError {
  if (fault.effect === 'throttle') return service.refusals.throttled;
  const message = fault.message ?? 'An injected fault';
  return new ServiceError(fault.code ?? 'InternalFailure', fault.status ?? 500, message);
}

function refused(service: Service, error: ServiceError, requestId: string): Applied<WireResponse> {
  return { response: service.refuse(error, requestId), outcome: error.code };
}

/** Which service an unsigned request meant, so that its refusal has the right shape. */
function unsignedService(request: WireRequest): string {
  const target = request.headers['x-amz-target'] ?? '';
  if (target.startsWith('secretsmanager.')) return 'secretsmanager';
  if (target.startsWith('DynamoDB_')) return 'dynamodb';
  if (request.path === '/listRegions') return 'account';
  return (request.headers.host ?? '').split('.')[0] === 'sts' ? 'sts' : 'iam';
}

function noSuchService(name: string | undefined): WireResponse {
  const message = `The embedded AWS has no service "${name ?? ''}". It knows iam, sts, secretsmanager, account, cloudtrail, ssm and dynamodb.`;
  return {
    statusCode: 501,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ __type: 'NotImplemented', code: 'NotImplemented', message }),
  };
}
