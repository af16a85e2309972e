import { type AccessKeyMetadata, type IAMClient, paginateListAccessKeys } from '@aws-sdk/client-iam';
import type { Credential } from '../domain/credential.ts';
import { knownValue } from '../domain/fact.ts';
import { type Read, read } from './attempt.ts';
import { type Prepared, refused } from './change.ts';

/** Where an access key lives: IAM calls name the user, never only the key. */
export interface KeyAddress {
  readonly userArn: string;
  readonly userName: string;
  readonly accessKeyId: string;
}

export function keyAddress(
  credential: Credential,
):
  | { readonly ok: true; readonly address: KeyAddress }
  | { readonly ok: false; readonly refusal: Extract<Prepared, { ok: false }> } {
  const accessKeyId = knownValue(credential.facts.accessKeyId);
  if (credential.principal === undefined || accessKeyId === undefined) {
    const reason = `the user or the id of ${credential.id} was not read, so AWS cannot be told which key is meant`;
    return { ok: false, refusal: refused('key-id-unknown', reason) };
  }
  const { arn, userName } = credential.principal;
  return { ok: true, address: { userArn: arn, userName, accessKeyId } };
}

/** Every key of a user, all pages: more than two occur. */
export function listAccessKeys(iam: IAMClient, userName: string): Promise<Read<AccessKeyMetadata[]>> {
  return read('iam:ListAccessKeys', async () => {
    const keys: AccessKeyMetadata[] = [];
    for await (const page of paginateListAccessKeys({ client: iam }, { UserName: userName })) {
      keys.push(...(page.AccessKeyMetadata ?? []));
    }
    return keys;
  });
}

/** The status of a key now; `absent`: no such key, or no such user. */
export async function readKeyStatus(
  iam: IAMClient,
  { userName, accessKeyId }: { readonly userName: string; readonly accessKeyId: string },
): Promise<Read<string>> {
  const keys = await listAccessKeys(iam, userName);
  if (!keys.ok) return keys.code === 'not-found' ? { ok: true, value: ABSENT } : keys;
  const key = keys.value.find((each) => each.AccessKeyId === accessKeyId);
  return { ok: true, value: key === undefined ? ABSENT : (key.Status ?? 'not said') };
}

export const ABSENT = 'absent';

/** `ci/deployer` of `arn:aws:iam::111122223333:user/ci/deployer`. */
export function userLabel(userArn: string): string {
  return userArn.split(':user/')[1] ?? userArn;
}
