import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkPolicy, PACKED_POLICY, type Policy, packPolicy, policyInvalid } from '../policy/index.ts';
import type { MemberPurpose } from './names.ts';
import type { RotationReach } from './rotation/reach.ts';

/** The policy of a deployment, and what of it the infrastructure follows. Throws `policy-invalid`. */
export async function deployedPolicy(folder: string, root: string): Promise<Policy> {
  const checked = await checkPolicy(path.resolve(root, folder));
  if (!checked.ok) throw policyInvalid(checked.problems);
  return checked.policy;
}

/** Writes the policy as functions carry it into a folder, from where bundling takes it. Returns its path. */
export function writePackedPolicy(policy: Policy, folder: string): string {
  const file = path.join(folder, PACKED_POLICY);
  writeFileSync(file, packPolicy(policy));
  return file;
}

/** Which role does a step; telling somebody needs none. */
const PURPOSES: Readonly<Record<string, MemberPurpose>> = {
  tag: 'tag',
  rotate: 'rotate',
  disable: 'quarantine',
  delete: 'delete',
};

/** A step is written as its name, or as an object whose key it is. */
function purposeOf(step: StepEntry): MemberPurpose | undefined {
  const [name = ''] = typeof step === 'string' ? [step] : Object.keys(step);
  return PURPOSES[name];
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

/** How far the rights to rotate access keys go by this policy. */
export function reachOf({ document }: Policy): RotationReach {
  const { stores, deliveries } = document.rotation;
  return {
    storeNames: stores.name === undefined ? [] : [stores.name.replace('{userName}', '*')],
    comparesIds: stores.compareIds,
    delivers: deliveries.length > 0,
  };
}

/** Accounts of outside parties that the directory registers; whether a contract has ended is judged at each call. */
export function outsideAccountsOf({ directory }: Policy): string[] {
  return directory.externalParties.flatMap(({ accounts = [] }) => accounts);
}
