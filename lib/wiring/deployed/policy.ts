import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKED_POLICY, type Policy, unpackPolicy } from '../../policy/index.ts';
import type { Environment } from './environment.ts';

/** The policy deployed with a function: packed in the folder beside its code, or in POLICY_DIR. */
export async function deployedPolicy({ POLICY_DIR }: Pick<Environment, 'POLICY_DIR'>): Promise<Policy> {
  const folder = POLICY_DIR ?? path.join(path.dirname(fileURLToPath(import.meta.url)), 'policy');
  return unpackPolicy(await readFile(path.join(folder, PACKED_POLICY), 'utf8'));
}
