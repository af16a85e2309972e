import { GetResourcePolicyCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  foreignDigests,
  type ResourcePolicy,
  readResourcePolicy,
  restDigest,
} from '../domain/quarantine-statement.ts';
import * as z from '../domain/zod.ts';
import { read } from './attempt.ts';

/** What a scope remembers of a resource policy: whether ours is in it, and digests of what is not ours. */
export const policyStateSchema = z.lazy(() =>
  z.strictObject({
    quarantined: z.boolean(),
    /** How `Statement` was written, so that restoring writes it the same way. */
    statementForm: z.enum(['none', 'object', 'array']),
    foreignStatements: z.array(z.string()),
    /** Digest of Version, Id and the like. */
    rest: z.string(),
  }),
);
export type PolicyState = z.infer<typeof policyStateSchema>;

export function policyState(policy: ResourcePolicy): PolicyState {
  return {
    quarantined: policy.quarantine === 'ours',
    statementForm: policy.form,
    foreignStatements: foreignDigests(policy),
    rest: restDigest(policy),
  };
}

/** Whether all that is not ours is there, and nothing else of others. */
export function sameForeign(a: PolicyState, b: PolicyState): boolean {
  return lostForeign(a, b) === 0 && a.foreignStatements.length === b.foreignStatements.length;
}

/**
 * How many statements of others (or what stands beside them) that `before` had are missing or changed now.
 * What stands beside the statements counts only while there are statements it speaks of.
 */
export function lostForeign(before: PolicyState, now: PolicyState): number {
  const there = [...now.foreignStatements];
  let lost = 0;
  for (const digest of before.foreignStatements) {
    const index = there.indexOf(digest);
    if (index === -1) lost += 1;
    else there.splice(index, 1);
  }
  const restMatters = before.foreignStatements.length > 0 && now.foreignStatements.length > 0;
  return restMatters && before.rest !== now.rest ? lost + 1 : lost;
}

export type PolicyRead =
  | { readonly ok: true; readonly policy: ResourcePolicy }
  | {
      readonly ok: false;
      readonly code: 'gone' | 'unreadable' | 'policy-malformed';
      readonly reason: string;
    };

/** The resource policy as it is now. */
export async function readPolicy(
  client: SecretsManagerClient,
  arn: string,
  http: { readonly abortSignal?: AbortSignal } = {},
): Promise<PolicyRead> {
  const answer = await read('secretsmanager:GetResourcePolicy', () =>
    client.send(new GetResourcePolicyCommand({ SecretId: arn }), http),
  );
  if (!answer.ok) {
    return { ok: false, code: answer.code === 'not-found' ? 'gone' : 'unreadable', reason: answer.reason };
  }
  return readResourcePolicy(answer.value.ResourcePolicy);
}
