import type { ApiCaller, ExceptionView, Page, PageQuery, RevokedView } from '../../api/index.ts';
import { type Exception, foldException } from '../../domain/exception.ts';
import { subjects } from '../../domain/subject.ts';
import type { ResolvedCaller } from '../../identity/index.ts';
import { revokeException } from '../../requests/index.ts';
import { holdForException } from '../../sweep/index.ts';
import { aboutException, requestsContext } from './about.ts';
import { knownCaller } from './callers.ts';
import type { ServiceDesk, WorkDesk } from './desk.ts';
import { listOf } from './lists.ts';
import { recordingContext } from './recording-context.ts';
import { notFound, refusalError } from './refusals.ts';
import { exceptionView } from './views.ts';

export async function listExceptions(
  desk: ServiceDesk,
  caller: ApiCaller,
  query: PageQuery,
): Promise<Page<ExceptionView>> {
  const known = await knownCaller(desk, caller);
  return listOf(desk, 'exception', query, ({ id, record }, now) =>
    mayRead(known.caller, record) ? exceptionView(id, record, now) : undefined,
  );
}

export async function getException(
  desk: ServiceDesk,
  caller: ApiCaller,
  exceptionId: string,
): Promise<ExceptionView> {
  const known = await knownCaller(desk, caller);
  const exception = await readException(desk, exceptionId);
  if (!mayRead(known.caller, exception)) throw notFound('exception', exceptionId);
  return exceptionView(exceptionId, exception, desk.clock.now());
}

/** Ends it and lifts what it held, in this order: whoever finds it revoked may rely on the hold being lifted, or lifts it. */
export async function revoke(
  desk: ServiceDesk,
  caller: ApiCaller,
  exceptionId: string,
  reason: string,
): Promise<RevokedView> {
  const known = await knownCaller(desk, caller);
  const { scope } = await readException(desk, exceptionId);
  const context = requestsContext(desk, known.policy, aboutException('exception', scope));
  const { actor } = known.caller;
  const revoked = await revokeException(context, { exceptionId, actor, reason });
  if (!revoked.ok) throw refusalError('exception', revoked);
  const { repeated, exception } = revoked;
  await holdForException(recordingContext(desk, known.policy, actor), exceptionId, exception);
  return { repeated, exception: exceptionView(exceptionId, exception, desk.clock.now()) };
}

export async function readException(
  { ledger }: Pick<WorkDesk, 'ledger'>,
  exceptionId: string,
): Promise<Exception> {
  const exception = foldException(await ledger.chain(subjects.exception(exceptionId)));
  if (exception === undefined) throw notFound('exception', exceptionId);
  return exception;
}

function mayRead({ actor }: ResolvedCaller, { requestedBy, parties }: Exception): boolean {
  const { outsideParty, person } = actor;
  if (outsideParty === undefined || requestedBy.outsideParty === outsideParty) return true;
  return person !== undefined && parties.includes(person);
}
