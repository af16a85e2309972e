import type { Page, PageQuery } from '../../api/index.ts';
import type { Instant } from '../../domain/time.ts';
import type { AskedEntry, AskedKind } from '../../ledger/index.ts';
import type { WorkDesk } from './desk.ts';

/**
 * One page of a list of the projection. What the caller may not see is left out, so that a page may be shorter than its
 * limit. Throws `cursor-invalid`.
 */
export async function listOf<K extends AskedKind, View>(
  { state, clock }: Pick<WorkDesk, 'clock'> & { readonly state: Pick<WorkDesk['state'], 'requests'> },
  kind: K,
  { state: listing, limit, cursor }: PageQuery,
  view: (entry: AskedEntry<K>, now: Instant) => View | undefined,
): Promise<Page<View>> {
  const now = clock.now();
  const place = cursor === undefined ? {} : { cursor };
  const { items, nextCursor } = await state.requests.page({ kind, state: listing, limit, now, ...place });
  return {
    items: items.flatMap((entry) => view(entry, now) ?? []),
    ...(nextCursor === undefined ? {} : { nextCursor }),
  };
}
