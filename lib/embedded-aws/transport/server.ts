import { type EmbeddedDynamo, embeddedDynamo } from '../dynamo/embedded-dynamo.ts';
import type { EmbeddedAws } from '../embedded-aws.ts';
import { ADMIN_PATH, administer, failure } from './admin.ts';
import { type Listener, listen, type PeerRequest } from './listener.ts';

export interface EmbeddedServerOptions {
  /** 0 for any free one. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default: one in memory that ends with the server. */
  readonly dynamo?: EmbeddedDynamo;
}

/**
 * Serves an embedded AWS on one port: set AWS_ENDPOINT_URL to its URL. Services are told apart by the
 * signature's scope, and every signature is verified. The whole server is one simulated process, `http`:
 * calls that time out, lose their answer or crash are closed without one. Throws `port-unusable`.
 */
export async function startEmbeddedServer(
  aws: EmbeddedAws,
  options: EmbeddedServerOptions,
): Promise<Listener> {
  const own = options.dynamo === undefined ? await embeddedDynamo() : undefined;
  const dynamo = options.dynamo ?? own;
  const listener = await listen(options.port, options.host ?? '127.0.0.1', async (request) => {
    if (request.path.startsWith(ADMIN_PATH)) return administerLocally(aws, request);
    const delivery = await aws.serve(request, { process: 'http', verify: true, dynamo });
    return delivery.kind === 'answer' ? delivery.response : undefined;
  });
  return {
    url: listener.url,
    async close() {
      await listener.close();
      await own?.close();
    },
  };
}

function administerLocally(aws: EmbeddedAws, request: PeerRequest) {
  if (request.isLoopback) return administer(aws, request);
  return failure(
    403,
    'loopback-only',
    'The administration answers on loopback only',
    'Call it from the same machine.',
  );
}
