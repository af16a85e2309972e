import type { Context } from 'aws-lambda';
import type { ApiHandler, Service } from '../../../lib/api/index.ts';
import { isSignedWith } from '../../../lib/embedded-aws/transport/signature.ts';
import { signatureClaim, type WireRequest } from '../../../lib/embedded-aws/wire.ts';
import { gatewayEvent, handlerFor } from '../../api/gateway.ts';
import type { Answered, Api } from './loopback.ts';

export interface Signer {
  readonly arn: string;
  readonly userId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface FakeGateway {
  /** Of the stage, before each path. */
  readonly stage: string;
  /** Who may ask, by access key id. */
  readonly signers: Map<string, Signer>;
  /** What was asked for and let in. */
  readonly asked: { readonly what: string; readonly body: unknown; readonly by: string }[];
  /** Answers in the API's place, once, after it was carried out. */
  instead: Answered | 'dropped' | undefined;
  /** In which method's place; any when undefined. */
  insteadOf: 'GET' | 'POST' | undefined;
}

export function fakeGateway(): FakeGateway {
  return { stage: '/live', signers: new Map(), asked: [], instead: undefined, insteadOf: undefined };
}

/**
 * What API Gateway is to the deployed handler, which is the real one. It lets nobody in whose signature is not the one
 * that the same request gets with the caller's secret, for execute-api in this Region.
 */
export function apiGateway(gateway: FakeGateway, service: () => Promise<Service>, region: string): Api {
  return inFrontOf(gateway, handlerFor(service), region);
}

/** The same in front of any handler. */
export function inFrontOf(gateway: FakeGateway, handler: ApiHandler, region: string): Api {
  return async (request) => {
    const signer = await signerOf(gateway, request, region);
    if (signer === undefined) return { status: 403, body: '{"message":"Forbidden"}' };
    const { arn, userId } = signer;
    const path = request.path.slice(gateway.stage.length);
    gateway.asked.push({
      what: `${request.method} ${path}`,
      body: request.body === '' ? undefined : JSON.parse(request.body),
      by: arn,
    });
    const event = gatewayEvent({
      method: request.method,
      path,
      headers: request.headers,
      query: Object.fromEntries(
        Object.entries(request.query).map(([name, value]) => [name, [String(value)]]),
      ),
      body: request.body === '' ? null : request.body,
      identity: { accountId: arn.split(':')[4], caller: userId, user: userId, userArn: arn },
    });
    const { statusCode, headers, body } = await handler(event, {} as Context);
    const { instead, insteadOf = request.method } = gateway;
    if (insteadOf === request.method) gateway.instead = undefined;
    return (
      (insteadOf === request.method ? instead : undefined) ?? {
        status: statusCode,
        contentType: String(headers?.['content-type']),
        body,
      }
    );
  };
}

async function signerOf(
  { signers, stage }: FakeGateway,
  request: WireRequest,
  region: string,
): Promise<Signer | undefined> {
  const claim = signatureClaim(request);
  const signer = signers.get(claim?.accessKeyId ?? '');
  if (claim === undefined || signer === undefined || !request.path.startsWith(`${stage}/`)) return undefined;
  if (claim.service !== 'execute-api' || claim.region !== region || claim.presigned) return undefined;
  if (request.headers['x-amz-security-token'] !== signer.sessionToken) return undefined;
  return (await isSignedWith(request, claim, signer.secretAccessKey)) ? signer : undefined;
}
