import type { Policy } from './policy.ts';

/**
 * As `policyFromArchive`, which comes with every schema of the policy: deployed functions load those only when the
 * version in force is not the one they carry.
 */
export async function unarchivePolicy(text: string): Promise<Policy> {
  const { policyFromArchive } = await import('./policy-from-archive.ts');
  return policyFromArchive(text);
}
