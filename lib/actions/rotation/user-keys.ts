import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  GetUserCommand,
  paginateListAccessKeys,
} from '@aws-sdk/client-iam';
import { awsError, mapAwsError } from '../../aws/index.ts';
import { tagOf } from '../../domain/label.ts';
import { MANAGED, MANAGED_TAG, type StoredUser } from '../../domain/rotation-store.ts';
import { Sensitive } from '../../domain/sensitive.ts';
import type { Instant } from '../../domain/time.ts';
import { mustNotRetry } from '../attempt.ts';
import type { RotationClients } from './clients.ts';
import { attemptPatiently, type Pause } from './patience.ts';

export interface RotatedUser extends StoredUser {
  /** Tagged as one whose keys the janitor may make. */
  readonly managed: boolean;
}

/** Undefined when there is no such user. Throws the `aws-` codes, as all reads here. */
export async function readUser(clients: RotationClients, userName: string): Promise<RotatedUser | undefined> {
  try {
    const { User } = await clients.iam.send(new GetUserCommand({ UserName: userName }));
    if (User?.Arn === undefined || User.UserName === undefined) return undefined;
    const tags = Object.fromEntries((User.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
    const managed = tagOf(tags, MANAGED_TAG, false) === MANAGED;
    return { userName: User.UserName, arn: User.Arn, managed };
  } catch (error) {
    if (mapAwsError(error, 'iam:GetUser').code === 'NoSuchEntity') return undefined;
    throw awsError(error, 'iam:GetUser');
  }
}

export interface UserKey {
  readonly accessKeyId: string;
  readonly status: string;
  readonly createdAt: Instant;
}

/** Every key of a user, all pages: more than two occur. */
export async function readUserKeys(clients: RotationClients, userName: string): Promise<UserKey[]> {
  const keys: UserKey[] = [];
  try {
    for await (const page of paginateListAccessKeys({ client: clients.iam }, { UserName: userName })) {
      for (const { AccessKeyId = '', Status = 'not said', CreateDate } of page.AccessKeyMetadata ?? []) {
        keys.push({
          accessKeyId: AccessKeyId,
          status: Status,
          createdAt: (CreateDate ?? new Date(0)).toISOString(),
        });
      }
    }
    return keys;
  } catch (error) {
    throw awsError(error, 'iam:ListAccessKeys');
  }
}

/** The last use of a key as IAM knows it; undefined: whether it was used could not be read. */
export interface KeyUse {
  readonly userName: string | undefined;
  readonly lastUsed: { readonly at: Instant; readonly service: string } | 'never' | undefined;
}

/** Never throws: what cannot be read is not known. */
export async function readKeyUse(clients: RotationClients, accessKeyId: string): Promise<KeyUse> {
  try {
    const { UserName: userName, AccessKeyLastUsed: use } = await clients.iam.send(
      new GetAccessKeyLastUsedCommand({ AccessKeyId: accessKeyId }),
    );
    return { userName, lastUsed: lastUseOf(use?.LastUsedDate, use?.ServiceName) };
  } catch {
    return { userName: undefined, lastUsed: undefined };
  }
}

/** Only no date together with the service N/A means that a key was never used. */
function lastUseOf(at: Date | undefined, service: string | undefined): KeyUse['lastUsed'] {
  if (at !== undefined) return { at: at.toISOString(), service: service ?? 'N/A' };
  return service === 'N/A' ? 'never' : undefined;
}

/** A key just made: the only time its secret is told. */
export interface NewKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: Sensitive;
}

export type MadeKey =
  | { readonly outcome: 'made'; readonly key: NewKey }
  | { readonly outcome: 'refused'; readonly code: string }
  /** There may be one now that nobody knows the secret of. */
  | { readonly outcome: 'unknown' };

/** Not repeatable: each call that AWS applies makes a key. */
export async function createUserKey(
  clients: RotationClients,
  userName: string,
  pause: Pause,
): Promise<MadeKey> {
  await mustNotRetry(clients.acting.iam);
  const answer = await attemptPatiently('iam:CreateAccessKey', { pause, repeatable: false }, (http) =>
    clients.acting.iam.send(new CreateAccessKeyCommand({ UserName: userName }), http),
  );
  if (answer.outcome === 'rejected') return { outcome: 'refused', code: answer.code };
  if (answer.outcome === 'unknown') return answer;
  const { AccessKeyId: accessKeyId, SecretAccessKey: secret } = answer.output.AccessKey ?? {};
  if (accessKeyId === undefined || secret === undefined) return { outcome: 'unknown' };
  return { outcome: 'made', key: { accessKeyId, secretAccessKey: new Sensitive(secret) } };
}

/** Deletes a key that was never given to anybody; one that is gone already is deleted. */
export async function removeUserKey(
  clients: RotationClients,
  { userName, accessKeyId }: { readonly userName: string; readonly accessKeyId: string },
  pause: Pause,
): Promise<'removed' | 'not-removed'> {
  const answer = await attemptPatiently('iam:DeleteAccessKey', { pause, repeatable: true }, (http) =>
    clients.acting.iam.send(
      new DeleteAccessKeyCommand({ UserName: userName, AccessKeyId: accessKeyId }),
      http,
    ),
  );
  if (answer.outcome === 'accepted') return 'removed';
  return answer.outcome === 'rejected' && answer.code === 'NoSuchEntity' ? 'removed' : 'not-removed';
}
