import {
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { canonical, sha256 } from '../domain/canonical.ts';
import { type DeliveryReaders, deliveryPolicy } from '../domain/delivery.ts';
import { readResourcePolicy } from '../domain/quarantine-statement.ts';
import * as z from '../domain/zod.ts';
import { attempt, mustNotRetry, type Read, read } from './attempt.ts';
import { type ChangeReader, type Prepared, type ReadBack, refused } from './change.ts';
import { secretLabel } from './secret-holder.ts';

const PUT = 'secretsmanager:PutResourcePolicy';

/** The whole policy is the janitor's own, so that a digest says which one it is. */
const scopeSchema = z.lazy(() =>
  z.strictObject({
    action: z.literal(PUT),
    resource: z.string(),
    region: z.string(),
    parameters: z.strictObject({ SecretId: z.string(), reader: z.string(), janitor: z.string() }),
    before: z.strictObject({ policy: z.nullable(z.string()) }),
    after: z.strictObject({ policy: z.nullable(z.string()) }),
  }),
);

interface DeliverySecret {
  readonly secretId: string;
  readonly region: string;
  readonly readers: DeliveryReaders;
}

/** Says who may read the secret; `nothing-to-do` when its policy says so already. */
export async function prepareDeliveryPolicy(
  client: SecretsManagerClient,
  { secretId, region, readers }: DeliverySecret,
): Promise<Prepared> {
  const found = await policyOf(client, secretId);
  if (!found.ok) return refused(found.code === 'not-found' ? 'gone' : 'unreadable', found.reason);
  const reading = readResourcePolicy(found.value);
  if (reading.ok && reading.policy.quarantine !== 'absent') {
    return refused(
      'delivery-quarantined',
      `the janitor quarantined ${secretId} as unused, so nobody could read the new key; "janitor restore ${secretId}" first`,
    );
  }
  const before = digestOf(found.value);
  const after = digestOf(deliveryPolicy(readers));
  if (before === after) return refused('nothing-to-do', `${secretId} is ready for its reader`);
  const scope = {
    action: PUT,
    resource: secretId,
    region,
    parameters: { SecretId: secretId, ...readers },
    before: { policy: before },
    after: { policy: after },
  };
  return { ok: true, scope };
}

export const readDeliveryPolicy: ChangeReader = (scope) => {
  const parsed = scopeSchema.safeParse(scope);
  if (!parsed.success) return undefined;
  const { resource, region, parameters, before, after } = parsed.data;
  const { SecretId, ...readers } = parameters;
  return {
    async perform(clients, options) {
      const client = clients.secretsManager(region);
      await mustNotRetry(client);
      const input = { SecretId, ResourcePolicy: deliveryPolicy(readers), BlockPublicPolicy: true };
      const answer = await attempt(PUT, options, (http) =>
        client.send(new PutResourcePolicyCommand(input), http),
      );
      return answer.outcome === 'accepted' ? { outcome: 'accepted', requestIds: answer.requestIds } : answer;
    },
    readBack: (clients) => readBack(clients.secretsManager(region), SecretId, before.policy, after.policy),
    describe: () => `Let only ${readers.reader} read ${secretLabel(resource)} (${PUT})`,
  };
};

async function readBack(
  client: SecretsManagerClient,
  secretId: string,
  before: string | null,
  after: string | null,
): Promise<ReadBack> {
  const found = await policyOf(client, secretId);
  if (!found.ok) {
    const state = found.code === 'unreadable' ? 'unreadable' : 'other';
    return { state, observed: { reason: found.reason } };
  }
  const now = digestOf(found.value);
  const observed = { policy: now };
  if (now === after) return { state: 'applied', observed };
  return { state: now === before ? 'not-applied' : 'other', observed };
}

async function policyOf(client: SecretsManagerClient, SecretId: string): Promise<Read<string | undefined>> {
  const answer = await read('secretsmanager:GetResourcePolicy', () =>
    client.send(new GetResourcePolicyCommand({ SecretId })),
  );
  return answer.ok ? { ok: true, value: answer.value.ResourcePolicy } : answer;
}

/** Of its meaning, however it is written: Secrets Manager may give it back with other white space and order. */
function digestOf(text: string | undefined): string | null {
  if (text === undefined || text.trim() === '') return null;
  try {
    return sha256(canonical(meaningOf(JSON.parse(text))));
  } catch {
    return sha256(text);
  }
}

/** In policies a list of one is that one, and the order of a list says nothing. */
function meaningOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(meaningOf);
    const [only, ...others] = items;
    return others.length === 0 ? only : items.sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, meaningOf(each)]));
}
