import type { IncidentView } from '../../api/index.ts';
import { JanitorError } from '../../domain/error.ts';
import type { AskedBroker } from '../../wiring/broker-client/index.ts';

/** The incident of an id, from the list of all. Throws `incident-not-found`. */
export async function incidentOf(service: AskedBroker, incidentId: string): Promise<IncidentView> {
  let cursor: string | undefined;
  do {
    const more = cursor === undefined ? {} : { cursor };
    const { items, nextCursor } = await service.listIncidents({ state: 'all', limit: 100, ...more });
    const found = items.find((item) => item.incidentId === incidentId);
    if (found !== undefined) return found;
    cursor = nextCursor;
  } while (cursor !== undefined);
  throw new JanitorError(`there is no incident ${incidentId}`, {
    code: 'incident-not-found',
    source: 'user',
    hint: '"janitor break-glass incidents --state all" lists them; grants are reviewed by "janitor break-glass review".',
  });
}
