import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetUserCommand } from '@aws-sdk/client-iam';
import { HttpRequest } from '@smithy/core/protocols';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AWS_SERVICES, createAwsClients, isLocal, type ServiceEndpoint } from '../../lib/aws/index.ts';
import { EmbeddedAws } from '../../lib/embedded-aws/index.ts';

const CONFIG = `
[default]
region = eu-west-1

[profile moto]
region = eu-north-1
endpoint_url = http://127.0.0.1:5000
services = moto-services

[services moto-services]
secrets_manager =
  endpoint_url = http://127.0.0.1:5001

[profile ignoring]
endpoint_url = http://127.0.0.1:5000
ignore_configured_endpoint_urls = true

[profile ignoring-all]
ignore_configured_endpoint_urls = true
`;

const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'janitor-endpoint-'));
  writeFileSync(join(folder, 'config'), CONFIG);
  writeFileSync(join(folder, 'credentials'), '');
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  for (const name of [
    'AWS_PROFILE',
    'AWS_REGION',
    'AWS_ENDPOINT_URL',
    'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
  ]) {
    vi.stubEnv(name, undefined);
  }
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function urlOf(endpoints: readonly ServiceEndpoint[], service: string): string {
  const endpoint = endpoints.find((each) => each.service === service);
  return endpoint?.origin === 'configured' ? endpoint.url : (endpoint?.origin ?? 'none');
}

/** Where the SDK's client really sends requests: the resolved configuration of the client itself. */
async function usedBy(client: {
  config: { endpoint?: (() => Promise<{ hostname: string; port?: number }>) | undefined };
}) {
  const endpoint = await client.config.endpoint?.();
  return endpoint === undefined ? 'aws' : `${endpoint.hostname}:${endpoint.port}`;
}

describe('the endpoint of each service follows the precedence of the AWS SDKs', () => {
  test('nothing configured: AWS itself, which is not local', async () => {
    const clients = await createAwsClients({ credentials });
    expect(clients.endpoints()).toEqual(AWS_SERVICES.map((service) => ({ service, origin: 'aws' })));
    expect(clients.endpoints().some(isLocal)).toBe(false);
    expect(clients.region).toBe('eu-west-1');
  });

  test('AWS_ENDPOINT_URL is for all services', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:4566');
    const clients = await createAwsClients({ credentials });
    expect(clients.endpoints().every(isLocal)).toBe(true);
    expect(await usedBy(clients.iam)).toBe('127.0.0.1:4566');
    expect(await usedBy(clients.acting.secretsManager('eu-west-3'))).toBe('127.0.0.1:4566');
  });

  test('AWS_ENDPOINT_URL_<SERVICE> comes before it: one service elsewhere makes the whole not local', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:4566');
    vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', 'https://localhost.evil.com');
    const clients = await createAwsClients({ credentials });
    const notLocal = clients.endpoints().filter((endpoint) => !isLocal(endpoint));
    expect(notLocal).toEqual([
      {
        service: 'secretsmanager',
        origin: 'configured',
        url: 'https://localhost.evil.com',
        from: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
      },
    ]);
  });

  test('a profile chosen by option counts, its services section first: what is checked is what is used', async () => {
    const clients = await createAwsClients({ credentials, profile: 'moto' });
    expect(urlOf(clients.endpoints(), 'iam')).toBe('http://127.0.0.1:5000');
    expect(urlOf(clients.endpoints(), 'secretsmanager')).toBe('http://127.0.0.1:5001');
    expect(await usedBy(clients.sts)).toBe('127.0.0.1:5000');
    expect(await usedBy(clients.secretsManager('eu-north-1'))).toBe('127.0.0.1:5001');
    expect(clients.region).toBe('eu-north-1');
  });

  test('the environment comes before the profile, the option before everything', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:4566');
    const byEnvironment = await createAwsClients({ credentials, profile: 'moto' });
    expect(urlOf(byEnvironment.endpoints(), 'iam')).toBe('http://127.0.0.1:4566');
    const byOption = await createAwsClients({ credentials, profile: 'moto', endpoint: 'http://[::1]:9000' });
    expect(urlOf(byOption.endpoints(), 'iam')).toBe('http://[::1]:9000');
    expect(byOption.endpoints().every(isLocal)).toBe(true);
  });

  test('configured endpoints can be ignored, by the environment or the profile', async () => {
    const byProfile = await createAwsClients({ credentials, profile: 'ignoring' });
    expect(urlOf(byProfile.endpoints(), 'iam')).toBe('aws');
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:4566');
    vi.stubEnv('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'true');
    const byEnvironment = await createAwsClients({ credentials });
    expect(urlOf(byEnvironment.endpoints(), 'iam')).toBe('aws');
    expect(await usedBy(byEnvironment.iam)).toBe('aws');
  });

  test('an endpoint that the chosen profile ignores is not used behind our back', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:4566');
    const { iam } = await createAwsClients({ credentials, profile: 'ignoring-all' });
    const hosts: string[] = [];
    iam.middlewareStack.add(
      () => async (args) => {
        if (HttpRequest.isInstance(args.request)) hosts.push(args.request.hostname);
        throw new Error('not sent');
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    await expect(iam.send(new GetUserCommand({}))).rejects.toThrow('not sent');
    expect(hosts).toEqual(['iam.amazonaws.com']);
  });

  test('a service that is answered in this process is embedded, whatever is configured', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'https://iam.amazonaws.com');
    const handler = new EmbeddedAws().requestHandler();
    const clients = await createAwsClients({ credentials, requestHandler: () => handler });
    expect(clients.endpoints()).toEqual(AWS_SERVICES.map((service) => ({ service, origin: 'embedded' })));
    expect(clients.endpoints().every(isLocal)).toBe(true);
  });
});

describe('bad settings give one clear error and a way out (I20)', () => {
  test.each(['localhost:4566', 'nonsense', 'ftp://127.0.0.1'])('endpoint %s', async (endpoint) => {
    await expect(createAwsClients({ credentials, endpoint })).rejects.toMatchObject({
      name: 'JanitorError',
      code: 'endpoint-invalid',
      message: expect.stringContaining(endpoint),
      hint: expect.stringContaining('http://127.0.0.1:4566'),
    });
  });

  test('the message names the variable that holds a bad endpoint', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_IAM', 'localhost:4566');
    await expect(createAwsClients({ credentials })).rejects.toThrow(/AWS_ENDPOINT_URL_IAM/);
  });

  test.each(['eu west', 'frankfurt', 'eu-central-1.evil.com', ''])('Region "%s"', async (region) => {
    await expect(createAwsClients({ credentials, region })).rejects.toMatchObject({ code: 'region-invalid' });
  });

  test.each([
    ['us-east-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['us-isob-east-1', 'aws-iso-b'],
    ['eusc-de-east-1', 'aws-eusc'],
  ])('Region %s belongs to partition %s', async (region, partition) => {
    const clients = await createAwsClients({ credentials, region });
    expect(clients.partition).toBe(partition);
  });
});
