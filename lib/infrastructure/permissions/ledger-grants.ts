import type { Grant, GrantResources } from './grant.ts';

/** Name of the ledger's index by 15-minute interval; lib/ledger reads it, a test holds both equal. */
export const LEDGER_INDEX = 'by-bucket';
/** Names of the state table's indexes; lib/ledger reads them, a test holds both equal. */
export const STATE_INDEX_NAMES = {
  owner: 'by-owner',
  due: 'by-due',
  name: 'by-name',
  listing: 'by-listing',
} as const;

/** Limits a statement to partitions of the ledger; a call that names no partition is not allowed either. */
function partitions(subjects: readonly string[]): NonNullable<Grant['conditions']> {
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...subjects] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}

const BY_KEY_PREFIX =
  'One * ends each prefix of subjects (dynamodb:LeadingKeys), which name accounts and credentials.';

/** Appending: PutItem and nothing else, so that no item is ever changed or removed (G7). */
export function appendTo(of: GrantResources, ...subjects: readonly string[]): Grant {
  return {
    sid: 'AppendToLedger',
    actions: ['dynamodb:PutItem'],
    resources: [of.ledgerTable],
    conditions: partitions(subjects),
    wildcard: BY_KEY_PREFIX,
  };
}

/** Reading single chains, strongly consistent. */
export function readChains(of: GrantResources, ...subjects: readonly string[]): Grant {
  return {
    sid: 'ReadChains',
    actions: ['dynamodb:GetItem', 'dynamodb:Query'],
    resources: [of.ledgerTable],
    conditions: partitions(subjects),
    wildcard: BY_KEY_PREFIX,
  };
}

/** Reading every chain, by subject and by interval: whoever recovers from a crash looks at what was left behind. */
export function readWholeLedger(of: GrantResources): Grant {
  return {
    sid: 'ReadLedger',
    actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:BatchGetItem'],
    resources: [of.ledgerTable, `${of.ledgerTable}/index/${LEDGER_INDEX}`],
  };
}

/** The projection is rebuilt from the ledger at any time, so writing it over is no loss. */
export function projectState(of: GrantResources): Grant {
  return {
    sid: 'ProjectState',
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    resources: [of.stateTable],
  };
}

/** Reading every chain but none in bulk. */
export function readChainsOfAll(of: GrantResources): Grant {
  return { ...readWholeLedger(of), actions: ['dynamodb:GetItem', 'dynamodb:Query'] };
}

/** For whoever records on a chain and lists what was asked, of which the projection has partitions. */
export function projectAsked(of: GrantResources): Grant {
  return { ...projectState(of), sid: 'ProjectAsked', actions: ['dynamodb:PutItem', 'dynamodb:Query'] };
}

/** Lists of the projection: each index is one list. */
export function listState(
  of: GrantResources,
  ...indexes: readonly (keyof typeof STATE_INDEX_NAMES)[]
): Grant {
  return {
    sid: 'ListState',
    actions: ['dynamodb:Query'],
    resources: indexes.map((index) => `${of.stateTable}/index/${STATE_INDEX_NAMES[index]}`),
  };
}

/** For whoever records on a chain and never asks the projection. */
export function writeState(of: GrantResources): Grant {
  return { ...projectState(of), sid: 'WriteState', actions: ['dynamodb:PutItem'] };
}

/** DynamoDB opens a table under a customer-managed key in the caller's name. */
export function useTablesKey(of: GrantResources): Grant {
  return {
    sid: 'OpenTables',
    actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
    resources: [of.recordKey],
    conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${of.region}.${of.dnsSuffix}` } },
    indirect: 'DynamoDB calls KMS in the name of whoever reads or writes the table.',
  };
}
