import { foldRequest, type Request } from '../../domain/request.ts';
import { subjects } from '../../domain/subject.ts';
import type { ServiceDesk } from './desk.ts';

/**
 * Has an approved request carried out and returns it as it is then. That it could not be started is not the trouble of
 * whoever approved: the schedule starts it.
 */
export async function getUnderWay(desk: ServiceDesk, requestId: string, request: Request): Promise<Request> {
  try {
    await desk.carryOut({ kind: 'request', requestId });
  } catch (error) {
    desk.report('not-started', error);
  }
  return foldRequest(await desk.ledger.chain(subjects.request(requestId))) ?? request;
}
