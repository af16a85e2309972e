import type { Credential } from '../domain/credential.ts';
import { isKnown } from '../domain/fact.ts';
import { type Prepared, refused } from './change.ts';

/** `secret prod/db in eu-central-1`, from the secret's ARN without the six characters AWS appends to the name. */
export function secretLabel(arn: string): string {
  const [, , , region, , , ...name] = arn.split(':');
  if (region === undefined || name.length === 0) return `secret ${arn}`;
  return `secret ${name.join(':').replace(/-[A-Za-z0-9]{6}$/, '')} in ${region}`;
}

/** Why a secret is not ours to change, whatever a rule says: another service owns it, or it is a replica. */
export function untouchable(credential: Credential): Extract<Prepared, { ok: false }> | undefined {
  const { id, region, facts } = credential;
  const { owningService, primaryRegion } = facts;
  if (owningService === undefined || !isKnown(owningService)) {
    return refused('facts-unknown', `whether another service owns ${id} was not read`);
  }
  if (owningService.value !== null) {
    return refused(
      'service-owned',
      `${id} is managed by ${owningService.value}; use that service to change it`,
    );
  }
  if (primaryRegion !== undefined && !isKnown(primaryRegion)) {
    return refused('facts-unknown', `whether ${id} is a replica was not read: ${primaryRegion.unknown}`);
  }
  if (primaryRegion !== undefined && primaryRegion.value !== region) {
    return refused('replica', `${id} is a replica; the primary is in ${primaryRegion.value}`);
  }
  return undefined;
}
