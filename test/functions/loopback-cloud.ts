import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { EmbeddedAws, EmbeddedDynamo } from '../../lib/embedded-aws/index.ts';
import { sessionToken, signatureClaim, type WireRequest } from '../../lib/embedded-aws/wire.ts';
import { type FakeAnswer, type FakeRequest, type FakeService, jsonError } from './fakes/exchange.ts';
import { type Signer, Signers } from './signers.ts';

/** One call that arrived, as it was sent, with what came of it. */
export interface SentCall {
  readonly signer: Signer;
  /** Of the signature's scope: `s3`, `dynamodb`, `ses` and so on. */
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly request: FakeRequest;
  /** undefined: no answer arrived. */
  readonly status: number | undefined;
}

export interface CloudParts {
  readonly aws: EmbeddedAws;
  readonly dynamo: EmbeddedDynamo;
  /** By the name in a signature's scope. */
  readonly services: Readonly<Record<string, FakeService>>;
}

const EMBEDDED = ['iam', 'sts', 'account', 'secretsmanager', 'dynamodb', 'cloudtrail', 'ssm'];

/** All AWS services of the functions on one loopback port (AWS_ENDPOINT_URL), with a record of every call. */
export class LoopbackCloud {
  readonly calls: SentCall[] = [];
  readonly url: string;
  readonly #parts: CloudParts;
  readonly #signers = new Signers();
  readonly #close: () => Promise<void>;

  private constructor(parts: CloudParts, url: string, close: () => Promise<void>) {
    this.#parts = parts;
    this.url = url;
    this.#close = close;
  }

  static async start(parts: CloudParts): Promise<LoopbackCloud> {
    let cloud: LoopbackCloud | undefined;
    const server = createServer((incoming, outgoing) => void cloud?.respond(incoming, outgoing));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    cloud = new LoopbackCloud(parts, `http://127.0.0.1:${port}`, async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return cloud;
  }

  close(): Promise<void> {
    return this.#close();
  }

  async respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const answer = await this.#serve(await read(incoming)).catch((error: unknown) =>
      jsonError(500, 'InternalFailure', String(error)),
    );
    if (answer === undefined) {
      incoming.socket.destroy();
      return;
    }
    outgoing.sendDate = false;
    outgoing.writeHead(answer.status, { ...answer.headers, date: new Date().toUTCString() });
    outgoing.end(answer.body);
  }

  async #serve(request: FakeRequest): Promise<FakeAnswer | undefined> {
    const wire = textual(request);
    const claim = signatureClaim(wire);
    const signer = claim && this.#signers.of(claim.accessKeyId, sessionToken(wire));
    if (claim === undefined || signer === undefined) {
      return jsonError(403, 'UnrecognizedClientException', 'The security token is invalid.');
    }
    const { service, region } = claim;
    const fake = this.#parts.services[service];
    const operation = fake === undefined ? operationOf(wire) : fake.operationOf(request);
    const record = (status: number | undefined) =>
      this.calls.push({ signer, service, operation: operation ?? '', region, request, status });
    if (fake !== undefined) {
      const answer =
        operation === undefined
          ? jsonError(501, 'NotImplemented', `the fake of ${service} does not know this call`)
          : fake.answer(operation, request);
      record(answer?.status);
      return answer;
    }
    if (!EMBEDDED.includes(service)) throw new Error(`there is no service ${service}`);
    const answer = await this.#embedded(wire);
    record(answer?.status);
    if (operation === 'AssumeRole' && answer?.status === 200) {
      this.#signers.learn(new URLSearchParams(wire.body), String(answer.body), signer);
    }
    return answer;
  }

  async #embedded(wire: WireRequest): Promise<FakeAnswer | undefined> {
    const { aws, dynamo } = this.#parts;
    const delivery = await aws.serve(wire, { process: 'functions', verify: true, dynamo });
    if (delivery.kind !== 'answer') return undefined;
    const { statusCode, headers, body } = delivery.response;
    return { status: statusCode, headers, body };
  }
}

/** Of IAM and STS in the form, of JSON services in the target, of Account Management in the path. */
function operationOf({ headers, body, path }: WireRequest): string {
  const target = headers['x-amz-target']?.split('.').at(-1);
  if (target !== undefined) return target;
  const action = new URLSearchParams(body).get('Action');
  return action ?? path.charAt(1).toUpperCase() + path.slice(2);
}

function textual(request: FakeRequest): WireRequest {
  return { ...request, body: request.body.toString('utf8') };
}

async function read(incoming: IncomingMessage): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://loopback');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return {
    method: incoming.method ?? 'GET',
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers,
    body: Buffer.concat(chunks),
  };
}
