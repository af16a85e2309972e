import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { vi } from 'vitest';
import { runJanitor } from '../../lib/cli/index.ts';
import { DAY_MS, type Instant, plus } from '../../lib/domain/time.ts';
import { EmbeddedAws, startEmbeddedServer } from '../../lib/embedded-aws/index.ts';
import { type RecordedTerminal, type RecordedTerminalOptions, recordedTerminal } from './terminal.ts';

export const CLI_ACCOUNT = '111122223333';
/** When the small account of these tests begins. */
export const CLI_START: Instant = '2026-03-02T08:00:00.000Z';

export function daysAfterStart(days: number): Instant {
  return plus(CLI_START, days * DAY_MS);
}

/** What one command line came to. */
export interface Answer {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  readonly terminal: RecordedTerminal;
}

const printed: string[] = [];

/** Everything that command lines of this worker have printed so far: other test files' too, the oldest first. */
export function everythingPrinted(): string {
  return printed.join('\n');
}

/** Runs a command line in this process, as the shell would. */
export async function janitor(
  argv: readonly string[],
  options: RecordedTerminalOptions = {},
): Promise<Answer> {
  const terminal = recordedTerminal({ cwd: emptyFolder(), ...options });
  const exit = await runJanitor(argv, terminal);
  printed.push(terminal.out(), terminal.err());
  return { exit, out: terminal.out(), err: terminal.err(), terminal };
}

export function emptyFolder(): string {
  return mkdtempSync(path.join(os.tmpdir(), 'janitor-test-'));
}

/** The SDK reads the environment of the process; nothing of the machine's own may reach it. */
export function stubAwsEnvironment(env: Readonly<Record<string, string>>): void {
  const nowhere = path.join(os.tmpdir(), 'no-such-aws-configuration');
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', nowhere);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', nowhere);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
}

export interface ServedAccount {
  readonly aws: EmbeddedAws;
  readonly url: string;
  /** What must never be printed. */
  readonly secretValues: readonly string[];
  /** Signs from now on as this person of the test policy, or as the administrator. */
  actAs(who: 'administrator' | 'ana' | 'ben' | 'carla'): void;
  close(): Promise<void>;
}

/**
 * An embedded AWS on loopback with one account: an unused key, a busy one, a protected one, a forgotten secret, and
 * three people of security.
 */
export async function serveAccount(): Promise<ServedAccount> {
  const aws = new EmbeddedAws({ now: CLI_START, report: { polls: 0 } });
  const account = aws.account(CLI_ACCOUNT);
  const secretValues: string[] = ['planted-secret-value-7f3k'];
  const people = new Map<string, { readonly id: string; readonly secretAccessKey: string }>();
  const addKey = (name: string, path: string, owner: string | undefined, usedDaysAgo: number) => {
    account.addUser({
      name,
      path,
      createdAt: daysAfterStart(-300),
      ...(owner === undefined ? {} : { tags: { owner } }),
    });
    const key = account.addAccessKey(name, {
      createdAt: daysAfterStart(-80),
      lastUsed: { at: daysAfterStart(-usedDaysAgo) },
    });
    secretValues.push(key.secretAccessKey);
    return key;
  };
  for (const person of ['ana', 'ben', 'carla']) people.set(person, addKey(person, '/people/', undefined, 0));
  addKey('forgotten', '/ci/', 'ana', 70);
  addKey('busy', '/ci/', 'ana', 0);
  addKey('emergency', '/break-glass/', 'ana', 75);
  account.addSecret('eu-central-1', {
    name: 'old/token',
    value: 'planted-secret-value-7f3k',
    tags: { owner: 'ben' },
    createdAt: daysAfterStart(-200),
    lastAccessedAt: daysAfterStart(-150),
  });
  const server = await startEmbeddedServer(aws, { port: 0 });
  const { accessKeyId, secretAccessKey } = account.credentials();
  const base = { AWS_ENDPOINT_URL: server.url, AWS_REGION: 'eu-central-1' };
  const sign = (id: string, secret: string) =>
    stubAwsEnvironment({ ...base, AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret });
  sign(accessKeyId, secretAccessKey);
  return {
    aws,
    url: server.url,
    secretValues,
    actAs: (who) => {
      const person = people.get(who);
      if (person === undefined) sign(accessKeyId, secretAccessKey);
      else sign(person.id, person.secretAccessKey);
    },
    close: () => server.close(),
  };
}
