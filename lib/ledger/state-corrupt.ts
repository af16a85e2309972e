import { JanitorError } from '../domain/error.ts';
import type { Item } from './stored-event.ts';

/** A row of the projection that is not what the ledger would have written. */
export function stateCorrupt(item: Item): JanitorError {
  const [pk, sk] = [item.pk?.S ?? '?', item.sk?.S ?? '?'];
  return new JanitorError(`The state of ${sk} (${pk}) cannot be read`, {
    code: 'state-corrupt',
    source: 'system',
    hint: 'The ledger is the truth: run `janitor ledger verify`, then `janitor ledger rebuild`.',
    details: { pk, sk },
  });
}
