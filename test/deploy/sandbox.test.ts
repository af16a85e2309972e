import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bucketsOf } from './buckets.ts';
import { Cdk } from './cdk.ts';
import { DeployedHub } from './deployed-hub.ts';
import { type MiniStack, REGION, startMiniStack } from './ministack-server.ts';
import { HUB } from './organisation.ts';
import { stackStatus, tablesOf } from './stacks.ts';

const SANDBOX = { sandbox: true, stackName: 'Sandbox', prefix: 'sandbox', schedule: { enabled: false } };

let ministack: MiniStack;
let folder: string;
beforeAll(async () => {
  ministack = await startMiniStack();
  folder = await mkdtemp(join(tmpdir(), 'janitor-sandbox-'));
});
afterAll(async () => {
  await ministack?.stop();
  await rm(folder, { recursive: true, force: true });
});

it('a sandbox of one account sweeps it, and goes with everything it wrote', {
  timeout: 400_000,
}, async () => {
  const environment = ministack.environment(HUB);
  const cdk = new Cdk({ environment, account: HUB, region: REGION, assembly: join(folder, 'assembly') });
  await cdk.bootstrap();
  const before = await bucketsOf(ministack);
  await cdk.deploy(SANDBOX);
  const hub = await DeployedHub.open(ministack, 'Sandbox');
  const run = await hub.run({ trigger: 'person' });
  expect([run.status, run.trouble]).toEqual(['SUCCEEDED', '']);
  expect(run.output).toMatchObject({ accounts: 1, swept: 1, notSwept: 0 });
  await hub.close();
  expect(await bucketsOf(ministack)).not.toEqual(before);
  await cdk.destroy();
  expect(await stackStatus(ministack, 'Sandbox')).toBe('DELETE_COMPLETE');
  expect(await bucketsOf(ministack)).toEqual(before);
  expect(await tablesOf(ministack)).toEqual([]);
});
