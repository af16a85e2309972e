import { JanitorError } from '../domain/error.ts';
import { compilePolicy, type Judge, type Policy, unarchivePolicy } from '../policy/index.ts';

/** An archived policy; throws `policy-archive-broken` when the text has not the hash asked for. */
export async function archivedPolicy(text: string, hash: string): Promise<Policy> {
  return asked(await unarchivePolicy(text), hash);
}

/** The judge of an archived policy. Throws as `archivedPolicy`. */
export async function judgeFromArchive(text: string, hash: string): Promise<Judge> {
  return compilePolicy(await archivedPolicy(text, hash));
}

function asked(policy: Policy, hash: string): Policy {
  if (policy.hash === hash) return policy;
  throw new JanitorError(`the archive of policy ${hash} holds policy ${policy.hash}`, {
    code: 'policy-archive-broken',
    source: 'system',
    hint: 'Take the archived object with this hash from the evidence store again; it is written once.',
  });
}
