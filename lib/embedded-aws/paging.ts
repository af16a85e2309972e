import type { Call } from './service.ts';

/** Opaque position of a listing; bound to the account, Region and operation that made it. */
export function pageToken(call: Call, position: number): string {
  return Buffer.from(`${position}.${checksum(call, position)}`).toString('base64url');
}

/** The position in a token; undefined when the token is not one this listing made. */
export function tokenPosition(call: Call, token: string): number | undefined {
  const [position, check] = Buffer.from(token, 'base64url').toString().split('.');
  const value = Number(position);
  if (position === undefined || !/^\d+$/.test(position)) return undefined;
  return check === checksum(call, value) ? value : undefined;
}

/** How many values a page may hold: what was asked, or the API's default, but never above the world's page size. */
export function pageLimit(call: Call, asked: number | undefined, byDefault: number): number {
  return Math.min(asked ?? byDefault, call.world.options.pageSize ?? Number.POSITIVE_INFINITY);
}

/** FNV-1a: enough to notice a token that was made up or belongs elsewhere. */
function checksum(call: Call, position: number): string {
  let hash = 0x811c9dc5;
  for (const character of `${call.account.id}/${call.region}/${call.service}:${call.operation}/${position}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 0).toString(36);
}
