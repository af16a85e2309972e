import { subjects } from '../domain/subject.ts';
import { subjectOfAsked } from './asked/asked-kind.ts';
import { keyOf } from './asked/asked-row.ts';
import { ACCOUNTS } from './state-codec.ts';
import type { Item } from './stored-event.ts';

/** The chain a row of the projection was made from. */
export function subjectOfRow(item: Item): string {
  const sk = item.sk?.S ?? '';
  if (item.pk?.S === ACCOUNTS) return subjects.sweep(sk);
  const asked = keyOf(item);
  return asked === undefined ? sk : subjectOfAsked(asked);
}

/** Where a row is, as one text. */
export function placeOf({ pk, sk }: Item): string {
  return `${pk?.S ?? ''} ${sk?.S ?? ''}`;
}
