import path from 'node:path';
import { checkPolicy, type Policy, policyInvalid } from '../policy/index.ts';
import type { MemberPurpose } from './names.ts';

/** The policy of a deployment, and what of it the infrastructure follows. Throws `policy-invalid`. */
export async function deployedPolicy(
  folder: string,
  root: string,
): Promise<{ policy: Policy; folder: string }> {
  const dir = path.resolve(root, folder);
  const checked = await checkPolicy(dir);
  if (!checked.ok) throw policyInvalid(checked.problems);
  return { policy: checked.policy, folder: dir };
}

/** Which role does a step, as it is written in the policy; telling somebody needs none. */
function purposeOf(step: StepEntry): MemberPurpose | undefined {
  if (step === 'notify') return undefined;
  if (step === 'tag') return 'tag';
  return 'disable' in step ? 'quarantine' : 'delete';
}

type StepEntry = Policy['document']['rules'][number]['steps'][number];

/** The member roles that rules named under `enforce` need: reading alone while the policy only observes. */
export function purposesOf({ document }: Policy): MemberPurpose[] {
  if (document.mode !== 'enforce') return ['read'];
  const enforced = new Set(document.enforce.flatMap((entry) => entry.rules));
  const needed = new Set<MemberPurpose>(['read']);
  for (const { id, steps } of document.rules) {
    if (!enforced.has(id)) continue;
    for (const step of steps) {
      const purpose = purposeOf(step);
      if (purpose !== undefined) needed.add(purpose);
    }
  }
  return [...needed];
}
