import type { StartedView } from '../api/index.ts';
import { earliest } from '../domain/time.ts';
import { shellLine } from './render/shell-words.ts';

/** A session of a grant, with what it was lent under. */
export type Lent = Extract<StartedView, { outcome: 'started' }>;

/** A session may outlive its grant by the clock, with nothing left that it may do; programs are told to ask again then. */
export function usableUntil({ grant, credentials }: Lent): string {
  return earliest(credentials.expiresAt, grant.endsAt);
}

/** As programs of the AWS SDKs take it from a process. */
export function processCredentials(lent: Lent): string {
  const { accessKeyId, secretAccessKey, sessionToken } = lent.credentials;
  const document = {
    Version: 1,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: usableUntil(lent),
  };
  return `${JSON.stringify(document)}\n`;
}

/** Lines for a shell. A profile that is set would be preferred by some programs. */
export function exportLines(lent: Lent): string {
  const { accessKeyId, secretAccessKey, sessionToken } = lent.credentials;
  const values = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_CREDENTIAL_EXPIRATION: usableUntil(lent),
  };
  const lines = Object.entries(values).map(([name, value]) => shellLine(['export', `${name}=${value}`]));
  return `${['unset AWS_PROFILE AWS_DEFAULT_PROFILE', ...lines].join('\n')}\n`;
}
