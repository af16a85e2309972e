import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  IAMClient,
  TagUserCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import {
  DeleteSecretCommand,
  PutResourcePolicyCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { accessKeyCredentialId } from '../../lib/domain/credential.ts';
import type { OwnerDeed } from './command.ts';
import { REGION } from './places.ts';
import { ownersPolicy, type WorldCredential } from './scenery.ts';
import { truthOf } from './truth.ts';
import type { World } from './world.ts';

/** Our statement's name, as people see it in the console. */
export const OUR_SID = 'CredentialJanitorQuarantine';

function clients(world: World, { accountId }: WorldCredential) {
  const inner = world.aws.requestHandler({ process: 'people' });
  const credentials = world.aws.account(accountId).credentials();
  const requestHandler = world.network.handler('people', inner, inner);
  return {
    iam: new IAMClient({ region: 'us-east-1', credentials, requestHandler, maxAttempts: 1 }),
    secrets: new SecretsManagerClient({ region: REGION, credentials, requestHandler, maxAttempts: 1 }),
  };
}

/** An owner does something with AWS's own console. What AWS refuses does not happen. */
export async function ownersDeed(world: World, index: number, deed: OwnerDeed): Promise<void> {
  const credential = world.pick(index);
  if (credential === undefined) return;
  const stamp = world.stamp();
  const done =
    credential.kind === 'access-key' ? keyDeed(world, credential, deed) : secretDeed(world, credential, deed);
  const happened = await done.catch(() => false);
  if (happened) world.ownerActs.push({ ...stamp, credentialId: credential.id, what: deed });
}

async function keyDeed(world: World, credential: WorldCredential, deed: OwnerDeed): Promise<boolean> {
  const { iam } = clients(world, credential);
  const UserName = credential.user ?? '';
  const key = { UserName, AccessKeyId: credential.name };
  switch (deed) {
    case 'enable':
    case 'disable':
      await iam.send(
        new UpdateAccessKeyCommand({ ...key, Status: deed === 'enable' ? 'Active' : 'Inactive' }),
      );
      return true;
    case 'delete':
      await iam.send(new DeleteAccessKeyCommand(key));
      return true;
    case 'new-key':
      return createKey(world, credential, iam);
    case 'give-away':
      await iam.send(new TagUserCommand({ UserName, Tags: [{ Key: 'owner', Value: 'erin' }] }));
      return true;
    case 'exempt':
      await iam.send(new TagUserCommand({ UserName, Tags: [{ Key: 'exempt', Value: 'yes' }] }));
      return true;
    default:
      return false;
  }
}

async function createKey(world: World, like: WorldCredential, iam: IAMClient): Promise<boolean> {
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: like.user }));
  const name = AccessKey?.AccessKeyId;
  if (name === undefined) return false;
  const { lastUsedAt: _never, ...rest } = like;
  const userArn = like.id.slice(0, like.id.indexOf('/access-key/'));
  world.credentials.push({
    ...rest,
    id: accessKeyCredentialId(userArn, name),
    name,
    target: `${like.user}/${name}`,
    createdAt: world.now(),
    initial: { status: 'Active', policy: null },
  });
  return true;
}

async function secretDeed(world: World, credential: WorldCredential, deed: OwnerDeed): Promise<boolean> {
  const { secrets } = clients(world, credential);
  const SecretId = credential.id;
  switch (deed) {
    case 'delete':
      await secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 30 }));
      return true;
    case 'restore-secret':
      await secrets.send(new RestoreSecretCommand({ SecretId }));
      return true;
    case 'give-away':
      await secrets.send(new TagResourceCommand({ SecretId, Tags: [{ Key: 'owner', Value: 'erin' }] }));
      return true;
    case 'edit-policy':
    case 'remove-our-statement': {
      const ResourcePolicy = editedPolicy(world, credential, deed);
      await secrets.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy }));
      return true;
    }
    default:
      return false;
  }
}

/** The owner writes a statement of another name; ours stays where it is unless the owner takes it out. */
function editedPolicy(world: World, credential: WorldCredential, deed: OwnerDeed): string {
  const ours = statementsOf(truthOf(world.changes, credential).policy).filter((each) => each.Sid === OUR_SID);
  const document: { Statement: unknown[] } = JSON.parse(ownersPolicy(`Edit${world.tick}`));
  const kept = deed === 'edit-policy' ? ours : [];
  return JSON.stringify({ ...document, Statement: [...document.Statement, ...kept] });
}

/** Statements of a resource policy as written; none without a policy. */
export function statementsOf(policy: string | null): { readonly Sid?: string }[] {
  if (policy === null) return [];
  const { Statement } = JSON.parse(policy);
  return Array.isArray(Statement) ? Statement : [Statement];
}
