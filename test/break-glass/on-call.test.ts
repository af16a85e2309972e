import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { onCallOf } from '../../lib/break-glass/index.ts';
import type { OnCallSource } from '../../lib/domain/break-glass-rules.ts';
import { ACCOUNT, NOW } from '../builders/credential.ts';
import { ROLE, role } from './ground.ts';

const clock = { now: () => NOW };
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function asked(
  listener: RequestListener,
  overrides: { readonly token?: string; readonly timeoutMs?: number } = {},
) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const onCall: OnCallSource = {
    kind: 'http',
    url: `http://127.0.0.1:${port}/now?team=db`,
    timeoutMs: overrides.timeoutMs ?? 2_000,
    ifUnknown: 'emergency-group',
  };
  const { token } = overrides;
  return onCallOf({ clock, ...(token === undefined ? {} : { token: async () => token }) })(
    role({ onCall }),
    ACCOUNT,
  );
}

const answer =
  (body: unknown, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
const contract = { schemaVersion: 1, role: ROLE, account: ACCOUNT, onCall: ['ana'] };

describe('who is on call, asked over HTTP by one contract', () => {
  it('is asked by role and account, with the token, and answered by ids of people', async () => {
    const seen: (string | undefined)[] = [];
    const fact = await asked(
      (request, response) => {
        seen.push(request.url, request.headers.authorization);
        answer(contract)(request, response);
      },
      { token: 'a-token' },
    );
    expect(fact).toMatchObject({ value: ['ana'], asOf: NOW });
    expect(seen).toEqual([`/now?team=db&role=${ROLE}&account=${ACCOUNT}`, 'Bearer a-token']);
  });

  it.each<[string, RequestListener, RegExp]>([
    ['another status', answer(contract, 503), /status 503/],
    ['a redirect, which is not followed', answer(contract, 302), /status 302/],
    ['no JSON', answer('ana'), /not of the published form/],
    ['more than the contract', answer({ ...contract, deputy: 'bo' }), /not of the published form/],
    [
      'an answer without end',
      answer({ ...contract, onCall: ['x'.repeat(9000)] }),
      /not of the published form/,
    ],
    ['another role', answer({ ...contract, role: 'root' }), /about something else/],
  ])('%s says nothing, never that nobody is', async (_name, listener, reason) => {
    expect(await asked(listener)).toMatchObject({ unknown: expect.stringMatching(reason) });
  });

  it('silence says nothing either, after the time it was given', async () => {
    expect(await asked(() => undefined, { timeoutMs: 20 })).toMatchObject({
      unknown: expect.stringMatching(/in time/),
    });
  });

  it('a policy that says it itself is not asked over HTTP', async () => {
    const onCall = { kind: 'people', people: ['bo'] } as const;
    expect(await onCallOf({ clock })(role({ onCall }), ACCOUNT)).toMatchObject({ value: ['bo'] });
  });
});
