import { type HttpHandler, HttpResponse } from '@smithy/core/protocols';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { DelegationProof } from '../../../lib/identity/index.ts';
import { HOME } from '../caller-directory.ts';
import { chainOf, MemoryProofStore, openScene, present, type Scene } from './scene.ts';

let scene: Scene;
let delegation: readonly DelegationProof[];

beforeAll(async () => {
  scene = await openScene();
  delegation = await chainOf([scene.ana], scene.gateway.arn);
});
afterEach(() => {
  vi.useRealTimers();
});

/** An STS that answers so, whatever it is asked, and counts. */
function answering(respond: () => Promise<HttpResponse>) {
  const requests: string[] = [];
  const handler: HttpHandler = {
    ...scene.aws.requestHandler(),
    async handle(request) {
      requests.push(request.hostname);
      return { response: await respond() };
    },
  };
  return { handler, requests };
}

const response = (statusCode: number, body: unknown, headers = {}) =>
  new HttpResponse({ statusCode, headers, body });

/** As STS writes it: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
function answerOf(overrides: { arn?: string; account?: string; userId?: string } = {}): string {
  const { arn = scene.ana.arn, account = HOME, userId = 'AIDAEXAMPLEUSER00001' } = overrides;
  return `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>${arn}</Arn>
    <UserId>${userId}</UserId>
    <Account>${account}</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata>
    <RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>
  </ResponseMetadata>
</GetCallerIdentityResponse>
`;
}

const errorOf = (code: string) =>
  `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>m</Message></Error></ErrorResponse>`;

async function* streamOf(text: string) {
  for (const byte of Buffer.from(text)) yield Buffer.from([byte]);
}

describe('only a whole answer of GetCallerIdentity proves anything (G18)', () => {
  test.each([
    ['text', (text: string) => text],
    ['bytes', (text: string) => new TextEncoder().encode(text)],
    ['a stream, byte by byte', streamOf],
  ])('as %s', async (_how, bodyOf) => {
    const { handler, requests } = answering(async () => response(200, bodyOf(answerOf())));
    expect(await present(scene, { delegation, sts: handler })).toMatchObject({ ok: true });
    expect(requests).toEqual(['sts.eu-central-1.amazonaws.com']);
  });

  test.each([
    ['nothing', () => ''],
    ['another document', () => '<html></html>'],
    ['the answer quoted in a comment', () => `<!-- ${answerOf()} -->`],
    ['the answer after something else', () => `<x/>${answerOf()}`],
    ['the answer before something else', () => `${answerOf()}<x/>`],
    ['a second identity', () => answerOf({ arn: `${scene.ana.arn}</Arn><Arn>${scene.deployer.arn}` })],
    ['a second account', () => answerOf({ account: `${HOME}</Account><Account>999988887777` })],
    ['one field three times', () => answerOf().replaceAll('UserId>', 'Arn>').replaceAll('Account>', 'Arn>')],
    ['an entity', () => answerOf({ arn: `${scene.ana.arn}&amp;` })],
    ['an ARN of another service', () => answerOf({ arn: `arn:aws:s3::${HOME}:user/people/ana` })],
    ['no account', () => answerOf({ account: '' })],
    ['the answer of another action', () => answerOf().replaceAll('GetCallerIdentity', 'AssumeRole')],
    ['JSON', () => JSON.stringify({ GetCallerIdentityResponse: {} })],
    ['more than an answer ever has', () => answerOf().padEnd(100_000)],
    ['an endless stream', endless],
    ['no bytes at all', () => 17],
  ])('%s is no answer', async (_what, bodyOf) => {
    const proofs = new MemoryProofStore();
    const { handler } = answering(async () => response(200, bodyOf()));
    const verified = await present(scene, { delegation, sts: handler, proofs });
    expect(verified).toMatchObject({ ok: false, reason: 'answer-invalid', hop: 1, mayRetry: false });
    expect(proofs.claimed.size).toBe(0);
  });

  test.each([
    [302, '', 'redirected', false],
    [307, '', 'redirected', false],
    [204, '', 'answer-invalid', false],
    [403, 'SignatureDoesNotMatch', 'forged', false],
    [403, 'InvalidClientTokenId', 'forged', false],
    [400, 'IncompleteSignature', 'forged', false],
    [403, 'ExpiredToken', 'credentials-expired', false],
    [400, 'Throttling', 'sts-unavailable', true],
    [429, '', 'sts-unavailable', true],
    [500, 'InternalFailure', 'sts-unavailable', true],
    [503, '', 'sts-unavailable', true],
  ])('%i %s: %s', async (status, code, reason, mayRetry) => {
    const headers = { location: 'https://evil.example/' };
    const { handler, requests } = answering(async () => response(status, errorOf(code), headers));
    const verified = await present(scene, { delegation, sts: handler });
    expect(verified).toMatchObject({ ok: false, reason, hop: 1, mayRetry });
    expect(requests).toEqual(['sts.eu-central-1.amazonaws.com']);
  });

  test('credentials that expired since they signed', async () => {
    const late = await openScene();
    const [first] = await chainOf([late.portal], late.gateway.arn);
    late.aws.clock.set('2026-03-01T11:00:00.000Z');
    expect(await present(late, { delegation: [first] })).toMatchObject({ reason: 'credentials-expired' });
  });

  test('a key that is disabled', async () => {
    const closed = await openScene();
    const account = closed.aws.account(HOME);
    account.addUser({ name: 'leaver' });
    const { id: accessKeyId, secretAccessKey } = account.addAccessKey('leaver', { status: 'Inactive' });
    const leaver = {
      arn: `arn:aws:iam::${HOME}:user/leaver`,
      credentials: { accessKeyId, secretAccessKey },
    };
    const proof = await chainOf([leaver], closed.gateway.arn);
    expect(await present(closed, { delegation: proof })).toMatchObject({ reason: 'forged' });
  });
});

describe('an STS that does not answer proves nothing, and the delegation may be presented again', () => {
  const unavailable = { ok: false, reason: 'sts-unavailable', mayRetry: true };

  test('no connection', async () => {
    const { handler } = answering(() => Promise.reject(new Error('connect ECONNREFUSED')));
    expect(await present(scene, { delegation, sts: handler })).toMatchObject(unavailable);
  });

  test.each([
    ['no answer', () => new Promise<HttpResponse>(() => {})],
    ['an answer whose body never ends', async () => response(200, stalled())],
  ])('%s within three seconds', async (_what, respond) => {
    vi.useFakeTimers();
    const { handler } = answering(respond);
    const verified = present(scene, { delegation, sts: handler });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await verified).toMatchObject(unavailable);
    expect(vi.getTimerCount()).toBe(0);
  });

  async function* stalled() {
    yield Buffer.from('<');
    await new Promise(() => {});
  }
});

async function* endless() {
  for (;;) yield Buffer.alloc(1024, 'a');
}
