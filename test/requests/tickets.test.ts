import type { RequestListener } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { isKnown } from '../../lib/domain/fact.ts';
import { fixedToken, HttpTicketSystem, noTicketSystem } from '../../lib/requests/index.ts';
import { NOW } from '../builders/credential.ts';
import { TicketServer } from './ticket-server.ts';

const clock = { now: () => NOW };
const SECRET = 'not-a-real-token-0123456789';
let server: TicketServer;

beforeAll(async () => {
  server = await TicketServer.open();
});
afterAll(async () => server.close());
beforeEach(() => {
  server.asked.length = 0;
});

function system(overrides: Partial<ConstructorParameters<typeof HttpTicketSystem>[0]> = {}) {
  return new HttpTicketSystem({ url: server.url, timeoutMs: 5_000, clock, ...overrides });
}

const answer = (state: unknown, ticket: unknown = 'OPS-7'): string => JSON.stringify({ ticket, state });

describe('what the published contract says', () => {
  it.each(['open', 'closed'])('%s, with its age and where it comes from', async (state) => {
    server.says(answer(state));
    expect(await system().stateOf('OPS-7')).toEqual({
      value: state,
      asOf: NOW,
      source: expect.stringMatching(/^ticket system at 127\.0\.0\.1:\d+$/),
    });
    expect(server.asked).toEqual([{ url: '/tickets/OPS-7', accept: 'application/json' }]);
  });

  it('with a charset, as many servers write it', async () => {
    server.says(answer('open'), 200, { 'content-type': 'application/json; charset=utf-8' });
    expect(await system().stateOf('OPS-7')).toMatchObject({ value: 'open' });
  });

  it('the reference stays one piece of the address, whatever is in it', async () => {
    server.says(answer('open', 'OPS/../7#x'));
    expect(await system().stateOf('OPS/../7#x')).toMatchObject({ value: 'open' });
    expect(server.asked[0]?.url).toBe('/tickets/OPS%2F..%2F7%23x');
  });

  it('the token is read anew for each question and sent as a bearer token', async () => {
    server.says(answer('open'));
    const tokens = ['first', 'second'];
    const asked = system({ token: { read: async () => tokens.shift(), refused: () => {} } });
    await asked.stateOf('OPS-7');
    await asked.stateOf('OPS-7');
    expect(server.asked.map(({ authorization }) => authorization)).toEqual(['Bearer first', 'Bearer second']);
  });

  it.each([
    [200, 0],
    [401, 1],
    [403, 1],
    [404, 0],
    [503, 0],
  ])('an answer %i: the token was refused %i times', async (status, times) => {
    server.says(answer('open'), status);
    const refused = vi.fn();
    await system({ token: { read: async () => SECRET, refused } }).stateOf('OPS-7');
    expect(refused).toHaveBeenCalledTimes(times);
  });
});

describe('G22: everything else is unknown, and says why', () => {
  it.each([
    ['404: gone, or not to be seen', 404, answer('closed'), 'no such ticket, or may not show it'],
    ['401', 401, answer('open'), 'status 401'],
    ['500', 500, answer('open'), 'status 500'],
    ['204', 204, '', 'status 204'],
    ['201', 201, answer('open'), 'status 201'],
    ['no JSON', 200, '<html>', 'published form'],
    ['an empty body', 200, '', 'published form'],
    ['another state', 200, answer('Done'), 'published form'],
    ['one field more', 200, JSON.stringify({ ticket: 'OPS-7', state: 'open', by: 'x' }), 'published form'],
    ['a list', 200, `[${answer('open')}]`, 'published form'],
    ['another ticket', 200, answer('open', 'OPS-8'), 'another ticket'],
    ['no ticket', 200, JSON.stringify({ state: 'open' }), 'published form'],
    ['too much', 200, `${' '.repeat(5000)}${answer('open')}`, 'published form'],
  ])('%s', async (_what, status, body, reason) => {
    server.says(body, status);
    expect(await system().stateOf('OPS-7')).toEqual({ unknown: expect.stringContaining(reason) });
  });

  it('bytes that are no UTF-8', async () => {
    server.says(Buffer.concat([Buffer.from(answer('open').slice(0, -1)), Buffer.from([0xff])]));
    expect(await system().stateOf('OPS-7')).toEqual({ unknown: expect.stringContaining('published form') });
  });

  it('another content type', async () => {
    server.says(answer('open'), 200, { 'content-type': 'text/html' });
    expect(await system().stateOf('OPS-7')).toEqual({ unknown: expect.stringContaining('with JSON') });
  });

  it('a redirect is not followed, and the token goes nowhere else', async () => {
    const elsewhere = await TicketServer.open();
    elsewhere.says(answer('open'));
    server.says('', 302, { location: elsewhere.url.replace('{ticket}', 'OPS-7') });
    const asked = system({ token: fixedToken(SECRET) });
    expect(await asked.stateOf('OPS-7')).toEqual({ unknown: expect.stringContaining('redirects') });
    expect(elsewhere.asked).toEqual([]);
    await elsewhere.close();
  });

  const silent: RequestListener = () => undefined;
  const endless: RequestListener = (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).write('{');
  it.each([
    ['no answer in time', silent],
    ['an answer that never ends', endless],
  ])('%s', async (_what, listener) => {
    server.answer = listener;
    expect(await system({ timeoutMs: 30 }).stateOf('OPS-7')).toEqual({
      unknown: 'the ticket system did not answer in time',
    });
  });

  it('a caller who no longer waits', async () => {
    server.answer = () => undefined;
    expect(await system().stateOf('OPS-7', AbortSignal.abort())).toEqual({
      unknown: 'asking the ticket system was called off',
    });
  });

  it('nobody there, or a connection that breaks', async () => {
    const gone = await TicketServer.open();
    const { url } = gone;
    await gone.close();
    const unreachable = { unknown: 'the ticket system could not be reached' };
    expect(await system({ url }).stateOf('OPS-7')).toEqual(unreachable);
    server.answer = (request) => request.socket.destroy();
    expect(await system().stateOf('OPS-7')).toEqual(unreachable);
  });

  it.each([
    ['cannot be read', async () => Promise.reject(new Error(SECRET))],
    ['is no header', async () => `${SECRET}\r\nx-more: 1`],
  ])('a token that %s: nothing is sent and nothing of it is told', async (_what, read) => {
    const fact = await system({ token: { read, refused: () => {} } }).stateOf('OPS-7');
    expect(fact).toEqual({ unknown: 'the token for the ticket system could not be used' });
    expect(server.asked).toEqual([]);
  });

  it.each(['', '..', '-OPS', 'OPS 7', 'OPS-7?x=1', 'O'.repeat(65), 'ОPS-7'])(
    'what is no reference is not asked about: %j',
    async (ticket) => {
      expect(await system().stateOf(ticket)).toEqual({ unknown: 'it is no reference of a ticket' });
      expect(server.asked).toEqual([]);
    },
  );

  it('where the policy names no ticket system', async () => {
    expect(await noTicketSystem.stateOf('OPS-7')).toEqual({
      unknown: 'the policy names no ticket system to ask',
    });
  });
});

describe('an address that is not safe is refused before anything is asked', () => {
  it.each([
    'http://tickets.example.com/{ticket}',
    'http://127.0.0.1.example.com/{ticket}',
    'https://{ticket}.example.com/',
    'https://me:secret@tickets.example.com/{ticket}',
    'https://tickets.example.com/',
    'https://tickets.example.com/{ticket}/{ticket}',
    'https://tickets.example.com/#{ticket}',
    'file:///tickets/{ticket}',
    'not an address {ticket}',
  ])('%s', (url) => {
    expect(() => system({ url })).toThrow(expect.objectContaining({ code: 'ticket-url-invalid' }));
  });
});

describe('whatever a ticket system answers (I20)', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 6000 }),
    fc.json().map((text) => new TextEncoder().encode(text)),
    fc
      .record({
        ticket: fc.constantFrom('OPS-7', 'ops-7', ''),
        state: fc.constantFrom('open', 'closed', 'Open', ''),
      })
      .map((value) => new TextEncoder().encode(JSON.stringify(value))),
  );
  it('only its one form counts; nothing is thrown and nothing of it gets into the reason', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom(200, 200, 200, 203, 404, 503), async (body, status) => {
        server.says(body, status);
        const fact = await system({ token: fixedToken(SECRET) }).stateOf('OPS-7');
        const text = new TextDecoder().decode(body);
        const fits = status === 200 && [answer('open'), answer('closed')].includes(text);
        expect(isKnown(fact)).toBe(fits);
        expect(JSON.stringify(fact)).not.toContain(SECRET);
        if (!isKnown(fact)) expect(fact.unknown).toMatch(/^(the|it) [a-z0-9 ,]+$/i);
      }),
      { numRuns: 300 },
    );
  });
});
