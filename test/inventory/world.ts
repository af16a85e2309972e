import { type HttpHandler, HttpResponse } from '@smithy/core/protocols';
import { type AwsClients, createAwsClients } from '../../lib/aws/index.ts';
import type { Credential } from '../../lib/domain/credential.ts';
import { knownValue } from '../../lib/domain/fact.ts';
import { type EmbeddedAccount, EmbeddedAws, type EmbeddedAwsOptions } from '../../lib/embedded-aws/index.ts';
import {
  type InventoryOptions,
  type InventorySummary,
  type RememberedKey,
  type RememberedKeys,
  readInventory,
} from '../../lib/inventory/index.ts';

/** The instant of the worlds below, a Thursday. */
export const NOW = '2026-10-15T09:00:00.000Z';
export const ACCOUNT = '111122223333';

/** What a scripted operation answers: an XML result, or any whole response. */
export type Script = Readonly<Record<string, () => string | HttpResponse>>;

export interface TestWorld {
  readonly aws: EmbeddedAws;
  readonly account: EmbeddedAccount;
  readonly clients: AwsClients;
}

/** An embedded AWS at NOW with one account and clients for it; `script` answers IAM operations in its place. */
export async function testWorld(options: EmbeddedAwsOptions & { script?: Script } = {}): Promise<TestWorld> {
  const { script = {}, ...world } = options;
  const aws = new EmbeddedAws({ now: NOW, ...world });
  const account = aws.account(ACCOUNT);
  const clients = await createAwsClients({
    region: 'eu-central-1',
    credentials: account.credentials(),
    requestHandler: () => scripted(aws.requestHandler(), script),
    retryDelays: 'none',
  });
  return { aws, account, clients };
}

export interface ReadResult {
  readonly credentials: readonly Credential[];
  /** The access keys among them, without root's. */
  readonly keys: readonly Credential[];
  readonly summary: InventorySummary;
  /** Calls of this reading alone. */
  readonly calls: Readonly<Record<string, number>>;
  of(name: string): Credential;
}

/** Reads the world's account once, by default every key id and nothing resting on disuse, secrets of one Region. */
export async function readWorld(
  { aws, clients }: TestWorld,
  overrides: Partial<InventoryOptions> & { allRegions?: boolean } = {},
): Promise<ReadResult> {
  const { allRegions = false, ...options } = overrides;
  const before = aws.calls.size;
  const inventory = readInventory({
    clients,
    accountId: ACCOUNT,
    partition: 'aws',
    clock: { now: () => aws.clock.now().toISOString() },
    remembered: new Map(),
    readAllKeyIds: true,
    worthReading: () => false,
    restsOnDisuse: () => false,
    ...(allRegions ? {} : { regions: ['eu-central-1'] }),
    ...options,
  });
  const credentials: Credential[] = [];
  for await (const credential of inventory.credentials()) credentials.push(credential);
  return {
    credentials,
    keys: credentials.filter(({ kind }) => kind === 'access-key'),
    summary: inventory.summary(),
    calls: aws.calls.counts(before),
    of: (name) => {
      const found = credentials.filter((each) => each.name === name || each.id.endsWith(name));
      if (found.length !== 1 || found[0] === undefined)
        throw new Error(`${found.length} credentials are called ${name}`);
      return found[0];
    },
  };
}

function scripted(handler: HttpHandler, script: Script): HttpHandler {
  return {
    ...handler,
    async handle(request, options) {
      const operation =
        new URLSearchParams(typeof request.body === 'string' ? request.body : '').get('Action') ?? '';
      const answer = script[operation]?.();
      if (answer === undefined) return handler.handle(request, options);
      return { response: typeof answer === 'string' ? xmlResponse(operation, answer) : answer };
    },
  };
}

function xmlResponse(operation: string, result: string): HttpResponse {
  const body = `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`;
  return response(200, 'text/xml', body);
}

/** A whole HTTP answer, for what is no answer of AWS. */
export function response(statusCode: number, contentType: string, body: string): HttpResponse {
  return new HttpResponse({
    statusCode,
    headers: { 'content-type': contentType },
    body: new TextEncoder().encode(body),
  });
}

/** What GetCredentialReport says of a report: the CSV of rows given by column name. */
export function reportResult(
  rows: readonly Readonly<Record<string, string>>[],
  generatedAt = '2026-10-15T08:00:00Z',
): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [
    columns.join(','),
    ...rows.map((row) => columns.map((column) => row[column] ?? '').join(',')),
  ];
  const content = Buffer.from(lines.join('\n')).toString('base64');
  return `<Content>${content}</Content><ReportFormat>text/csv</ReportFormat><GeneratedTime>${generatedAt}</GeneratedTime>`;
}

/** A row of the credential report with every column: a user without credentials. */
export function reportRow(overrides: Readonly<Record<string, string>> = {}): Record<string, string> {
  const user = overrides.user ?? 'deployer';
  return {
    user,
    arn: `arn:aws:iam::${ACCOUNT}:user/ci/${user}`,
    user_creation_time: '2025-01-01T00:00:00+00:00',
    password_enabled: 'false',
    password_last_used: 'N/A',
    password_last_changed: 'N/A',
    password_next_rotation: 'N/A',
    mfa_active: 'false',
    ...emptySlot(1),
    ...emptySlot(2),
    cert_1_active: 'false',
    cert_1_last_rotated: 'N/A',
    cert_2_active: 'false',
    cert_2_last_rotated: 'N/A',
    ...overrides,
  };
}

function emptySlot(slot: number): Record<string, string> {
  return {
    [`access_key_${slot}_active`]: 'false',
    [`access_key_${slot}_last_rotated`]: 'N/A',
    [`access_key_${slot}_last_used_date`]: 'N/A',
    [`access_key_${slot}_last_used_region`]: 'N/A',
    [`access_key_${slot}_last_used_service`]: 'N/A',
  };
}

/** The columns of an active key in a slot, never used unless told. */
export function activeKey(slot: number, rotated: string, lastUsed?: string): Record<string, string> {
  return {
    [`access_key_${slot}_active`]: 'true',
    [`access_key_${slot}_last_rotated`]: rotated,
    [`access_key_${slot}_last_used_date`]: lastUsed ?? 'N/A',
    [`access_key_${slot}_last_used_region`]: lastUsed === undefined ? 'N/A' : 'us-east-1',
    [`access_key_${slot}_last_used_service`]: lastUsed === undefined ? 'N/A' : 's3',
  };
}

/** What a caller would remember of a reading: the keys whose ids it learnt. */
export function rememberedFrom(credentials: readonly Credential[]): RememberedKeys {
  const remembered = new Map<string, readonly RememberedKey[]>();
  for (const { kind, principal, facts } of credentials) {
    const accessKeyId = knownValue(facts.accessKeyId);
    if (kind !== 'access-key' || principal === undefined || accessKeyId === undefined) continue;
    const [createdAt, status] = [knownValue(facts.createdAt) ?? '', knownValue(facts.status) ?? ''];
    const keys = remembered.get(principal.arn) ?? [];
    remembered.set(principal.arn, [...keys, { accessKeyId, createdAt, status }]);
  }
  return remembered;
}

export const OLD_KEY = 'AKIAEXAMPLE0000000A1';
export const NEW_KEY = 'AKIAEXAMPLE0000000A2';

/** A user `/ci/deployer` with an old active key, used in June, and a newer inactive one. */
export async function deployerWorld(options: Parameters<typeof testWorld>[0] = {}): Promise<TestWorld> {
  const made = await testWorld(options);
  const { account } = made;
  account.addUser({ name: 'deployer', path: '/ci/', createdAt: '2025-01-01T00:00:00Z' });
  account.addAccessKey('deployer', {
    id: OLD_KEY,
    createdAt: '2025-02-01T00:00:00Z',
    lastUsed: { at: '2026-06-01T10:00:00Z' },
  });
  account.addAccessKey('deployer', { id: NEW_KEY, createdAt: '2025-03-01T00:00:00Z', status: 'Inactive' });
  return made;
}
