import { describe, expect, test } from 'vitest';
import { createAwsClients } from '../../lib/aws/index.ts';
import { ReadingLog } from '../../lib/inventory/problem.ts';
import { regionsToRead } from '../../lib/inventory/regions.ts';
import { readWorld, response, testWorld } from './world.ts';

const notFoundPage = () =>
  response(404, 'text/html; charset=utf-8', '<!doctype html><title>404 Not Found</title>');

/** Clients whose account service answers like an emulator that has none, or like a proxy before AWS. */
async function withoutAccountService(origin: 'embedded' | 'aws') {
  const handler = {
    handle: async () => ({ response: notFoundPage() }),
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
  const clients = await createAwsClients({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
    requestHandler: () => handler,
    retryDelays: 'none',
  });
  return origin === 'embedded'
    ? clients
    : { ...clients, endpoints: () => [{ service: 'account' as const, origin: 'aws' as const }] };
}

describe('secrets are read in all Regions that are enabled', () => {
  test('those enabled by default and those opted in to, not the others, sorted, over all pages', async () => {
    const world = await testWorld({ pageSize: 4 });
    world.account.setRegion('af-south-1', 'ENABLED');
    world.account.setRegion('me-south-1', 'DISABLED');
    world.account.setRegion('il-central-1', 'ENABLING');
    const { summary, calls } = await readWorld(world, { allRegions: true });
    expect(summary.regions).toHaveLength(18);
    expect(summary.regions).toContain('af-south-1');
    expect(summary.regions).toEqual([...summary.regions].sort());
    expect(calls).toMatchObject({ 'account:ListRegions': 5, 'secretsmanager:ListSecrets': 18 });
  });

  test('or in those given, each once, without asking', async () => {
    const { summary, calls } = await readWorld(await testWorld(), {
      regions: ['us-east-1', 'eu-west-1', 'us-east-1'],
    });
    expect(summary.regions).toEqual(['eu-west-1', 'us-east-1']);
    expect(calls['account:ListRegions']).toBeUndefined();
  });

  test('denied: the default ones, and a problem, since others may exist (G21)', async () => {
    const world = await testWorld();
    world.account.deny('*', ['account:ListRegions']);
    const { summary } = await readWorld(world, { allRegions: true });
    expect(summary.regions).toHaveLength(17);
    expect(summary).toMatchObject({
      complete: false,
      problems: [{ code: 'regions-unread', permission: 'account:ListRegions', affects: ['secret'] }],
    });
  });

  test.each([
    ['aws', 17],
    ['aws-cn', 2],
    ['aws-us-gov', 2],
    ['aws-iso', 1],
  ])(
    'an emulator without the account service: the default ones of %s and a note',
    async (partition, count) => {
      const log = new ReadingLog();
      const regions = await regionsToRead(await withoutAccountService('embedded'), partition, undefined, log);
      expect(regions).toHaveLength(count);
      expect(log.problems()).toEqual([]);
      expect(log.notes()).toEqual([expect.stringContaining('does not offer account:ListRegions')]);
    },
  );

  test('the same answer where AWS should be (a proxy) is a problem', async () => {
    const log = new ReadingLog();
    await regionsToRead(await withoutAccountService('aws'), 'aws', undefined, log);
    expect(log.problems()).toMatchObject([
      { code: 'regions-unread', message: expect.stringContaining('proxies') },
    ]);
  });
});

describe('an emulator that lacks the service-specific listing (moto answers an HTML page)', () => {
  test('is asked once, the kind is listed as not covered, and the reading is complete', async () => {
    let asked = 0;
    const script = {
      ListServiceSpecificCredentials: () => {
        asked += 1;
        return response(
          500,
          'text/html; charset=utf-8',
          '<!doctype html>\n<title>500 Internal Server Error</title>',
        );
      },
    };
    const { summary } = await readWorld(await testWorld({ script }));
    expect(asked).toBe(1);
    expect(summary).toMatchObject({ complete: true, notCovered: ['service-specific-credential'] });
    expect(summary.notes).toEqual([expect.stringContaining('iam:ListServiceSpecificCredentials')]);
  });

  test('the same answer where AWS should be (a proxy) is a problem', async () => {
    const script = { ListServiceSpecificCredentials: () => response(404, 'text/html', '<!doctype html>') };
    const world = await testWorld({ script });
    const clients = {
      ...world.clients,
      endpoints: () => [{ service: 'iam' as const, origin: 'aws' as const }],
    };
    const { summary } = await readWorld({ ...world, clients });
    expect(summary).toMatchObject({
      complete: false,
      notCovered: [],
      problems: [{ code: 'service-specific-credentials-unread' }],
    });
  });

  test('credentials of a user that nothing else shows are a problem, not skipped in silence (G21)', async () => {
    const metadata = `<member><UserName>ghost</UserName><Status>Active</Status><ServiceUserName>g</ServiceUserName><CreateDate>2025-01-01T00:00:00Z</CreateDate><ServiceSpecificCredentialId>ACCAEXAMPLE</ServiceSpecificCredentialId><ServiceName>bedrock.amazonaws.com</ServiceName></member>`;
    const script = {
      ListServiceSpecificCredentials: () =>
        `<ServiceSpecificCredentials>${metadata}</ServiceSpecificCredentials><IsTruncated>false</IsTruncated>`,
    };
    const { summary } = await readWorld(await testWorld({ script }));
    expect(summary.problems).toMatchObject([
      { code: 'service-specific-credentials-unplaced', message: expect.stringContaining('ghost') },
    ]);
  });
});
