import type { Grant, GrantResources } from './grant.ts';

/** Objects of the work bucket under prefixes like `runs/`; a run's files are named by its id. */
export function workFiles(of: GrantResources, { read = [], write = [], list = [] }: WorkFiles): Grant[] {
  return [
    ...objects('ReadWork', ['s3:GetObject'], of.workBucket, read),
    ...objects('WriteWork', ['s3:PutObject'], of.workBucket, write),
    ...listing('ListWork', of.workBucket, list),
    keyThroughS3(of, of.operationsKey, { sid: 'OpenWork', writes: write.length > 0 }),
  ];
}

interface WorkFiles {
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  /** Listing also tells an absent object from a forbidden one. */
  readonly list?: readonly string[];
}

/** Evidence is put once and read; only the bucket's own lock decides when a version may go. */
export function evidence(
  of: GrantResources,
  { read = [], write = [] }: { readonly read?: readonly string[]; readonly write?: readonly string[] },
): Grant[] {
  return [
    ...objects('ReadEvidence', ['s3:GetObject'], of.evidenceBucket, read),
    ...objects('WriteEvidence', ['s3:PutObject'], of.evidenceBucket, write),
    ...listing('SeeEvidence', of.evidenceBucket, [...new Set([...read, ...write])]),
    keyThroughS3(of, of.recordKey, { sid: 'OpenEvidence', writes: write.length > 0 }),
  ];
}

function objects(
  sid: string,
  actions: readonly string[],
  bucket: string,
  prefixes: readonly string[],
): Grant[] {
  if (prefixes.length === 0) return [];
  const resources = prefixes.map((prefix) => `${bucket}/${prefix}*`);
  return [
    { sid, actions, resources, wildcard: 'Objects are named by account, run and content under this prefix.' },
  ];
}

function listing(sid: string, bucket: string, prefixes: readonly string[]): Grant[] {
  if (prefixes.length === 0) return [];
  return [
    {
      sid,
      actions: ['s3:ListBucket'],
      resources: [bucket],
      // A request for one object names no prefix, so the condition must let it pass.
      conditions: { StringLikeIfExists: { 's3:prefix': prefixes.map((prefix) => `${prefix}*`) } },
      indirect: 'Without it S3 answers 403 instead of 404 for an object that is not there.',
    },
  ];
}

function keyThroughS3(
  of: GrantResources,
  key: string,
  { sid, writes }: { readonly sid: string; readonly writes: boolean },
): Grant {
  return {
    sid,
    actions: writes ? ['kms:Decrypt', 'kms:GenerateDataKey'] : ['kms:Decrypt'],
    resources: [key],
    conditions: { StringEquals: { 'kms:ViaService': `s3.${of.region}.${of.dnsSuffix}` } },
    indirect: 'S3 calls KMS in the name of whoever reads or writes an encrypted object.',
  };
}
