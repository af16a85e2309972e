import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface DenyingProxy {
  readonly url: string;
  close(): Promise<void>;
}

const DENIED = (action: string) => `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error>
<Type>Sender</Type><Code>AccessDenied</Code><Message>User: arn:aws:iam::123456789012:user/reader is not authorized to perform: iam:${action} because no identity-based policy allows the iam:${action} action</Message>
</Error><RequestId>00000000-0000-4000-8000-000000000000</RequestId></ErrorResponse>`;

/** Passes requests on to `target`, but answers the named IAM actions as AWS does without the permission. */
export async function denyingProxy(target: string, actions: readonly string[]): Promise<DenyingProxy> {
  const server = createServer((request, response) => {
    answer(request, response, target, actions).catch((error: unknown) => {
      response.writeHead(502).end(String(error));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
  actions: readonly string[],
): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const action = new URLSearchParams(body.toString('utf8')).get('Action') ?? '';
  if (actions.includes(action)) {
    response.writeHead(403, { 'content-type': 'text/xml' }).end(DENIED(action));
    return;
  }
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    value === undefined || ['host', 'connection', 'content-length'].includes(name)
      ? []
      : [[name, String(value)]],
  );
  const passed = await fetch(`${target}${request.url ?? '/'}`, {
    method: request.method ?? 'POST',
    headers,
    body,
  });
  const type = passed.headers.get('content-type') ?? 'text/xml';
  response.writeHead(passed.status, { 'content-type': type }).end(Buffer.from(await passed.arrayBuffer()));
}
