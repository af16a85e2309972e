import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect } from 'vitest';
import {
  type ActingClients,
  type ChangeRequest,
  performChange,
  prepareChange,
  readBackChange,
} from '../../lib/actions/index.ts';
import { canonical } from '../../lib/domain/canonical.ts';
import type { Credential } from '../../lib/domain/credential.ts';
import { type Scope, scopeSchema } from '../../lib/domain/event.ts';
import { EmbeddedAws, type EmbeddedAwsOptions } from '../../lib/embedded-aws/index.ts';
import { ACCOUNT, accessKey, type CredentialOverrides, fact, NOW, secret } from '../builders/credential.ts';

export const REGION = 'eu-central-1';
export const ONCE = { requestTimeoutMs: 20_000 };

/** An embedded account, the clients that change it, and the owner's hand in it. */
export function actingWorld(options: EmbeddedAwsOptions = {}) {
  const aws = new EmbeddedAws({ now: NOW, ...options });
  const account = aws.account(ACCOUNT);
  return { aws, account, clients: clientsOf(aws) };
}

export function clientsOf(aws: EmbeddedAws, maxAttempts = 1): ActingClients {
  const config = {
    credentials: aws.account(ACCOUNT).credentials(),
    requestHandler: aws.requestHandler(),
    maxAttempts,
  };
  return {
    iam: new IAMClient({ ...config, region: 'us-east-1' }),
    secretsManager: (region) => new SecretsManagerClient({ ...config, region }),
  };
}

export type ActingWorld = ReturnType<typeof actingWorld>;

export const USER = { name: 'deployer', path: '/ci/' };
export const USER_ARN = `arn:aws:iam::${ACCOUNT}:user/ci/deployer`;
export const KEY_ID = 'AKIAEXAMPLEDEPLOYER0';

/** The user `ci/deployer` with one access key, as the credential the inventory would read. */
export function seedKey(
  { account }: ActingWorld,
  seed: { readonly status?: 'Active' | 'Inactive' | 'Expired'; readonly tags?: Record<string, string> } = {},
): Credential {
  account.addUser({ ...USER, ...(seed.tags === undefined ? {} : { tags: seed.tags }) });
  account.addAccessKey(USER.name, { id: KEY_ID, status: seed.status ?? 'Active' });
  return accessKey({ name: KEY_ID });
}

/** A secret, as the credential the inventory would read. */
export function seedSecret(
  { account }: ActingWorld,
  seed: Omit<Parameters<ActingWorld['account']['addSecret']>[1], 'name'> = {},
  overrides: CredentialOverrides = {},
): Credential {
  const id = account.addSecret(REGION, { name: 'prod/db', value: 'not-shown', ...seed });
  return secret({
    id,
    region: REGION,
    ...overrides,
    facts: { status: fact('active', NOW), ...overrides.facts },
  });
}

/** Prepares, keeps the scope as the ledger would, acts once and reads back; every part must succeed. */
export async function apply(clients: ActingClients, request: ChangeRequest) {
  const prepared = await prepareChange(clients, request);
  if (!prepared.ok) throw new Error(`${request.change} was refused: ${prepared.code}: ${prepared.reason}`);
  const scope = stored(prepared.scope);
  const performed = await performChange(clients, scope, ONCE);
  if (performed.outcome !== 'accepted') throw new Error(`${request.change}: ${performed.reason}`);
  const readBack = await readBackChange(clients, scope);
  expect(readBack.state).toBe('applied');
  return { scope, performed, readBack };
}

export async function scopeOf(clients: ActingClients, request: ChangeRequest): Promise<Scope> {
  const prepared = await prepareChange(clients, request);
  if (!prepared.ok) throw new Error(`${request.change} was refused: ${prepared.code}: ${prepared.reason}`);
  return stored(prepared.scope);
}

/** The code of a refusal; fails when there is none. */
export async function refusal(clients: ActingClients, request: ChangeRequest): Promise<string> {
  const prepared = await prepareChange(clients, request);
  if (prepared.ok) throw new Error(`${request.change} was not refused`);
  expect(prepared.reason).not.toBe('');
  return prepared.code;
}

/** A scope as a later process finds it in the ledger. */
export function stored(scope: Scope): Scope {
  return scopeSchema.parse(JSON.parse(canonical(scope)));
}

/** All durable state but the clock, policies by meaning and not by white space. */
export function stateOf(aws: EmbeddedAws): unknown {
  const { accounts } = aws.snapshot();
  return JSON.parse(JSON.stringify(accounts), (name, value: unknown) =>
    name === 'policy' && typeof value === 'string' ? canonical(JSON.parse(value)) : value,
  );
}

/** What was called, reads left out. */
export function writes(aws: EmbeddedAws): string[] {
  return aws.calls.all
    .map(({ service, operation }) => `${service}:${operation}`)
    .filter((name) => !/:(List|Get|Describe)/.test(name));
}
