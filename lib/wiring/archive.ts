import { JanitorError } from '../domain/error.ts';
import { compilePolicy, type Judge, type Policy, policyFromArchive } from '../policy/index.ts';

/** An archived policy; throws `policy-archive-broken` when the text has not the hash asked for. */
export function archivedPolicy(text: string, hash: string): Policy {
  const policy = policyFromArchive(text);
  if (policy.hash === hash) return policy;
  throw new JanitorError(`the archive of policy ${hash} holds policy ${policy.hash}`, {
    code: 'policy-archive-broken',
    source: 'system',
    hint: 'Take the archived object with this hash from the evidence store again; it is written once.',
  });
}

/** The judge of an archived policy. Throws as `archivedPolicy`. */
export function judgeFromArchive(text: string, hash: string): Judge {
  return compilePolicy(archivedPolicy(text, hash));
}
