import { JanitorError } from '../domain/error.ts';
import { compilePolicy, type Judge, policyFromArchive } from '../policy/index.ts';

/** The judge of an archived policy; throws `policy-archive-broken` when the text has not the hash asked for. */
export function judgeFromArchive(text: string, hash: string): Judge {
  const policy = policyFromArchive(text);
  if (policy.hash === hash) return compilePolicy(policy);
  throw new JanitorError(`the archive of policy ${hash} holds policy ${policy.hash}`, {
    code: 'policy-archive-broken',
    source: 'system',
    hint: 'Take the archived object with this hash from the evidence store again; it is written once.',
  });
}
