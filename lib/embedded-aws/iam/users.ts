import { type QueryInput, type QueryOperation, xmlTime } from '../query-protocol.ts';
import { type Call, recordChange } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import { tagMap } from '../tag.ts';
import { Eventual } from '../world/eventual.ts';
import type { XmlValue } from '../xml.ts';
import { namedUser, namedUserOrCaller, pathPage, validName, validPath } from './lookup.ts';
import { durableKeys, type User } from './state.ts';
import { describeTag, validTags } from './tags.ts';

/** As ListUsers answers: no tags, no password use when there is none. */
export function describeUser(user: User): { [name: string]: XmlValue } {
  const usedAt = user.password?.lastUsedAt;
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: xmlTime(user.createdAt),
    PasswordLastUsed: usedAt === undefined ? undefined : xmlTime(usedAt),
  };
}

function describeWithTags(user: User, now: number): { [name: string]: XmlValue } {
  const tags = user.tags.read(now);
  const boundary = user.permissionsBoundary;
  return {
    ...describeUser(user),
    PermissionsBoundary:
      boundary === undefined
        ? undefined
        : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundary },
    Tags: tags.length === 0 ? undefined : tags.map(describeTag),
  };
}

function getUser(call: Call, input: QueryInput): XmlValue {
  return { User: describeWithTags(namedUserOrCaller(call, input), call.now) };
}

function listUsers(call: Call, input: QueryInput): XmlValue {
  return pathPage(call, input, call.account.iam.users, 'Users', describeUser);
}

function createUser(call: Call, input: QueryInput): XmlValue {
  const name = validName(input.required('UserName'), 'userName', 64);
  const path = validPath(input.optional('Path') ?? '/');
  const tags = validTags(input, []);
  const { users } = call.account.iam;
  if (users.has(name.toLowerCase())) {
    throw new ServiceError('EntityAlreadyExists', 409, `User with name ${name} already exists.`);
  }
  const user: User = {
    name,
    path,
    id: call.world.ids.unique('AIDA'),
    arn: `arn:aws:iam::${call.account.id}:user${path}${name}`,
    createdAt: call.now,
    tags: new Eventual(tags),
    groups: [],
    inlinePolicies: [],
    attachedPolicies: [],
    mfa: false,
    certificates: [],
    password: undefined,
    keys: [],
    serviceCredentials: [],
  };
  users.add(name.toLowerCase(), user);
  recordChange(call, name, null, { path, tags: tagMap(tags) });
  return { User: describeWithTags(user, call.now) };
}

/** What must go first, in the order AWS asks for it. */
function obstacle(user: User): string | undefined {
  if (durableKeys(user).length > 0) return 'must delete access keys first';
  if (user.password !== undefined) return 'must delete login profile first';
  if (user.serviceCredentials.length > 0) return 'must delete service specific credentials first';
  if (user.certificates.length > 0) return 'must delete signing certificates first';
  if (user.mfa) return 'must delete MFA device first';
  if (user.groups.length > 0) return 'must remove users from group first';
  if (user.attachedPolicies.length > 0) return 'must detach all policies first';
  return user.inlinePolicies.length > 0 ? 'must delete policies first' : undefined;
}

function deleteUser(call: Call, input: QueryInput): XmlValue {
  const user = namedUser(call, input);
  const first = obstacle(user);
  if (first !== undefined) throw new ServiceError('DeleteConflict', 409, `Cannot delete entity, ${first}.`);
  call.account.iam.users.delete(user.name.toLowerCase());
  recordChange(call, user.name, { path: user.path, tags: tagMap(user.tags.durable) }, null);
  return undefined;
}

export const USER_OPERATIONS: Readonly<Record<string, QueryOperation>> = {
  GetUser: getUser,
  ListUsers: listUsers,
  CreateUser: createUser,
  DeleteUser: deleteUser,
};
