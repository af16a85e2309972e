import { readPolicyText } from '../../ledger/index.ts';
import { loadPolicy, type Policy } from '../../policy/index.ts';
import type { ReadingContext } from '../../sweep/index.ts';
import { archivedPolicy } from '../archive.ts';
import type { AwsFlags } from '../flags.ts';
import type { Opened } from '../opened.ts';
import { policyDirectory } from '../policy-directory.ts';
import { readingContext } from '../reading-context.ts';
import type { Surroundings } from '../surroundings.ts';
import { type OpenStack, openStack } from './open-stack.ts';

/** Everything `scan --stack` needs: the caller's account as AWS shows it now, and the policy that the stack runs. */
export async function openStackReading(
  name: string,
  flags: AwsFlags,
  surroundings: Surroundings,
): Promise<Opened<ReadingContext>> {
  const stack = await openStack(name, flags);
  const { clients, clock, caller, close } = stack;
  try {
    const policy = await policyOfStack(stack, surroundings);
    const context = readingContext({ clock, policy, clients, caller, pause: clients.pause });
    return { context, caller, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** From the archive, where the first sweep or activation puts it; until then only a local folder can be judged by. */
async function policyOfStack(
  { name, outputs, evidence }: OpenStack,
  { cwd, note }: Surroundings,
): Promise<Policy> {
  const { PolicyHash: hash } = outputs;
  const text = await readPolicyText(evidence, hash);
  if (text !== undefined) return archivedPolicy(text, hash);
  const { dir } = policyDirectory(undefined, cwd);
  const policy = await loadPolicy(dir);
  const missing = `Stack ${name} has not archived its policy ${hash.slice(0, 12)} yet; its first sweep does.`;
  const instead =
    policy.hash === hash
      ? `The one in ${dir} is the same.`
      : `Judging by policy ${policy.hash.slice(0, 12)} in ${dir} instead, which may say something else.`;
  await note(`${missing} ${instead}`);
  return policy;
}
