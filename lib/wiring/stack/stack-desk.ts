import type * as z from 'zod';
import {
  activationView,
  haltView,
  planDecisionView,
  restoredView,
  rotationView,
  stoppedRotationsView,
} from '../../api/index.ts';
import { loadPolicy } from '../../policy/index.ts';
import { resolveCredentialId, resolveSeenCredentialId } from '../credential-id.ts';
import type { Operation } from '../deployed/operations.ts';
import type { Desk } from '../desk.ts';
import type { ReadingFlags } from '../flags.ts';
import { policyDirectory } from '../policy-directory.ts';
import type { Surroundings } from '../surroundings.ts';
import { askToOperate } from './ask-to-operate.ts';
import { type OpenStack, openStack } from './open-stack.ts';

/** Asks the operate function of a stack: nobody at a keyboard writes the record of a deployed janitor. */
export function stackDesk(name: string, flags: ReadingFlags, surroundings: Surroundings): Desk {
  const within = async <T>(work: (stack: OpenStack) => Promise<T>): Promise<T> => {
    const stack = await openStack(name, flags);
    try {
      return await work(stack);
    } finally {
      await stack.close();
    }
  };
  const ask = <T>(operation: Operation, answer: z.ZodType<T>) =>
    within((stack) => askToOperate(stack, operation, answer));
  return {
    halt: (order) => ask({ operation: 'halt', ...order }, haltView),
    resume: (order) => ask({ operation: 'resume', ...order }, haltView),
    allowRotations: (order) => ask({ operation: 'allow-rotations', ...order }, stoppedRotationsView),
    approve: (planId) => ask({ operation: 'approve', planId }, planDecisionView),
    reject: (planId, reason) => ask({ operation: 'reject', planId, reason }, planDecisionView),
    restore: (typed, reason) =>
      within(async (stack) => {
        const credentialId = await resolveCredentialId(stack, typed);
        const operation = { operation: 'restore', credentialId, reason } as const;
        return { credentialId, ...(await askToOperate(stack, operation, restoredView)) };
      }),
    rotate: (typed, reason) =>
      within(async (stack) => {
        const credentialId = await resolveSeenCredentialId(stack, typed, stack.clock.now());
        return askToOperate(stack, { operation: 'rotate', credentialId, reason }, rotationView);
      }),
    activate: () =>
      within(async (stack) => {
        const hash = await hashMeant(stack, flags, surroundings);
        return askToOperate(stack, { operation: 'activate', hash }, activationView);
      }),
  };
}

/** With `--policy` the version in that folder, which the function refuses if it runs another; else what it runs. */
async function hashMeant(
  { name, outputs }: OpenStack,
  { policy }: ReadingFlags,
  { cwd, note }: Surroundings,
): Promise<string> {
  if (policy !== undefined) return (await loadPolicy(policyDirectory(policy, cwd).dir)).hash;
  const { PolicyHash: hash } = outputs;
  await note(
    `Stack ${name} runs policy ${hash.slice(0, 12)}; --policy DIR makes sure that it is the one in a folder.`,
  );
  return hash;
}
