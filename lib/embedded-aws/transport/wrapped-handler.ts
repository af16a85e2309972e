import type { HttpHandler, HttpRequest, HttpResponse } from '@smithy/core/protocols';
import type { HttpHandlerOptions } from '@smithy/types';
import { DYNAMO_THROTTLED } from '../dynamo/throttled.ts';
import { JSON_REFUSALS, jsonRefusal } from '../json-protocol.ts';
import { principalOf } from '../principal.ts';
import { ServiceError } from '../service-error.ts';
import { signatureClaim } from '../wire.ts';
import { type Arrival, deliver } from '../world/delivery.ts';
import type { WrapOptions } from '../world/faults.ts';
import type { World } from '../world/world.ts';
import { handlerOf, httpResponse, noAnswer, wireRequest } from './in-process.ts';

/** Another JSON service's handler under this world's faults, latency, processes and call log. */
export function wrappedHandler(world: World, handler: HttpHandler, options: WrapOptions): HttpHandler {
  return handlerOf(
    async (request, handlerOptions) => {
      const delivery = await deliver(world, arrivalOf(world, request, handler, handlerOptions, options));
      if (delivery.kind !== 'answer') throw noAnswer(delivery.kind, options.process);
      return delivery.response;
    },
    () => handler.destroy?.(),
  );
}

function arrivalOf(
  world: World,
  httpRequest: HttpRequest,
  handler: HttpHandler,
  handlerOptions: HttpHandlerOptions,
  { process, service }: WrapOptions,
): Arrival<HttpResponse> {
  const request = wireRequest(httpRequest);
  const claim = signatureClaim(request);
  const credential = claim && world.credentials.get(claim.accessKeyId);
  const principal = credential && principalOf(credential);
  const requestId = world.ids.requestId();
  const operation = (request.headers['x-amz-target'] ?? '').split('.').at(-1) ?? '';
  return {
    process,
    service,
    operation,
    accountId: principal?.accountId ?? '',
    region: claim?.region ?? '',
    request,
    principalArn: principal?.arn ?? '',
    accessKeyId: claim?.accessKeyId ?? '',
    requestId,
    async apply() {
      const { response } = await handler.handle(httpRequest, handlerOptions);
      return { response, outcome: response.statusCode < 300 ? 'ok' : `HTTP ${response.statusCode}` };
    },
    refuse(fault) {
      const injected = new ServiceError(
        fault.code ?? 'InternalServerError',
        fault.status ?? 500,
        fault.message ?? 'An injected fault',
      );
      const error = fault.effect === 'throttle' ? throttled(service) : injected;
      return { response: httpResponse(jsonRefusal(error, requestId)), outcome: error.code };
    },
  };
}

function throttled(service: string): ServiceError {
  return service === 'dynamodb' ? DYNAMO_THROTTLED : JSON_REFUSALS.throttled;
}
