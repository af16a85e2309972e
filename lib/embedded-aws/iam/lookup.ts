import { pageLimit, pageToken, tokenPosition } from '../paging.ts';
import { type QueryInput, validationError } from '../query-protocol.ts';
import type { Call } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import type { Sequence } from '../world/sequence.ts';
import type { XmlValue } from '../xml.ts';
import type { Role, User } from './state.ts';

const NAME = /^[\w+=,.@-]+$/;

export function noSuchEntity(message: string): ServiceError {
  return new ServiceError('NoSuchEntity', 404, message);
}

/** The user `UserName` names; throws NoSuchEntity. */
export function namedUser(call: Call, input: QueryInput): User {
  const name = validName(input.required('UserName'), 'userName', 128);
  const user = call.account.iam.users.get(name.toLowerCase());
  if (user === undefined) throw noSuchEntity(`The user with name ${name} cannot be found.`);
  return user;
}

/** The user `UserName` names or else the caller; only a user may leave the name out. */
export function namedUserOrCaller(call: Call, input: QueryInput): User {
  const caller = call.principal.userName;
  if (input.optional('UserName') !== undefined || caller === undefined) {
    if (input.optional('UserName') === undefined) {
      throw validationError('Must specify userName when calling with non-User credentials');
    }
    return namedUser(call, input);
  }
  const user = call.account.iam.users.get(caller.toLowerCase());
  if (user === undefined) throw noSuchEntity(`The user with name ${caller} cannot be found.`);
  return user;
}

export function namedRole(call: Call, input: QueryInput): Role {
  const name = validName(input.required('RoleName'), 'roleName', 64);
  const role = call.account.iam.roles.get(name.toLowerCase());
  if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/** Checks the characters and the length of a name; throws ValidationError. */
export function validName(name: string, member: string, longest: number): string {
  if (!NAME.test(name)) {
    throw validationError(
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  }
  if (name.length > longest) {
    throw validationError(
      `1 validation error detected: Value '${name}' at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${longest}`,
    );
  }
  return name;
}

/** A path begins and ends with a slash; throws ValidationError. */
export function validPath(path: string): string {
  if (/^\/(?:[!-~]{1,510}\/)?$/.test(path)) return path;
  throw validationError(
    `The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.`,
  );
}

/** The position a `Marker` stands for; throws ValidationError for one this listing did not make. */
export function markerPosition(call: Call, input: QueryInput): number {
  const marker = input.optional('Marker');
  if (marker === undefined) return 0;
  const position = tokenPosition(call, marker);
  if (position === undefined) throw validationError('Invalid Marker.');
  return position;
}

/** `MaxItems` within 1 to 1000, default 100, capped by the world's page size. */
export function maxItems(call: Call, input: QueryInput): number {
  return pageLimit(call, input.integer('MaxItems', 1, 1000), 100);
}

/** `IsTruncated` and `Marker` of an answer. */
export function continuation(
  call: Call,
  next: number | undefined,
): { IsTruncated: boolean; Marker: string | undefined } {
  return { IsTruncated: next !== undefined, Marker: next === undefined ? undefined : pageToken(call, next) };
}

/** One page of entities below `PathPrefix`. */
export function pathPage<T extends { readonly path: string }>(
  call: Call,
  input: QueryInput,
  all: Sequence<T>,
  member: string,
  describe: (value: T) => XmlValue,
): XmlValue {
  const prefix = input.optional('PathPrefix') ?? '/';
  const keep = prefix === '/' ? undefined : (value: T) => value.path.startsWith(prefix);
  const { values, next } = all.slice(markerPosition(call, input), maxItems(call, input), keep);
  return { [member]: values.map(describe), ...continuation(call, next) };
}

/** One page of values that belong to one entity; the marker is a place in the list. */
export function listPage<T>(
  call: Call,
  input: QueryInput,
  all: readonly T[],
  member: string,
  describe: (value: T) => XmlValue,
): XmlValue {
  const start = markerPosition(call, input);
  const end = start + maxItems(call, input);
  return {
    [member]: all.slice(start, end).map(describe),
    ...continuation(call, end < all.length ? end : undefined),
  };
}
