import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, get } from 'node:https';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { startEmulator } from './emulator-process.ts';

const SCRIPT = join(import.meta.dirname, 'ministack_server.py');
const NODE_MODULES = join(import.meta.dirname, '..', '..', 'node_modules');
/** What starting takes at most, on a busy machine, and what its Lambda workers get to end. */
const GRACE_MS = 5000;

const started = z.object({ url: z.string(), certificate: z.string() });
const answered = z.object({ answer: z.record(z.string(), z.unknown()) });

const logGroups = z.record(z.string(), z.array(z.string()));

export const REGION = 'eu-central-1';

/** An event as an AWS service puts it on a bus; PutEvents refuses sources that begin with `aws.` from anybody else. */
export interface ServiceEvent {
  readonly Source: `aws.${string}`;
  readonly DetailType: string;
  readonly Detail: string;
  readonly EventBusName?: string;
  readonly Resources?: readonly string[];
}

/** A running MiniStack with TLS and with IAM enforced. It also ends by itself when this process ends. */
export interface MiniStack {
  readonly url: string;
  /** Path of the certificate that its clients have to trust. */
  readonly certificate: string;
  /** What the SDK of this process needs to call an account as its root user. */
  configuration(accountId: string): ClientConfiguration;
  /** Environment of a command that calls an account as its root user. */
  environment(accountId: string): Record<string, string>;
  /** Makes a key, and its user, look as if created then. */
  backdateKey(accountId: string, keyId: string, createdAt: string): Promise<void>;
  backdateSecret(accountId: string, arn: string, createdAt: string): Promise<void>;
  /** Puts events of AWS services on a bus of an account, through whatever rules are there. */
  emit(accountId: string, ...entries: readonly ServiceEvent[]): Promise<void>;
  /** Lines that functions of an account wrote to their log groups. */
  functionLogs(accountId: string): Promise<string[]>;
  /** What it keeps for tests to look at, such as /_ministack/ses/messages. */
  inspect(path: string): Promise<unknown>;
  log(characters?: number): string;
  stop(): Promise<void>;
}

export interface ClientConfiguration {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly requestHandler: { readonly httpsAgent: Agent };
}

/**
 * Starts MiniStack on a free loopback port, completed by ministack_completions.py unless `asItIs`.
 * Rejects with the end of its log when it ends before it listens.
 */
export async function startMiniStack(options: { readonly asItIs?: boolean } = {}): Promise<MiniStack> {
  const folder = await mkdtemp(join(tmpdir(), 'janitor-ministack-'));
  const emulator = startEmulator({
    emulator: 'ministack',
    args: [SCRIPT, folder, ...(options.asItIs === true ? ['--as-it-is'] : [])],
    environment: emulatorEnvironment(folder),
  });
  const { url, certificate } = started.parse(await emulator.hear());
  const httpsAgent = new Agent({ ca: await readFile(certificate), keepAlive: true });
  const ask = async (order: Readonly<Record<string, unknown>>) => {
    emulator.tell(order);
    const said = await emulator.hear();
    const parsed = answered.safeParse(said);
    if (parsed.success) return parsed.data.answer;
    throw new Error(`MiniStack refused ${JSON.stringify(order)}: ${JSON.stringify(said)}`);
  };
  return {
    url,
    certificate,
    configuration: (accountId) => ({
      endpoint: url,
      region: REGION,
      credentials: rootOf(accountId),
      requestHandler: { httpsAgent },
    }),
    environment: (accountId) => commandEnvironment({ url, certificate, accountId }),
    async backdateKey(accountId, keyId, createdAt) {
      await ask({ command: 'backdate-key', accountId, keyId, createdAt });
    },
    async backdateSecret(accountId, arn, createdAt) {
      const { backdated } = await ask({
        command: 'backdate-secret',
        accountId,
        region: REGION,
        arn,
        createdAt,
      });
      if (backdated !== 1) throw new Error(`account ${accountId} has no secret ${arn}`);
    },
    async emit(accountId, ...entries) {
      const { FailedEntryCount } = await ask({ command: 'emit', accountId, region: REGION, entries });
      if (FailedEntryCount !== 0) throw new Error(`MiniStack took not all of ${JSON.stringify(entries)}`);
    },
    functionLogs: async (accountId) =>
      Object.values(logGroups.parse(await ask({ command: 'logs', accountId, region: REGION }))).flat(),
    inspect: (path) => getJson(`${url}${path}`, httpsAgent),
    log: (characters) => emulator.log(characters),
    async stop() {
      httpsAgent.destroy();
      await emulator.end(GRACE_MS);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function getJson(url: string, agent: Agent): Promise<unknown> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      text(response).then((body) => resolve(JSON.parse(body)), reject);
    }).on('error', reject);
  });
}

/** MiniStack takes twelve digits as the key of the root user of that account. */
function rootOf(accountId: string): ClientConfiguration['credentials'] {
  return { accessKeyId: accountId, secretAccessKey: 'not-checked-for-root' };
}

/** Nothing of the caller's own AWS configuration gets in; Lambda functions inherit it all. */
function emulatorEnvironment(folder: string): Record<string, string> {
  return {
    PATH: pathWithThisNode(),
    HOME: folder,
    TMPDIR: folder,
    LOG_LEVEL: 'INFO',
    PYTHONDONTWRITEBYTECODE: '1',
    // Retries of the workflow wait a fiftieth of what they say.
    SFN_WAIT_SCALE: '0.02',
    // As in the Lambda runtime, CommonJS functions find the SDK without bringing it along: CDK's own ones rely on it.
    NODE_PATH: NODE_MODULES,
  };
}

interface CommandFacts {
  readonly url: string;
  readonly certificate: string;
  readonly accountId: string;
}

function commandEnvironment({ url, certificate, accountId }: CommandFacts): Record<string, string> {
  return {
    PATH: pathWithThisNode(),
    HOME: tmpdir(),
    AWS_ENDPOINT_URL: url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: rootOf(accountId).accessKeyId,
    AWS_SECRET_ACCESS_KEY: rootOf(accountId).secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    NODE_EXTRA_CA_CERTS: certificate,
  };
}

/** Functions and commands run on the Node that runs the tests: Lambda's own major. */
function pathWithThisNode(): string {
  return [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter);
}
