import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPolicy, type Policy } from '../../policy/index.ts';
import type { Environment } from './environment.ts';

/** The policy deployed with a function: the folder beside its code, or POLICY_DIR. */
export function deployedPolicy({ POLICY_DIR }: Pick<Environment, 'POLICY_DIR'>): Promise<Policy> {
  return loadPolicy(POLICY_DIR ?? path.join(path.dirname(fileURLToPath(import.meta.url)), 'policy'));
}
