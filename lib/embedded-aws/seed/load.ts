import type * as z from 'zod';
import type { EmbeddedAccount } from '../embedded-account.ts';
import type { EmbeddedAws } from '../embedded-aws.ts';
import { type AccountSeed, SeedDocument } from './schema.ts';
import { seedError } from './seed-error.ts';

/**
 * Puts everything a seed document describes into the world and returns the ids of its accounts. Throws
 * `seed-invalid` naming every problem of the document at once; then nothing was seeded.
 */
export function loadSeed(aws: EmbeddedAws, document: unknown): readonly string[] {
  const parsed = SeedDocument.safeParse(document);
  if (!parsed.success) {
    throw seedError(
      `The seed document is not valid: ${parsed.error.issues.flatMap((issue) => said(issue, [])).join('; ')}`,
      'Correct the places named; nothing was seeded.',
    );
  }
  if (parsed.data.now !== undefined) aws.clock.set(parsed.data.now);
  for (const seed of parsed.data.accounts) loadAccount(aws.account(seed.id), seed);
  return parsed.data.accounts.map(({ id }) => id);
}

type Issue = z.core.$ZodIssue;

const KINDS: Readonly<Record<string, string>> = {
  string: 'text in quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object { }',
  record: 'an object { }',
  array: 'a list [ ]',
};

/** `accounts[0].id wants text in quotes`: the place and what belongs there; of alternatives the one that comes closest. */
function said(issue: Issue, above: readonly PropertyKey[]): string[] {
  const path = [...above, ...issue.path];
  const place = path.length === 0 ? 'the document' : placeOf(path);
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const closest = issue.errors.toSorted((a, b) => a.length - b.length)[0] ?? [];
    return closest.flatMap((inner) => said(inner, path));
  }
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${placeOf([...path, key])} is no known key`);
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input'))
    return [`${place} wants ${KINDS[issue.expected] ?? issue.expected}`];
  if (issue.code === 'invalid_value') return [`${place} wants ${issue.values.map(String).join(' or ')}`];
  return [`${place}: ${issue.message}`];
}

function placeOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

function loadAccount(account: EmbeddedAccount, seed: AccountSeed): void {
  if (seed.alias !== undefined) account.alias = seed.alias;
  if (seed.outside === true) account.organizationId = undefined;
  for (const region of seed.optedInRegions ?? []) account.setRegion(region, 'ENABLED');
  for (const region of seed.disabledRegions ?? []) account.setRegion(region, 'DISABLED');
  if (seed.root !== undefined) account.setRoot(seed.root);
  loadIdentities(account, seed);
  for (const [region, secrets] of Object.entries(seed.secrets ?? {})) {
    for (const secret of secrets) account.addSecret(region, secret);
  }
  for (const { principal, actions } of seed.denied ?? []) account.deny(principal, actions);
}

function loadIdentities(account: EmbeddedAccount, seed: AccountSeed): void {
  for (const { name, path } of seed.groups ?? []) account.addGroup(name, path);
  for (const role of seed.roles ?? []) account.addRole(role);
  for (const user of seed.users ?? []) loadUser(account, user);
}

function loadUser(account: EmbeddedAccount, seed: NonNullable<AccountSeed['users']>[number]): void {
  const { accessKeys = [], serviceSpecificCredentials = [], ...user } = seed;
  account.addUser(user);
  for (const key of accessKeys) account.addAccessKey(user.name, key);
  for (const credential of serviceSpecificCredentials)
    account.addServiceSpecificCredential(user.name, credential);
}
