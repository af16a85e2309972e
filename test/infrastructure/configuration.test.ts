import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { JanitorError } from '../../lib/domain/error.ts';
import { readConfiguration } from '../../lib/infrastructure/configuration/read.ts';
import { configurationSchema } from '../../lib/infrastructure/configuration/schema.ts';
import { built } from './synthesised.ts';

const SECRET = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:iam-users/ann-AbCdEf';

describe('configuration of a deployment', () => {
  it('nothing said: observes its own account once a day, keeps everything, writes to nobody', () => {
    expect(readConfiguration(undefined)).toEqual({
      stackName: 'CredentialJanitor',
      prefix: 'credential-janitor',
      mode: 'observe',
      sandbox: false,
      policyFolder: 'policy',
      schedule: {
        expression: 'cron(0 6 * * ? *)',
        timeZone: 'UTC',
        flexibleMinutes: 15,
        enabled: true,
        overdueAfterHours: 48,
      },
      evidence: { objectLock: 'governance', retentionDays: 400 },
      rotation: { secrets: [], schedule: 'rate(60 days)' },
      api: { waf: false, rate: 10, burst: 20 },
      operators: [],
      concurrency: 40,
      architecture: 'arm64',
      memberRolesInHub: true,
    });
  });

  it('what cdk.json holds is valid', async () => {
    const file = path.join(import.meta.dirname, '..', '..', 'cdk.json');
    const { context }: { context: Record<string, unknown> } = JSON.parse(await readFile(file, 'utf8'));
    expect(readConfiguration(context.credentialJanitor)).toMatchObject({
      mode: 'observe',
      sandbox: false,
    });
  });

  it('--context hands over text, which is read as JSON', () => {
    expect(readConfiguration('{"mode":"enforce","accounts":["111122223333"]}')).toMatchObject({
      mode: 'enforce',
      accounts: ['111122223333'],
    });
  });

  const wrong: readonly [name: string, value: unknown, says: string][] = [
    ['text that is no JSON', 'mode=enforce', `write --context credentialJanitor='{"mode":"observe"}'`],
    ['no object', 7, 'is no object: write {"mode": "observe"}'],
    ['an unknown key', { modus: 'observe' }, 'has no key modus; it may have: stackName, prefix'],
    ['an unknown key further in', { mail: { from: 'a@example.com', to: 'b' } }, 'mail has no key to'],
    ['a mode', { mode: 'delete' }, 'mode write observe or enforce'],
    ['text for true', { sandbox: 'yes' }, 'sandbox write true or false'],
    ['a stack name', { stackName: '1st' }, 'stackName is no name of a stack'],
    ['a prefix', { prefix: 'CJ' }, 'prefix is no prefix: 3 to 32 small letters'],
    ['a Region', { homeRegion: 'Frankfurt' }, 'homeRegion is no Region: write it like eu-central-1'],
    ['an account as a number', { accounts: [111122223333] }, 'accounts write "organization" or a list'],
    [
      'a short account id',
      { accounts: ['1111'] },
      'accounts.0 is not an account id: write twelve digits in quotes',
    ],
    ['no account', { accounts: [] }, 'accounts'],
    ['another word for all accounts', { accounts: 'all' }, 'accounts write "organization" or a list'],
    ['an organisation without its id', { accounts: 'organization' }, 'organizationId is missing'],
    ['an organisation id', { organizationId: 'org-1' }, 'organizationId is not the id of an organisation'],
    ['a management account', { managementAccount: 'root' }, 'managementAccount is not an account id'],
    [
      'a schedule of cron itself',
      { schedule: { expression: '0 6 * * *' } },
      'schedule.expression is not a schedule: write cron(',
    ],
    ['a time zone', { schedule: { timeZone: 'CEST+1' } }, 'schedule.timeZone is not a time zone'],
    ['no window', { schedule: { flexibleMinutes: 0 } }, 'schedule.flexibleMinutes write 1 to 1440'],
    [
      'a lock of S3 that there is not',
      { evidence: { objectLock: 'none' } },
      'evidence.objectLock write governance or compliance',
    ],
    ['no retention', { evidence: { retentionDays: 0 } }, 'evidence.retentionDays write 1 to 36500'],
    [
      'half a day',
      { evidence: { retentionDays: 1.5 } },
      'evidence.retentionDays write a whole number of days',
    ],
    ['a sender without a domain', { mail: { from: 'janitor' } }, 'mail.from is not a mail address'],
    ['an operator by name', { operators: ['ana'] }, 'operators.0 is not a mail address'],
    ['no concurrency', { concurrency: 0 }, 'concurrency write 1 to 1000'],
    ['an architecture', { architecture: 'x86' }, 'architecture write arm64 or x86_64'],
    [
      'a step that needs no role',
      { memberSteps: ['notify'] },
      'memberSteps.0 write tag, rotate, quarantine or delete',
    ],
    [
      'a secret by name',
      { rotation: { secrets: ['iam-users/ann'] } },
      'rotation.secrets.0 is not the ARN of',
    ],
    [
      'minutes in a schedule of rotations',
      { rotation: { schedule: 'cron(30 8 ? * TUE *)' } },
      'rotation.schedule is no schedule of rotations: write rate(60 days)',
    ],
    ['a firewall by name', { api: { waf: 'on' } }, 'api.waf write true or false'],
    ['nobody is let in', { api: { rate: 0 } }, 'api.rate write 1 to 10000'],
    ['half a request', { api: { burst: 1.5 } }, 'api.burst write a whole number'],
    ['a window in minutes', { rotation: { window: '90m' } }, 'rotation.window write whole hours, 1h to 24h'],
    [
      'a secret of another account',
      { hubAccount: '999988887777', rotation: { secrets: [SECRET] } },
      'is not in the account and Region of the hub',
    ],
    [
      'a token instead of the secret that holds it',
      { ticketTokenSecret: 'not-a-real-token' },
      'ticketTokenSecret is not the ARN of a secret: write it in full',
    ],
    [
      'a token in another Region',
      { homeRegion: 'eu-west-1', ticketTokenSecret: SECRET },
      'ticketTokenSecret cannot be',
    ],
    [
      'a token where an access key is rotated',
      { rotation: { secrets: [SECRET] }, ticketTokenSecret: SECRET },
      'ticketTokenSecret holds a token and no access key',
    ],
    [
      'removable and locked for good',
      { sandbox: true, evidence: { objectLock: 'compliance' } },
      'sandbox cannot be removable and locked',
    ],
  ];
  it.each(wrong)('%s: an error that says what to write', (_name, value, says) => {
    const read = () => readConfiguration(value);
    expect(read).toThrow(JanitorError);
    expect(read).toThrow(says);
    expect(read).toThrow('credentialJanitor');
  });

  it('every problem at once', () => {
    expect(() => readConfiguration({ mode: 'x', concurrency: -1 })).toThrow(/mode.*concurrency/s);
  });
});

describe('docs/configuration.md', () => {
  const text = readFileSync(path.join(import.meta.dirname, '..', '..', 'docs', 'configuration.md'), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  const defaults = readConfiguration({});
  const keys = Object.keys(configurationSchema.shape);

  it.each(keys)('%s is explained, with its default', (key) => {
    const value: unknown = Object.entries(defaults).find(([name]) => name === key)?.[1];
    const explained = (name: string) => rows.find((row) => row.split('|')[1]?.includes(`\`${name}\``));
    const shown = (each: unknown) => `| \`${Array.isArray(each) ? '[]' : each}\` |`;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      const row = explained(key) ?? rows.find((each) => each.startsWith(`| \`${key}.`));
      expect(row).toBeDefined();
      if (value !== undefined) expect(row).toContain(shown(value));
      return;
    }
    for (const [name, inner] of Object.entries(value)) {
      expect(explained(`${key}.${name}`) ?? `no row ${key}.${name}`).toContain(shown(inner));
    }
  });
});

describe('a wrong value or policy stops synth', () => {
  it('configuration', async () => {
    await expect(built({ mode: 'delete' })).rejects.toThrow('mode write observe or enforce');
  });

  it('a folder without a policy', async () => {
    await expect(built({ policyFolder: 'no-such-folder' })).rejects.toThrow(/janitor\.yaml.*missing/s);
  });

  it('G8 an invalid policy, with file and line', async () => {
    await expect(built({ policyFolder: 'test/infrastructure/broken-policy' })).rejects.toThrow(
      /janitor\.yaml:3:7.*observe/s,
    );
  });
});
