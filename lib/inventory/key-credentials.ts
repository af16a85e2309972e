import {
  accessKeyCredentialId,
  accessKeySlotId,
  type Credential,
  type Facts,
  ID_NOT_READ,
} from '../domain/credential.ts';
import { type Fact, isKnown, known, mapFact, unknown } from '../domain/fact.ts';
import type { Instant } from '../domain/time.ts';
import type { ListedKey } from './access-keys.ts';
import type { KnownKey } from './key-matching.ts';
import { requiredDate } from './report-cells.ts';
import type { KeySlot } from './report-rows.ts';
import { SOURCE } from './source.ts';
import type { UserRecord } from './user-record.ts';

/** A key whose id was not read, as its slot in the credential report shows it. */
export function slotCredential(accountId: string, user: UserRecord, slot: KeySlot): Credential {
  const { principal } = user;
  return {
    ...common(accountId, user),
    id: accessKeySlotId(principal.arn, slot.slot),
    name: `${principal.userName}/slot-${slot.slot}`,
    facts: { ...slotFacts(slot), accessKeyId: unknown(ID_NOT_READ), tags: user.tags },
  };
}

/** A key whose id was learnt earlier and whose slot has not changed since. */
export function rememberedCredential(
  accountId: string,
  user: UserRecord,
  key: KnownKey,
  slot: KeySlot,
): Credential {
  const { principal } = user;
  const facts = slotFacts(slot);
  const createdAt = key.createdAt;
  return {
    ...common(accountId, user),
    id: accessKeyCredentialId(principal.arn, key.accessKeyId),
    name: key.accessKeyId,
    alias: accessKeySlotId(principal.arn, slot.slot),
    facts: {
      ...facts,
      createdAt:
        createdAt === undefined || !isKnown(slot.active)
          ? facts.createdAt
          : known(createdAt, slot.active.asOf, SOURCE.remembered),
      accessKeyId: mapFact(withSource(slot.active, SOURCE.remembered), () => key.accessKeyId),
      tags: user.tags,
    },
  };
}

/** A key as listed now; `slot` is what the report says of it, if that is beyond doubt. */
export function listedCredential(
  accountId: string,
  user: UserRecord,
  key: ListedKey,
  slot: KeySlot | undefined,
  lastUsedAt: Fact<Instant | null>,
): Credential {
  const { principal } = user;
  const listed = <T>(value: T): Fact<T> => known(value, key.readAt, SOURCE.accessKeys);
  return {
    ...common(accountId, user),
    id: accessKeyCredentialId(principal.arn, key.accessKeyId),
    name: key.accessKeyId,
    ...(slot === undefined ? {} : { alias: accessKeySlotId(principal.arn, slot.slot) }),
    facts: {
      status: listed(key.status),
      createdAt:
        key.createdAt === undefined
          ? unknown(`${SOURCE.accessKeys} gave no creation date`)
          : listed(key.createdAt),
      lastUsedAt,
      accessKeyId: listed(key.accessKeyId),
      tags: user.tags,
    },
  };
}

function common(accountId: string, user: UserRecord) {
  return { kind: 'access-key' as const, accountId, region: 'global', principal: user.principal };
}

export function slotFacts(
  slot: KeySlot,
): Pick<Facts, 'status' | 'createdAt'> & { lastUsedAt: Fact<Instant | null> } {
  return {
    status: mapFact(slot.active, (active) => (active ? 'active' : 'inactive')),
    createdAt: requiredDate(slot.rotatedAt, 'creation date of this key'),
    lastUsedAt: slot.lastUsedAt,
  };
}

function withSource<T>(fact: Fact<T>, source: string): Fact<T> {
  return isKnown(fact) ? known(fact.value, fact.asOf, source) : fact;
}
