import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { accessKeyCredentialId } from '../../lib/domain/credential.ts';
import { MANAGED, MANAGED_TAG, STORE_USER_TAG } from '../../lib/domain/rotation-store.ts';
import { type Answer, type ApiCall, ask } from './api.ts';
import type { DeployedWorld } from './deployed-world.ts';
import { HUB, seedUser } from './organisation.ts';

type Call = Omit<ApiCall, 'url' | 'as'>;
type Who = keyof DeployedWorld['people'] | 'nobody' | 'root';

/** Asks the deployed API as one of its people, as the hub's root user, or unsigned. */
export function askAs(world: DeployedWorld, who: Who, call: Call): Promise<Answer> {
  const { ApiUrl: url } = world.hub.outputs;
  if (who === 'nobody') return ask(world.ministack, { ...call, url });
  const as = who === 'root' ? world.ministack.configuration(HUB).credentials : world.people[who];
  return ask(world.ministack, { ...call, url, as });
}

/** A user of the member whose key may be replaced, and the secret that it lies in; returns the id of its key. */
export async function seedReplaceableKey({ ministack, organisation }: DeployedWorld): Promise<string> {
  const { member } = organisation;
  const [name, path] = ['builder', '/ci/'];
  const tags = { owner: 'ana', [MANAGED_TAG]: MANAGED };
  const key = await seedUser(ministack, member, { name, path, tags });
  await new SecretsManagerClient(ministack.configuration(member)).send(
    new CreateSecretCommand({
      Name: `ci/${name}`,
      SecretString: JSON.stringify({ ...key, userName: name }),
      Tags: [{ Key: STORE_USER_TAG, Value: name }],
    }),
  );
  return accessKeyCredentialId(`arn:aws:iam::${member}:user${path}${name}`, key.accessKeyId);
}

const plannedSchema = z.object({ plan: z.object({ planId: z.string(), planHash: z.string() }) });

/** The same call: freezes a plan, and once that is approved has it carried out. */
export function askToRotate(world: DeployedWorld, who: Who, credentialId: string): Promise<Answer> {
  return askAs(world, who, {
    route: 'POST /v1/rotations',
    body: { credentialId, reason: 'on a stolen laptop' },
  });
}

/** Approves the plan of an answer, as it was shown. */
export function approveShown(world: DeployedWorld, who: Who, shown: Answer): Promise<Answer> {
  const { planId, planHash } = plannedSchema.parse(shown.body).plan;
  const path = planId.replace(/^plan\//, 'plans/');
  return askAs(world, who, { route: `POST /v1/${path}/approve`, body: { planHash } });
}
