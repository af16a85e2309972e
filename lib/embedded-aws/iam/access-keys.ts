import { type QueryInput, type QueryOperation, validationError, xmlTime } from '../query-protocol.ts';
import { type Call, recordChange } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import { Eventual } from '../world/eventual.ts';
import type { World } from '../world/world.ts';
import type { XmlValue } from '../xml.ts';
import { listPage, namedUserOrCaller, noSuchEntity } from './lookup.ts';
import { type AccessKey, durableKeys, type KeyStatus, type User, visibleKeys } from './state.ts';

const KEYS_PER_USER = 2;
const MINUTE_MS = 60_000;

/** Makes a key and lets it sign. It takes the lowest free slot, so a new key can stand before an older one. */
export function addKey(
  world: World,
  accountId: string,
  user: User,
  given: {
    readonly id?: string;
    readonly secretAccessKey?: string;
    readonly createdAt: number;
    readonly status: Eventual<KeyStatus>;
  },
): AccessKey {
  const taken = new Set(durableKeys(user).map((key) => key.slot));
  let slot = 1;
  while (taken.has(slot)) slot += 1;
  const key: AccessKey = {
    id: given.id ?? world.ids.unique('AKIA'),
    secretAccessKey: given.secretAccessKey ?? world.ids.secretAccessKey(),
    slot,
    createdAt: given.createdAt,
    changedAt: given.createdAt,
    status: given.status,
    lastUse: new Eventual(undefined),
  };
  user.keys.push(key);
  world.credentials.set(key.id, { kind: 'user-key', accountId, user, key });
  return key;
}

function createAccessKey(call: Call, input: QueryInput): XmlValue {
  const user = namedUserOrCaller(call, input);
  if (durableKeys(user).length >= KEYS_PER_USER) {
    throw new ServiceError(
      'LimitExceeded',
      409,
      `Cannot exceed quota for AccessKeysPerUser: ${KEYS_PER_USER}`,
    );
  }
  const status = new Eventual<KeyStatus>('Absent');
  status.write('Active', call.now, call.world.visibleAt(call.now));
  const key = addKey(call.world, call.account.id, user, { createdAt: call.now, status });
  recordChange(call, `${user.name}/${key.id}`, null, { status: 'Active' });
  return {
    AccessKey: {
      UserName: user.name,
      AccessKeyId: key.id,
      Status: 'Active',
      SecretAccessKey: key.secretAccessKey,
      CreateDate: xmlTime(key.createdAt),
    },
  };
}

function ownKey(user: User, input: QueryInput): AccessKey {
  const id = input.required('AccessKeyId');
  const key = durableKeys(user).find((candidate) => candidate.id === id);
  if (key === undefined) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  return key;
}

function updateAccessKey(call: Call, input: QueryInput): XmlValue {
  const user = namedUserOrCaller(call, input);
  const key = ownKey(user, input);
  const status = input.required('Status');
  if (status !== 'Active' && status !== 'Inactive') {
    throw validationError(
      `1 validation error detected: Value '${status}' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive, Expired]`,
    );
  }
  const before = key.status.durable;
  if (before === status) return undefined;
  writeStatus(call, user, key, status);
  key.changedAt = call.now;
  return undefined;
}

function deleteAccessKey(call: Call, input: QueryInput): XmlValue {
  const user = namedUserOrCaller(call, input);
  writeStatus(call, user, ownKey(user, input), 'Absent');
  user.keys = user.keys.filter(
    (key) => key.status.durable !== 'Absent' || key.status.read(call.now) !== 'Absent',
  );
  return undefined;
}

function writeStatus(call: Call, user: User, key: AccessKey, status: KeyStatus): void {
  const before = key.status.durable;
  key.status.write(status, call.now, call.world.visibleAt(call.now));
  recordChange(call, `${user.name}/${key.id}`, { status: before }, status === 'Absent' ? null : { status });
}

function listAccessKeys(call: Call, input: QueryInput): XmlValue {
  const user = namedUserOrCaller(call, input);
  return listPage(call, input, visibleKeys(user, call.now), 'AccessKeyMetadata', (key) => ({
    UserName: user.name,
    AccessKeyId: key.id,
    Status: key.status.read(call.now),
    CreateDate: xmlTime(key.createdAt),
  }));
}

/** Whole minutes; a key never used has no date and the service and Region N/A. */
function getAccessKeyLastUsed(call: Call, input: QueryInput): XmlValue {
  const id = input.required('AccessKeyId');
  const credential = call.world.credentials.get(id);
  const isOurs =
    credential?.kind === 'user-key' &&
    credential.accountId === call.account.id &&
    credential.key.status.read(call.now) !== 'Absent';
  if (!isOurs) {
    throw new ServiceError(
      'AccessDenied',
      403,
      `User: ${call.principal.arn} is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key ${id}`,
    );
  }
  const use = credential.key.lastUse.read(call.now);
  return {
    UserName: credential.user.name,
    AccessKeyLastUsed: {
      LastUsedDate: use === undefined ? undefined : xmlTime(Math.floor(use.at / MINUTE_MS) * MINUTE_MS),
      ServiceName: use?.service ?? 'N/A',
      Region: use?.region ?? 'N/A',
    },
  };
}

export const ACCESS_KEY_OPERATIONS: Readonly<Record<string, QueryOperation>> = {
  CreateAccessKey: createAccessKey,
  UpdateAccessKey: updateAccessKey,
  DeleteAccessKey: deleteAccessKey,
  ListAccessKeys: listAccessKeys,
  GetAccessKeyLastUsed: getAccessKeyLastUsed,
};
