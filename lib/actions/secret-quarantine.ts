import {
  DeleteResourcePolicyCommand,
  PutResourcePolicyCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Credential } from '../domain/credential.ts';
import { JanitorError } from '../domain/error.ts';
import type { Scope } from '../domain/event.ts';
import {
  QUARANTINE_SID,
  QUARANTINE_STATEMENT,
  type ResourcePolicy,
  withoutQuarantine,
  withQuarantine,
} from '../domain/quarantine-statement.ts';
import * as z from '../domain/zod.ts';
import {
  type ActingClients,
  type AttemptOptions,
  attempt,
  mustNotRetry,
  type Rejected,
  singleCall,
} from './attempt.ts';
import { type ChangeReader, type Performed, type Prepared, type ReadBack, refused } from './change.ts';
import { secretLabel, untouchable } from './secret-holder.ts';
import {
  lostForeign,
  type PolicyState,
  policyState,
  policyStateSchema,
  readPolicy,
  sameForeign,
} from './secret-policy.ts';

/*
 * Secrets have no disabled state. Quarantine is one Deny under our own Sid, merged into the resource policy;
 * restoring takes only that statement out of the policy as it is then. Policies carry no version condition, so a
 * policy that somebody writes between our read and our write (milliseconds) is overwritten unseen: that is the
 * remaining race. Everything earlier is seen: the write is refused when the policy is not the one the scope
 * describes, and the read-back counts statements of others that went missing since.
 */
const PUT = 'secretsmanager:PutResourcePolicy';
const DELETE = 'secretsmanager:DeleteResourcePolicy';

const scopeSchema = z.lazy(() =>
  z.strictObject({
    action: z.enum([PUT, DELETE]),
    resource: z.string(),
    region: z.string(),
    parameters: z.union([
      z.strictObject({ SecretId: z.string(), addStatement: z.record(z.string(), z.unknown()) }),
      z.strictObject({ SecretId: z.string(), removeSid: z.literal(QUARANTINE_SID) }),
    ]),
    before: policyStateSchema,
    after: policyStateSchema,
  }),
);
type QuarantineScope = z.infer<typeof scopeSchema>;

export async function prepareSecretQuarantine(
  clients: ActingClients,
  credential: Credential,
): Promise<Prepared> {
  const refusal = untouchable(credential);
  if (refusal !== undefined) return refusal;
  const { id, region } = credential;
  const found = await readPolicy(clients.secretsManager(region), id);
  if (!found.ok) return refused(found.code, found.reason);
  const merged = withQuarantine(found.policy);
  if (!merged.ok) return refused(merged.code, merged.reason);
  const before = policyState(found.policy);
  const parameters = { SecretId: id, addStatement: QUARANTINE_STATEMENT };
  const after = { ...before, quarantined: true };
  return { ok: true, scope: { action: PUT, resource: id, region, parameters, before, after } };
}

/** The reverse of quarantine: takes out our statement and nothing else, whatever the owner changed since (I8). */
export async function prepareSecretRelease(
  clients: ActingClients,
  credential: Credential,
  quarantine: Scope,
): Promise<Prepared> {
  const { id, region } = credential;
  const left = scopeSchema.safeParse(quarantine).data;
  if (left === undefined || left.resource !== id || !left.after.quarantined) {
    throw new JanitorError(`The scope given is not the quarantine of ${id}`, {
      code: 'scope-mismatch',
      source: 'system',
    });
  }
  const found = await readPolicy(clients.secretsManager(region), id);
  if (!found.ok) return refused(found.code, found.reason);
  if (found.policy.quarantine !== 'ours') {
    const what = found.policy.quarantine === 'absent' ? 'removed' : 'changed';
    return refused('changed-since', `somebody ${what} our statement ${QUARANTINE_SID} of ${id} since`);
  }
  const now = policyState(found.policy);
  const before = { ...now, statementForm: left.before.statementForm };
  const emptied = withoutQuarantine(found.policy, before.statementForm) === undefined;
  const action = emptied ? DELETE : PUT;
  const parameters = { SecretId: id, removeSid: QUARANTINE_SID };
  const after = { ...before, quarantined: false };
  return { ok: true, scope: { action, resource: id, region, parameters, before, after } };
}

export const readQuarantineChange: ChangeReader = (scope) => {
  const parsed = scopeSchema.safeParse(scope);
  if (!parsed.success) return undefined;
  const { action, resource, region, before, after } = parsed.data;
  return {
    async perform(clients, options) {
      const client = clients.secretsManager(region);
      await mustNotRetry(client);
      return performQuarantine(client, parsed.data, options);
    },
    readBack: (clients) => readBackQuarantine(clients.secretsManager(region), parsed.data),
    describe() {
      const kept = `other statements kept: ${before.foreignStatements.length}`;
      const what = after.quarantined ? 'Quarantine' : 'Release';
      const how = after.quarantined ? 'adds the Deny' : 'removes the Deny';
      return `${what} ${secretLabel(resource)} (${action} ${how} ${QUARANTINE_SID}, ${kept})`;
    },
  };
};

/** Reads the policy, changes only our statement in what is there now, and writes it: one attempt to write. */
async function performQuarantine(
  client: SecretsManagerClient,
  { action, resource, before, after }: QuarantineScope,
  options: AttemptOptions,
): Promise<Performed> {
  const found = await readPolicy(client, resource, singleCall(options));
  if (!found.ok) return notSent(found.code, `nothing was written: ${found.reason}`);
  const now = policyState(found.policy);
  if (found.policy.quarantine === 'altered' || !sameForeign(before, now)) {
    return notSent(
      'changed-since',
      `the resource policy of ${resource} changed since the change was planned`,
    );
  }
  if (now.quarantined === after.quarantined) return { outcome: 'accepted', requestIds: [] };
  const text = textAfter(found.policy, { after, before });
  if (!text.ok) return notSent(text.code, text.reason);
  const SecretId = resource;
  const answer =
    text.text === undefined
      ? await attempt(action, options, (http) =>
          client.send(new DeleteResourcePolicyCommand({ SecretId }), http),
        )
      : await putPolicy(client, SecretId, text.text, options);
  return answer.outcome === 'accepted' ? { outcome: 'accepted', requestIds: answer.requestIds } : answer;
}

function putPolicy(
  client: SecretsManagerClient,
  SecretId: string,
  ResourcePolicy: string,
  options: AttemptOptions,
) {
  return attempt(PUT, options, (http) =>
    client.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy }), http),
  );
}

function textAfter(policy: ResourcePolicy, { before, after }: Pick<QuarantineScope, 'before' | 'after'>) {
  if (after.quarantined) return withQuarantine(policy);
  return { ok: true as const, text: withoutQuarantine(policy, before.statementForm) };
}

function notSent(code: string, reason: string): Rejected {
  return { outcome: 'rejected', code, reason, requestIds: [] };
}

/**
 * Applied is when our statement is there (or gone), whatever others did to theirs: a Deny of ours that the ledger
 * took for not applied could not be restored. What is missing of others is in `lostStatements`.
 */
async function readBackQuarantine(
  client: SecretsManagerClient,
  { resource, before, after }: QuarantineScope,
): Promise<ReadBack> {
  const found = await readPolicy(client, resource);
  if (!found.ok) {
    return {
      state: found.code === 'unreadable' ? 'unreadable' : 'other',
      observed: { reason: found.reason },
    };
  }
  const now = policyState(found.policy);
  const observed = observedPolicy(before, now, found.policy.quarantine);
  if (found.policy.quarantine === 'altered') return { state: 'other', observed };
  if (now.quarantined === after.quarantined) return { state: 'applied', observed };
  return { state: sameForeign(before, now) ? 'not-applied' : 'other', observed };
}

function observedPolicy(before: PolicyState, now: PolicyState, quarantine: ResourcePolicy['quarantine']) {
  return {
    quarantine,
    foreignStatements: now.foreignStatements.length,
    lostStatements: lostForeign(before, now),
  };
}
