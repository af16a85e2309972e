import { HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, it } from 'vitest';
import { EmbeddedAws } from '../../lib/embedded-aws/index.ts';
import { embeddedSts } from '../../lib/wiring/serve/embedded-sts.ts';

const aws = new EmbeddedAws({ now: '2026-03-02T08:00:00Z', verifySignatures: true });
const account = aws.account('111122223333');
const { arn } = account.addUser({ name: 'ana' });
const key = account.addAccessKey('ana');
const handler = embeddedSts(aws);

async function ask(hostname: string, secretAccessKey = key.secretAccessKey) {
  const signer = new SignatureV4({
    credentials: { accessKeyId: key.id, secretAccessKey },
    region: 'eu-central-1',
    service: 'sts',
    sha256: Hash.bind(null, 'sha256'),
  });
  const query = { Action: 'GetCallerIdentity', Version: '2011-06-15' };
  const request = new HttpRequest({ hostname, path: '/', query, headers: { host: hostname } });
  const { response } = await handler.handle(new HttpRequest(await signer.presign(request)));
  return { status: response.statusCode, body: new TextDecoder().decode(response.body) };
}

describe('G18: proofs that name the real STS are asked about in this process, and nowhere else', () => {
  it.each(['sts.eu-central-1.amazonaws.com', 'sts.amazonaws.com'])('%s names the signer', async (host) => {
    const { status, body } = await ask(host);
    expect(status).toBe(200);
    expect(body).toContain(arn);
  });

  it('a forged signature is refused as STS refuses it', async () => {
    expect((await ask('sts.eu-central-1.amazonaws.com', 'forged')).status).toBe(403);
  });

  it.each([
    'iam.amazonaws.com',
    'sts.eu-central-1.amazonaws.com.evil.example',
    'sts.eu-central-1.evil.example',
    'evil.example',
    '127.0.0.1',
  ])('%s is never asked', async (host) => {
    await expect(ask(host)).rejects.toMatchObject({ code: 'host-refused' });
  });
});
