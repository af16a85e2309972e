import {
  CreateSecretCommand,
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Credential } from '../domain/credential.ts';
import { deliveryName } from '../domain/delivery.ts';
import { STORE_USER_TAG } from '../domain/rotation-store.ts';
import * as z from '../domain/zod.ts';
import { type ActingClients, attempt, mustNotRetry, type Read, read } from './attempt.ts';
import { type ChangeReader, type Delivery, type Prepared, type ReadBack, refused } from './change.ts';
import { prepareDeliveryPolicy } from './delivery-policy.ts';

const CREATE = 'secretsmanager:CreateSecret';
const DESCRIPTION = 'Access key of an IAM user, kept up to date by Credential Janitor';

const creationSchema = z.lazy(() =>
  z.strictObject({
    action: z.literal(CREATE),
    /** Its name: the ARN is made up by AWS. */
    resource: z.string(),
    region: z.string(),
    parameters: z.strictObject({ Name: z.string(), user: z.string() }),
    before: z.strictObject({ exists: z.literal(false) }),
    after: z.strictObject({ exists: z.literal(true) }),
  }),
);

/**
 * The next thing to do until a key can be put where its reader alone finds it: make the secret, without a value, or
 * say who may read it. `nothing-to-do` when both are so.
 */
export async function prepareDelivery(
  clients: ActingClients,
  credential: Credential,
  { region, ...readers }: Delivery,
): Promise<Prepared> {
  const userName = credential.principal?.userName;
  if (userName === undefined)
    return refused('kind-not-actionable', `${credential.id} is no access key of a user`);
  const name = deliveryName(userName);
  if (name === undefined) {
    return refused(
      'delivery-name-invalid',
      `no secret can be named after the user ${userName}; make one of another name, tagged ${STORE_USER_TAG}`,
    );
  }
  const client = clients.secretsManager(region);
  const found = await describe(client, name);
  if (!found.ok && found.code === 'unreadable') return refused('unreadable', found.reason);
  if (!found.ok) return { ok: true, scope: creation(name, region, userName) };
  const taken = whyTaken(name, userName, found.value);
  if (taken !== undefined) return taken;
  return prepareDeliveryPolicy(client, { secretId: found.value.ARN ?? name, region, readers });
}

/** ARN of a user's delivery secret, read by its name: a listing lags behind by minutes. Undefined: there is none. */
export async function deliverySecretId(
  clients: ActingClients,
  region: string,
  userName: string,
): Promise<string | undefined> {
  const name = deliveryName(userName);
  if (name === undefined) return undefined;
  const found = await describe(clients.secretsManager(region), name);
  return found.ok && isFor(found.value, userName) ? found.value.ARN : undefined;
}

function creation(name: string, region: string, user: string) {
  return {
    action: CREATE,
    resource: name,
    region,
    parameters: { Name: name, user },
    before: { exists: false },
    after: { exists: true },
  };
}

function whyTaken(name: string, userName: string, secret: DescribeSecretCommandOutput) {
  if (secret.DeletedDate !== undefined) {
    return refused(
      'secret-scheduled-for-deletion',
      `${name} is scheduled for deletion; restore it (aws secretsmanager restore-secret), or wait until it is gone`,
    );
  }
  if (isFor(secret, userName)) return undefined;
  return refused(
    'delivery-taken',
    `${name} is there already and carries no tag ${STORE_USER_TAG}=${userName}, so it is not the janitor's; rename or delete it`,
  );
}

function isFor({ Tags }: DescribeSecretCommandOutput, userName: string): boolean {
  return (Tags ?? []).some(({ Key, Value }) => Key === STORE_USER_TAG && Value === userName);
}

export const readDeliveryCreation: ChangeReader = (scope) => {
  const parsed = creationSchema.safeParse(scope);
  if (!parsed.success) return undefined;
  const { region, parameters } = parsed.data;
  const { Name, user } = parameters;
  return {
    async perform(clients, options) {
      const client = clients.secretsManager(region);
      await mustNotRetry(client);
      const input = { Name, Description: DESCRIPTION, Tags: [{ Key: STORE_USER_TAG, Value: user }] };
      const answer = await attempt(CREATE, options, (http) =>
        client.send(new CreateSecretCommand(input), http),
      );
      return answer.outcome === 'accepted' ? { outcome: 'accepted', requestIds: answer.requestIds } : answer;
    },
    readBack: (clients) => readBackCreation(clients.secretsManager(region), Name, user),
    describe: () => `Make the secret ${Name} in ${region}, without a value (${CREATE})`,
  };
};

async function readBackCreation(
  client: SecretsManagerClient,
  name: string,
  userName: string,
): Promise<ReadBack> {
  const found = await describe(client, name);
  if (found.ok) {
    const observed = { secretId: found.value.ARN ?? name };
    return { state: isFor(found.value, userName) ? 'applied' : 'other', observed };
  }
  const state = found.code === 'not-found' ? 'not-applied' : 'unreadable';
  return { state, observed: { reason: found.reason } };
}

function describe(
  client: SecretsManagerClient,
  SecretId: string,
): Promise<Read<DescribeSecretCommandOutput>> {
  return read('secretsmanager:DescribeSecret', () => client.send(new DescribeSecretCommand({ SecretId })));
}
