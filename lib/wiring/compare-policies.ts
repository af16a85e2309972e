import path from 'node:path';
import { foldActivation } from '../domain/account-chains.ts';
import { JanitorError } from '../domain/error.ts';
import { subjects } from '../domain/subject.ts';
import { readPolicyText } from '../ledger/index.ts';
import { diffPolicies, loadPolicy, type Policy } from '../policy/index.ts';
import { archivedPolicy } from './archive.ts';
import type { StateFlags } from './flags.ts';
import { type OpenLedger, openLedger } from './open-ledger.ts';
import type { Surroundings } from './surroundings.ts';

/** Versions of the policy, each a folder or the hash of an archived one; `before` left out: the active one. */
export interface VersionsToCompare {
  readonly before?: string;
  readonly after: string;
}

export interface ComparedPolicies {
  readonly before: string;
  readonly after: string;
  readonly differences: ReturnType<typeof diffPolicies>;
}

/**
 * What one version of the policy changes of another. The record is opened only for a version that lies there.
 * Throws `policy-invalid`, `policy-not-archived` and `policy-none-active`.
 */
export async function comparePolicies(
  { before, after }: VersionsToCompare,
  flags: StateFlags,
  surroundings: Surroundings,
): Promise<ComparedPolicies> {
  const isRecorded = before === undefined || isHash(before) || isHash(after);
  const record = isRecorded ? await openLedger(flags, surroundings) : undefined;
  try {
    const old = await versionOf(before ?? (await activeHash(record)), record, surroundings);
    const next = await versionOf(after, record, surroundings);
    return { before: old.hash, after: next.hash, differences: diffPolicies(old, next) };
  } finally {
    await record?.close();
  }
}

function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

async function versionOf(
  version: string,
  record: OpenLedger | undefined,
  { cwd }: Surroundings,
): Promise<Policy> {
  if (record === undefined || !isHash(version)) return loadPolicy(path.resolve(cwd, version));
  const text = await readPolicyText(record.evidence, version);
  if (text !== undefined) return archivedPolicy(text, version);
  throw new JanitorError(`no policy ${version} is archived there`, {
    code: 'policy-not-archived',
    source: 'user',
    hint: 'Give the whole hash of a version that was proposed, activated or swept with, or the folder that holds it.',
  });
}

async function activeHash(record: OpenLedger | undefined): Promise<string> {
  const events = (await record?.ledger.chain(subjects.activation)) ?? [];
  const { active } = foldActivation(events);
  if (active !== undefined) return active.hash;
  throw new JanitorError('no version of the policy is active there', {
    code: 'policy-none-active',
    source: 'user',
    hint: 'Name two versions: janitor policy diff BEFORE AFTER.',
  });
}
