import { type Call, recordChange } from '../service.ts';
import type { Description } from '../world/logs.ts';
import type { Secret } from './state.ts';

/** A secret and its replicas in other Regions, which hold the same metadata, versions and policy. */
export function allCopies(call: Call, secret: Secret): Secret[] {
  const copies = (secret.replicas ?? []).map(({ region }) =>
    call.account.secrets(region).byName.get(secret.name),
  );
  return [secret, ...copies.filter((copy) => copy !== undefined)];
}

/** Applies a change to a secret and its replicas and records it once. */
export function changeSecret(
  call: Call,
  secret: Secret,
  before: Description,
  after: Description,
  apply: (copy: Secret) => void,
): void {
  for (const copy of allCopies(call, secret)) {
    apply(copy);
    copy.lastChangedAt = call.now;
  }
  recordChange(call, secret.arn, before, after);
}
