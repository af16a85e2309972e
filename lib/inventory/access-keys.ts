import { ListAccessKeysCommand } from '@aws-sdk/client-iam';
import { type AwsClients, type AwsFailure, mapAwsError } from '../aws/index.ts';
import { type Clock, fromMillis, type Instant } from '../domain/time.ts';
import type { KnownKey } from './key-matching.ts';
import { SOURCE } from './source.ts';
import { statusWord } from './status-word.ts';

export interface ListedKey extends KnownKey {
  readonly readAt: Instant;
}

export type ListedKeys =
  | { readonly ok: true; readonly keys: readonly ListedKey[] }
  | { readonly ok: false; readonly failure: AwsFailure };

/** All keys of a user, all pages, by key id; there can be more than two. A key without an id or status is not active. */
export async function listAccessKeys(
  clients: AwsClients,
  clock: Clock,
  userName: string,
): Promise<ListedKeys> {
  const keys: ListedKey[] = [];
  let marker: string | undefined;
  try {
    do {
      const input = { UserName: userName, Marker: marker };
      const page = await clients.limiter.run(() => clients.iam.send(new ListAccessKeysCommand(input)));
      const readAt = clock.now();
      for (const { AccessKeyId, Status, CreateDate } of page.AccessKeyMetadata ?? []) {
        if (AccessKeyId === undefined) continue;
        const createdAt = CreateDate === undefined ? undefined : fromMillis(CreateDate.getTime());
        keys.push({ accessKeyId: AccessKeyId, status: statusWord(Status ?? 'unstated'), createdAt, readAt });
      }
      marker = page.IsTruncated === true ? page.Marker : undefined;
    } while (marker !== undefined);
    return { ok: true, keys: keys.sort((a, b) => (a.accessKeyId < b.accessKeyId ? -1 : 1)) };
  } catch (error) {
    return { ok: false, failure: mapAwsError(error, SOURCE.accessKeys) };
  }
}
