import {
  PutSecretValueCommand,
  TagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { Sensitive } from '../../domain/sensitive.ts';
import type { RotationClients } from './clients.ts';
import { attemptPatiently, type Pause } from './patience.ts';
import { CURRENT, PENDING, type Store } from './store.ts';

/** What became of a change: made, refused by AWS with its code, or not known. */
export type Changed =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'refused'; readonly code: string; readonly kms: boolean }
  | { readonly outcome: 'unknown' };

/**
 * Stores a value as AWSPENDING under the version id `token`; the same value again changes nothing. `rotationToken` is
 * what Secrets Manager gave its rotation function, if it gave one.
 */
export async function putPending(
  clients: RotationClients,
  store: Store,
  { token, rotationToken, value }: PendingValue,
  pause: Pause,
): Promise<Changed> {
  const answer = await attemptPatiently(
    'secretsmanager:PutSecretValue',
    { pause, repeatable: true },
    (http) =>
      clients.acting.secretsManager(store.region).send(
        new PutSecretValueCommand({
          SecretId: store.arn,
          ClientRequestToken: token,
          SecretString: value.reveal(),
          VersionStages: [PENDING],
          ...(rotationToken === undefined ? {} : { RotationToken: rotationToken }),
        }),
        http,
      ),
  );
  return changed(answer);
}

export interface PendingValue {
  readonly token: string;
  readonly rotationToken: string | undefined;
  readonly value: Sensitive;
}

/** Makes `token` the current version, if `from` still is (undefined: if none is). */
export async function promote(
  clients: RotationClients,
  store: Store,
  { token, from }: { readonly token: string; readonly from: string | undefined },
  pause: Pause,
): Promise<Changed> {
  return moveLabel(clients, store, { label: CURRENT, to: token, from }, pause);
}

/** Takes AWSPENDING off a version, so that another rotation can begin. */
export async function unlabelPending(
  clients: RotationClients,
  store: Store,
  token: string,
  pause: Pause,
): Promise<Changed> {
  return moveLabel(clients, store, { label: PENDING, to: undefined, from: token }, pause);
}

async function moveLabel(
  clients: RotationClients,
  store: Store,
  {
    label,
    to,
    from,
  }: { readonly label: string; readonly to: string | undefined; readonly from: string | undefined },
  pause: Pause,
): Promise<Changed> {
  const answer = await attemptPatiently(
    'secretsmanager:UpdateSecretVersionStage',
    { pause, repeatable: false },
    (http) =>
      clients.acting.secretsManager(store.region).send(
        new UpdateSecretVersionStageCommand({
          SecretId: store.arn,
          VersionStage: label,
          ...(to === undefined ? {} : { MoveToVersionId: to }),
          ...(from === undefined ? {} : { RemoveFromVersionId: from }),
        }),
        http,
      ),
  );
  return changed(answer);
}

export async function tagStore(
  clients: RotationClients,
  store: Store,
  tags: Readonly<Record<string, string>>,
  pause: Pause,
): Promise<Changed> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const answer = await attemptPatiently('secretsmanager:TagResource', { pause, repeatable: true }, (http) =>
    clients.acting
      .secretsManager(store.region)
      .send(new TagResourceCommand({ SecretId: store.arn, Tags }), http),
  );
  return changed(answer);
}

/** AWS's text stays out of it: one that refuses a value may quote it. */
function changed(answer: Awaited<ReturnType<typeof attemptPatiently>>): Changed {
  if (answer.outcome === 'accepted') return { outcome: 'done' };
  if (answer.outcome === 'unknown') return { outcome: 'unknown' };
  const kms =
    /^(DecryptionFailure|EncryptionFailure|KMS)/.test(answer.code) || /\bKMS\b/i.test(answer.reason);
  return { outcome: 'refused', code: answer.code, kms };
}
