import { ListAccessKeysCommand } from '@aws-sdk/client-iam';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { JanitorError } from '../../lib/domain/error.ts';
import type { RotationOutcome } from '../../lib/domain/rotation-outcome.ts';
import { driveRotation, type RotationContext, rotateStep, STEPS } from '../../lib/rotation/index.ts';
import { type Ground, REGION, type Seeded, TOKEN, USER } from './ground.ts';

/** What an administrator sees of a store and its user. */
export interface Sight {
  /** `id status` of every key, sorted. */
  readonly keys: readonly string[];
  /** Id of the key in each labelled version, by label; `none` without a value. */
  readonly held: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export async function sightOf(ground: Ground, { secretId }: Pick<Seeded, 'secretId'>): Promise<Sight> {
  const { iam, secretsManager } = await ground.clients('administrator');
  const secrets = secretsManager(REGION);
  const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: USER }));
  const { VersionIdsToStages = {}, Tags = [] } = await secrets.send(
    new DescribeSecretCommand({ SecretId: secretId }),
  );
  const held: Record<string, string> = {};
  for (const [VersionId, labels] of Object.entries(VersionIdsToStages)) {
    const id = await keyIn(() => secrets.send(new GetSecretValueCommand({ SecretId: secretId, VersionId })));
    for (const label of labels) held[label] = id;
  }
  return {
    keys: AccessKeyMetadata.map(({ AccessKeyId, Status }) => `${AccessKeyId} ${Status}`).sort(),
    held,
    tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
  };
}

async function keyIn(read: () => Promise<{ SecretString?: string | undefined }>): Promise<string> {
  try {
    const { SecretString = '' } = await read();
    return String(JSON.parse(SecretString).accessKeyId);
  } catch {
    return 'none';
  }
}

/** The value that consumers get now. */
export async function currentValue(ground: Ground, secretId: string): Promise<Record<string, unknown>> {
  const { secretsManager } = await ground.clients('administrator');
  const { SecretString = '{}' } = await secretsManager(REGION).send(
    new GetSecretValueCommand({ SecretId: secretId }),
  );
  return JSON.parse(SecretString);
}

/** Whose a key is, as STS says to a request signed with it; the error's name when it does not work. */
export async function signedBy(
  ground: Ground,
  accessKeyId: unknown,
  secretAccessKey: unknown,
): Promise<string> {
  const { stsAs } = await ground.clients('administrator');
  const sts = stsAs({ accessKeyId: String(accessKeyId), secretAccessKey: String(secretAccessKey) });
  try {
    return (await sts.send(new GetCallerIdentityCommand({}))).Arn ?? '';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  } finally {
    sts.destroy();
  }
}

/** How a rotation ended, whoever drove it. */
export interface Ended {
  readonly outcome: RotationOutcome['outcome'];
  readonly code?: string;
  /** Everything that was said of it. */
  readonly said: string;
}

/** The janitor walks the steps itself. */
export async function driven(
  context: RotationContext,
  { secretId, credentialId }: Seeded,
  token = TOKEN,
): Promise<Ended> {
  const outcome = await driveRotation(context, { secretId, credentialId, token, trigger: 'step' });
  const code = outcome.outcome === 'finished' ? {} : { code: outcome.code };
  return { outcome: outcome.outcome, ...code, said: JSON.stringify(outcome) };
}

/** Secrets Manager asks its function for the steps of a rotation that has begun. */
export async function asked(ground: Ground, context: RotationContext, { secretId }: Seeded): Promise<Ended> {
  try {
    for (const step of STEPS) await rotateStep(context, { secretId, token: TOKEN }, step);
    return { outcome: 'finished', said: '' };
  } catch (error) {
    if (!(error instanceof JanitorError)) throw error;
    const { code, message, hint, details } = error;
    const outcome = ground.told.includes('rotation.failed') ? 'failed' : 'interrupted';
    return { outcome, code, said: JSON.stringify({ message, hint, details }) };
  }
}

/** Secrets Manager begins a rotation. */
export async function begun(ground: Ground, { secretId }: Seeded, token = TOKEN): Promise<void> {
  const { secretsManager } = await ground.clients('administrator');
  await secretsManager(REGION).send(
    new RotateSecretCommand({ SecretId: secretId, ClientRequestToken: token }),
  );
}

/** The code of the error of ours that something ends in, or `done`. */
export async function codeOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return 'done';
  } catch (error) {
    if (error instanceof JanitorError) return error.code;
    throw error;
  }
}
