import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { HttpHandler, HttpRequest, HttpResponse } from '@smithy/core/protocols';
import type { HttpHandlerOptions } from '@smithy/types';
import type { ActingClients } from '../../lib/actions/index.ts';

/** Clients whose every request gets what the function gives or throws: for answers that the embedded AWS does not give. */
export function cannedClients(
  answer: (request: HttpRequest, options: HttpHandlerOptions) => HttpResponse | Promise<HttpResponse>,
): ActingClients {
  const requestHandler: HttpHandler = {
    handle: async (request, options = {}) => ({ response: await answer(request, options) }),
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
  const credentials = { accessKeyId: 'AKIAEXAMPLEACTING000', secretAccessKey: 'none' };
  const config = { credentials, requestHandler, maxAttempts: 1 };
  return {
    iam: new IAMClient({ ...config, region: 'us-east-1' }),
    secretsManager: (region) => new SecretsManagerClient({ ...config, region }),
  };
}
