import { taggedHash } from '../../domain/canonical.ts';
import { JanitorError } from '../../domain/error.ts';

/** A list that is read by pages: `request#open`, or a whole partition. */
const TAG = 'credential-janitor/page-cursor/v1';
const CHECK_LENGTH = 16;

/**
 * Where the next page begins, opaque to clients: the sort key read last, bound to its list by a checksum. It grants
 * nothing: a cursor that somebody makes up leads to a place in the list that he was reading anyway.
 */
export function cursorAfter(list: string, sk: string): string {
  return Buffer.from(`${checksum(list, sk)}${sk}`).toString('base64url');
}

/** The sort key in a cursor. Throws `cursor-invalid` for what was altered, or belongs to another list. */
export function placeOfCursor(list: string, cursor: string): string {
  const sk = Buffer.from(cursor, 'base64url').toString().slice(CHECK_LENGTH);
  if (sk !== '' && cursorAfter(list, sk) === cursor) return sk;
  throw new JanitorError('cursor: it is not the end of a page of this list', {
    code: 'cursor-invalid',
    source: 'user',
    hint: 'Send the nextCursor of the page before as it is, with the same state; or none, to begin anew.',
    details: { field: 'cursor' },
  });
}

function checksum(list: string, sk: string): string {
  return taggedHash(TAG, [list, sk]).slice(0, CHECK_LENGTH);
}
