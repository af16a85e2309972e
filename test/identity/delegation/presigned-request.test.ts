import type { HttpHandler } from '@smithy/core/protocols';
import { beforeAll, describe, expect, test } from 'vitest';
import { type DelegationProof, proveHop } from '../../../lib/identity/index.ts';
import { HOME } from '../caller-directory.ts';
import { API, CORE, chainOf, NOW, openScene, present, prove, type Scene } from './scene.ts';

const HOST = 'sts.eu-central-1.amazonaws.com';

let scene: Scene;
let proof: DelegationProof;

beforeAll(async () => {
  scene = await openScene();
  proof = await prove(scene.ana, scene.gateway.arn);
});

/** What verifying says of a URL in place of the proof's own, and how often anybody was asked. */
async function verdictOn(url: string): Promise<{ reason: string; asked: number }> {
  let asked = 0;
  const sts: HttpHandler = {
    ...scene.aws.requestHandler(),
    handle: () => {
      asked++;
      throw new Error('nobody was to be asked');
    },
  };
  const verified = await present(scene, { delegation: [{ ...proof, url }], sts });
  return { reason: verified.ok ? 'ok' : verified.reason, asked };
}

const to = (authority: string) => (url: string) => url.replace(`//${HOST}/`, `//${authority}/`);
const parameter = (name: string, value: string) => (url: string) =>
  url.replace(new RegExp(`${name}=[^&]*`), `${name}=${value}`);
const without = (name: string) => (url: string) => url.replace(new RegExp(`&?${name}=[^&]*`), '');
const adding = (text: string) => (url: string) => `${url}&${text}`;

describe('a proof that is no plain GetCallerIdentity at an allowed STS is refused before anybody is asked (G18)', () => {
  test.each([
    // Pointing the verifier at another host.
    ['wrong-host', 'another host', to('evil.example')],
    ['wrong-host', 'a user in front of another host', to(`${HOST}@evil.example`)],
    ['wrong-host', 'an allowed host as the user', to(`${HOST}%40evil.example`)],
    ['wrong-host', 'a port', to(`${HOST}:8443`)],
    ['wrong-host', 'a suffix', to(`${HOST}.evil.example`)],
    ['wrong-host', 'a prefix', to(`evil-${HOST}`)],
    ['wrong-host', 'a dot at the end', to(`${HOST}.`)],
    ['wrong-host', 'capitals', to(HOST.toUpperCase())],
    ['wrong-host', 'letters that only look alike', to(HOST.replace('a', 'а'))],
    ['wrong-host', 'a Region that is not allowed', to('sts.eu-west-1.amazonaws.com')],
    ['wrong-host', 'another partition', to('sts.cn-north-1.amazonaws.com.cn')],
    ['wrong-host', 'another service', to('iam.amazonaws.com')],
    ['wrong-host', 'an address', to('169.254.169.254')],
    ['wrong-host', 'no host', to('')],
    ['malformed', 'a backslash', to(`${HOST}\\@evil.example`)],
    ['malformed', 'no TLS', (url: string) => url.replace('https:', 'http:')],
    ['malformed', 'another scheme', (url: string) => url.replace('https:', 'file:')],
    ['malformed', 'a path', (url: string) => url.replace('/?', '/other?')],
    ['malformed', 'a fragment', (url: string) => `${url}#x`],
    ['malformed', 'a line break', (url: string) => `${url}\r\nHost: evil.example`],
    ['malformed', 'a space in front', (url: string) => ` ${url}`],
    ['malformed', 'no query', () => `https://${HOST}/`],
    // Another action.
    ['wrong-action', 'another action', parameter('Action', 'AssumeRole')],
    ['wrong-action', 'no action', (url: string) => url.replace('Action=GetCallerIdentity&', '')],
    ['wrong-action', 'two actions', adding('Action=AssumeRole')],
    ['wrong-action', 'the same action twice', adding('Action=GetCallerIdentity')],
    ['wrong-action', 'an action in small letters', adding('action=AssumeRole')],
    ['wrong-action', 'a parameter of another action', adding('RoleArn=x')],
    ['wrong-action', 'another version', parameter('Version', '2010-05-08')],
    ['wrong-action', 'a name of the prototype', adding('__proto__=x')],
    ['wrong-action', 'a signature twice', adding('X-Amz-Signature=x')],
    // Other signed headers, or fewer.
    ['wrong-headers', 'only the host signed', parameter('X-Amz-SignedHeaders', 'host')],
    [
      'wrong-headers',
      'the binding not signed',
      parameter('X-Amz-SignedHeaders', 'host%3Bx-janitor-api%3Bx-janitor-core%3Bx-janitor-next'),
    ],
    [
      'wrong-headers',
      'another header signed',
      (url: string) => url.replace('host%3B', 'authorization%3Bhost%3B'),
    ],
    // The scope of the signature.
    [
      'wrong-scope',
      'another Region',
      parameter('X-Amz-Credential', `AKIAEXAMPLEEXAMPLE00%2F20260301%2Fus-east-1%2Fsts%2Faws4_request`),
    ],
    [
      'wrong-scope',
      'another service',
      parameter('X-Amz-Credential', `AKIAEXAMPLEEXAMPLE00%2F20260301%2Feu-central-1%2Fiam%2Faws4_request`),
    ],
    [
      'wrong-scope',
      'another day',
      parameter('X-Amz-Credential', `AKIAEXAMPLEEXAMPLE00%2F20260228%2Feu-central-1%2Fsts%2Faws4_request`),
    ],
    ['wrong-scope', 'no scope', parameter('X-Amz-Credential', 'AKIAEXAMPLEEXAMPLE00')],
    // The rest of a signature.
    ['malformed', 'an unknown parameter of a signature', adding('X-Amz-Other=x')],
    ['malformed', 'no date', without('X-Amz-Date')],
    ['malformed', 'a day that does not exist', (url: string) => url.replaceAll('20260301', '20260231')],
    ['malformed', 'another algorithm', parameter('X-Amz-Algorithm', 'AWS4-ECDSA-P256-SHA256')],
    ['malformed', 'a life without end', parameter('X-Amz-Expires', '9999999')],
    ['malformed', 'no life', parameter('X-Amz-Expires', '0')],
    [
      'malformed',
      'a signature in capitals',
      (url: string) => url.replace(/(?<=Signature=)\w+/, (hex) => hex.toUpperCase()),
    ],
    ['malformed', 'bytes that are no text', adding('X-Amz-Security-Token=%FF')],
    ['malformed', 'a broken escape', adding('X-Amz-Security-Token=%2')],
    ['malformed', 'a plus, which may be a space', adding('X-Amz-Security-Token=a+b')],
    ['malformed', 'a name without a value', adding('X-Amz-Security-Token')],
    ['malformed', 'two values', adding('X-Amz-Security-Token=a=b')],
  ])('%s: %s', async (reason, _what, edit) => {
    const url = edit(proof.url);
    expect(url).not.toBe(proof.url);
    expect(await verdictOn(url)).toEqual({ reason, asked: 0 });
  });

  test('a life its signer meant to be shorter than ours is kept to', async () => {
    const url = parameter('X-Amz-Expires', '60')(proof.url);
    const later = { delegation: [{ ...proof, url }], now: '2026-03-01T09:01:01.000Z' };
    expect(await present(scene, later)).toMatchObject({ ok: false, reason: 'expired' });
  });
});

describe('proving a hop', () => {
  const base = {
    partition: 'aws',
    region: 'eu-central-1',
    api: API,
    core: CORE,
    next: `arn:aws:iam::${HOME}:role/portal`,
    now: NOW,
  };

  test('is deterministic, and shows no secret but a session’s token', async () => {
    const { credentials } = scene.ana;
    const [once, again] = [
      await proveHop({ ...base, credentials }),
      await proveHop({ ...base, credentials }),
    ];
    expect(once).toEqual(again);
    expect(JSON.stringify(once)).not.toContain(credentials.secretAccessKey);
    expect(once.url).not.toContain('X-Amz-Security-Token');
    const [ofSession] = await chainOf([scene.portal], scene.gateway.arn);
    expect(ofSession?.url).toContain('X-Amz-Security-Token=IQoJ');
  });

  test.each([
    [
      'the role of a permission set, which many people share',
      {
        next: `arn:aws:iam::${HOME}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef`,
      },
      'proof-input-invalid',
    ],
    ['everybody', { next: '*' }, 'proof-input-invalid'],
    ['an account', { next: `arn:aws:iam::${HOME}:root` }, 'proof-input-invalid'],
    ['two lines', { next: `arn:aws:iam::${HOME}:user/ana\r\nx: y` }, 'proof-input-invalid'],
    ['no API', { api: '' }, 'proof-input-invalid'],
    ['an API with a space', { api: 'the api' }, 'proof-input-invalid'],
    ['no hash of the request', { core: 'request-1' }, 'proof-input-invalid'],
    ['an unknown partition', { partition: 'aws-moon' }, 'partition-unknown'],
    ['a host for a Region', { region: 'x.evil.example' }, 'region-invalid'],
  ])('%s is refused with a way out', async (_what, overrides, code) => {
    const { credentials } = scene.ana;
    await expect(proveHop({ ...base, credentials, ...overrides })).rejects.toMatchObject({
      name: 'JanitorError',
      code,
      hint: expect.stringMatching(/\S/),
    });
  });

  test('what may come next is shown by examples, not by a pattern', async () => {
    const wrong = proveHop({ ...base, credentials: scene.ana.credentials, next: 'the broker' });
    const hint = expect.stringMatching(/^write for example arn:aws:iam::111122223333:role\/broker, /);
    await expect(wrong).rejects.toMatchObject({ hint });
  });

  test.each([
    ['aws', 'eu-central-1', 'sts.eu-central-1.amazonaws.com'],
    ['aws-cn', 'cn-north-1', 'sts.cn-north-1.amazonaws.com.cn'],
    ['aws-us-gov', 'us-gov-west-1', 'sts.us-gov-west-1.amazonaws.com'],
    ['aws-eusc', 'eusc-de-east-1', 'sts.eusc-de-east-1.amazonaws.eu'],
  ])('in %s it points at the STS of its Region', async (partition, region, host) => {
    const { url } = await proveHop({ ...base, credentials: scene.ana.credentials, partition, region });
    expect(new URL(url).host).toBe(host);
  });
});
