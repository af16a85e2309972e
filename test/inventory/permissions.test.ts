import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { callerIdentity } from '../../lib/identity/index.ts';
import { readWorld, testWorld } from './world.ts';

const policySchema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.tuple([
    z.strictObject({
      Sid: z.string(),
      Effect: z.literal('Allow'),
      Action: z.array(z.string()),
      Resource: z.literal('*'),
    }),
  ]),
});

const document = new URL('../../docs/permissions-read-only.json', import.meta.url);
const [{ Action: granted }] = policySchema.parse(JSON.parse(readFileSync(document, 'utf8'))).Statement;

/** Everything a scan can come to call: a caller, keys in doubt, a replicated secret, all Regions. */
async function scanEverything() {
  const world = await testWorld();
  world.account.addUser({ name: 'deployer', createdAt: '2025-01-01T00:00:00Z', password: {} });
  world.account.addAccessKey('deployer', { createdAt: '2025-01-01T00:00:00Z' });
  world.account.addServiceSpecificCredential('deployer', { serviceName: 'codecommit.amazonaws.com' });
  world.account.addSecret('eu-central-1', { name: 'shared', replicas: [{ region: 'us-east-1' }] });
  return {
    world,
    scan: async () => {
      await callerIdentity(world.clients);
      return readWorld(world, { allRegions: true, restsOnDisuse: () => true, worthReading: () => true });
    },
  };
}

describe('docs/permissions-read-only.json is the exact policy for a scan', () => {
  test('it grants what a scan calls, and nothing else', async () => {
    const { world, scan } = await scanEverything();
    await scan();
    expect([...granted].sort()).toEqual(Object.keys(world.clients.recorder.counts()));
  });

  test('single actions only, each once, sorted; all of them reads', () => {
    expect(
      granted.filter((action) => !/^[a-z]+:(Generate|Get|List|Describe)[A-Za-z]+$/.test(action)),
    ).toEqual([]);
    expect(granted).toEqual([...new Set(granted)].sort());
  });

  test('no secret value can be read with it', () => {
    expect(granted.filter((action) => /Value|\*/.test(action))).toEqual([]);
  });

  test.each(granted.filter((action) => action !== 'sts:GetCallerIdentity'))(
    'without %s the scan says so by name and is incomplete',
    async (action) => {
      const { world, scan } = await scanEverything();
      world.account.deny('*', [action]);
      const { summary } = await scan();
      expect(summary.complete).toBe(false);
      expect(summary.problems.map(({ permission }) => permission)).toContain(action);
      expect(summary.problems.every(({ message }) => !message.includes('\n'))).toBe(true);
    },
  );
});
