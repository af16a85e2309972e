import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { JanitorError, messageOf } from '../domain/error.ts';
import {
  EmbeddedAws,
  type EmbeddedCredentials,
  loadSeed,
  MESSY_COMPANY_ACCOUNT,
  seedMessyCompany,
  startEmbeddedServer,
} from '../embedded-aws/index.ts';
import { demoPolicyDirectory } from './policy-directory.ts';

const REGION = 'eu-central-1';

export interface EmbeddedWorldFlags {
  readonly port: number;
  readonly now?: string | undefined;
  /** A JSON file with a SeedDocument. */
  readonly seed?: string | undefined;
  readonly scenario?: 'messy-company' | undefined;
}

type Exports = Readonly<Record<string, string>>;

/** An embedded AWS that is being served, and how to talk to it. */
export interface EmbeddedWorld {
  readonly url: string;
  /** The world itself; calls in this process are verified as those that come by HTTP are. */
  readonly aws: EmbeddedAws;
  readonly accountId: string;
  readonly region: string;
  /** Of the account's administrator. */
  readonly credentials: EmbeddedCredentials;
  /** Environment of the account's administrator. */
  readonly exports: Exports;
  /** Environments of people who may approve, where the scenario has some. */
  readonly people: readonly { readonly name: string; readonly exports: Exports }[];
  /** Folder of the policy that belongs to the scenario. */
  readonly policy?: string;
  close(): Promise<void>;
}

/** Fills a world and serves it. Throws `seed-invalid`, `seed-unreadable` and `port-unusable`. */
export async function openEmbeddedWorld(flags: EmbeddedWorldFlags, cwd: string): Promise<EmbeddedWorld> {
  const aws = new EmbeddedAws({ now: flags.now ?? (() => new Date()), verifySignatures: true });
  const people = flags.scenario === undefined ? [] : peopleOf(seedMessyCompany(aws).people);
  if (flags.seed !== undefined) loadSeed(aws, await seedDocument(path.resolve(cwd, flags.seed)));
  const credentials = aws.account(MESSY_COMPANY_ACCOUNT).credentials();
  const server = await startEmbeddedServer(aws, { port: flags.port });
  return {
    url: server.url,
    aws,
    accountId: MESSY_COMPANY_ACCOUNT,
    region: REGION,
    credentials,
    exports: { AWS_ENDPOINT_URL: server.url, ...signingWith(credentials), AWS_REGION: REGION },
    people,
    ...(flags.scenario === undefined ? {} : { policy: demoPolicyDirectory() }),
    close: () => server.close(),
  };
}

function peopleOf(people: Readonly<Record<string, EmbeddedCredentials>>): EmbeddedWorld['people'] {
  return Object.entries(people).map(([name, credentials]) => ({ name, exports: signingWith(credentials) }));
}

function signingWith({ accessKeyId, secretAccessKey }: EmbeddedCredentials): Exports {
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
}

async function seedDocument(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new JanitorError(`the seed ${file} cannot be read: ${messageOf(cause)}`, {
      code: 'seed-unreadable',
      source: 'user',
      hint: 'Give a JSON file that describes accounts, users and secrets.',
      cause,
    });
  }
}
