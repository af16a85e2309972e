import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { openServe, type ServedJanitor } from '../../lib/wiring/index.ts';
import { emptyFolder, janitor, stubAwsEnvironment } from '../builders/command-line.ts';

const ASKED = [
  '--account',
  '111122223333',
  '--reason',
  'payments stand still since 2:50',
  '--ticket',
  'OPS-7',
];
const startedSchema = z.object({
  outcome: z.literal('started'),
  credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.string() }),
});

let served: ServedJanitor;
const stateDir = emptyFolder();

beforeAll(async () => {
  served = await openServe(
    { scenario: 'messy-company', stateDir, port: 0, awsPort: 0 },
    { cwd: emptyFolder(), command: 'janitor serve', note: async () => {}, onLockLost: () => {} },
  );
});
afterAll(async () => {
  await served.close();
  vi.unstubAllEnvs();
});

/** A command of somebody, at the served janitor. */
function as(person: 'dmitri' | 'carla', ...argv: readonly string[]) {
  const own = served.world.people.find(({ name }) => name === person)?.exports ?? {};
  stubAwsEnvironment({ ...served.world.exports, ...own });
  return janitor(['break-glass', ...argv], { env: { JANITOR_API: served.url } });
}

function secretsSeenWith(credentials: z.output<typeof startedSchema>['credentials']) {
  const client = new SecretsManagerClient({
    region: 'eu-central-1',
    endpoint: served.world.url,
    credentials,
    maxAttempts: 1,
  });
  return client.send(new ListSecretsCommand({})).then(
    ({ SecretList }) => (SecretList ?? []).length,
    (error: Error) => error.name,
  );
}

async function taken(role: string, id: string) {
  const { exit, terminal } = await as('dmitri', 'start', role, ...ASKED, '--id', id, '--format', 'json');
  expect(exit).toBe(0);
  return startedSchema.parse(JSON.parse(terminal.handedOver.join(''))).credentials;
}

describe('at janitor serve, with the roles, the trust and the boundary of a deployed one', () => {
  test('a role is taken, used and given back; then nothing more is allowed, and nothing more lent', async () => {
    const credentials = await taken('payments-on-call', 'night-0001');
    expect(await secretsSeenWith(credentials)).toBeGreaterThan(0);
    expect(await as('dmitri', 'return', 'night-0001')).toMatchObject({ exit: 0 });
    expect(await secretsSeenWith(credentials)).toMatch(/AccessDenied/);
    const over = await as('dmitri', 'credentials', 'night-0001');
    expect(over).toMatchObject({ exit: 5, terminal: { handedOver: [] } });
    expect(over.err).toContain('(returned)');
  });

  test('one that others approve waits, and goes on with the command that was printed', async () => {
    const start = ['start', 'payments-repair', ...ASKED, '--id', 'night-0002'];
    expect(await as('dmitri', ...start)).toMatchObject({ exit: 5, terminal: { handedOver: [] } });
    expect(await as('dmitri', 'approve', 'night-0002')).toMatchObject({ exit: 5 });
    expect(await as('carla', 'approve', 'night-0002')).toMatchObject({ exit: 0 });
    const credentials = await taken('payments-repair', 'night-0002');
    expect(await as('carla', 'revoke', 'night-0002', '--reason', 'OPS-7 is solved')).toMatchObject({
      exit: 0,
    });
    expect(await secretsSeenWith(credentials)).toMatch(/AccessDenied/);
  });

  test('who is not eligible is refused by policy, with the reason', async () => {
    const { exit, err, terminal } = await as('carla', 'start', 'payments-on-call', ...ASKED);
    expect(exit).toBe(5);
    expect(terminal.handedOver).toEqual([]);
    expect(err.replaceAll('\n', ' ')).toContain('carla is in no group that may have payments-on-call');
  });

  test('the drill goes the whole way', async () => {
    const { exit, out } = await as('dmitri', 'drill', '--account', '111122223333', '--format', 'json');
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ outcome: 'passed' });
  });
});
