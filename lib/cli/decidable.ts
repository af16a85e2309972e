import { JanitorError } from '../domain/error.ts';
import { requestIdSchema } from '../domain/request-events.ts';
import { accountOfPlan } from '../domain/subject.ts';
import type { AskedService } from '../wiring/index.ts';
import type { Answer } from './at-desk.ts';
import { planDocument, planText } from './render/plan.ts';
import { requestText } from './render/request.ts';
import type { Style } from './render/style.ts';

/** A frozen plan or a request as it is shown before somebody decides about it, and after. */
export interface Decidable {
  /** What an approval is bound to, so that nobody approves what he was not shown (I11). */
  readonly hash: string;
  /** How many persons have approved it. */
  readonly approvals: number;
  readonly document: Readonly<Record<string, unknown>>;
  /** It was carried out at once, and that failed. */
  readonly failed: boolean;
  text(style: Style, width: number): string;
}

/** What can be decided under an id; its form tells plans from requests. */
export interface Decisions {
  read(service: AskedService): Promise<Decidable>;
  approve(service: AskedService, hash: string): Promise<Decidable>;
  reject(service: AskedService, reason: string): Promise<Decidable>;
}

/** Throws `usage` for what can be neither. */
export function decisionsAbout(id: string): Decisions {
  if (accountOfPlan(id) !== undefined || id.startsWith('plan/')) return aboutPlan(id);
  if (requestIdSchema.safeParse(id).success) return aboutRequest(id);
  throw new JanitorError(`"${id}" is the id of neither a plan nor a request`, {
    code: 'usage',
    source: 'user',
    hint: 'A plan is named like plan/111122223333/4, a request by 8 to 64 letters, digits, - or _. "janitor request list" shows what waits.',
  });
}

function aboutPlan(id: string): Decisions {
  return {
    read: async (service) => ofPlan(await service.getPlan(id)),
    approve: async (service, hash) => ofPlan(await service.approvePlan(id, hash)),
    reject: async (service, reason) => ofPlan(await service.rejectPlan(id, reason)),
  };
}

function aboutRequest(id: string): Decisions {
  return {
    read: async (service) => ofRequest(await service.getRequest(id).catch(perhapsGrant(id))),
    approve: async (service, hash) =>
      ofRequest(await service.approveRequest(id, hash).catch(perhapsGrant(id))),
    reject: async (service, reason) => ofRequest(await service.rejectRequest(id, reason)),
  };
}

/** Ids of grants look like those of requests. */
function perhapsGrant(id: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof JanitorError) || error.code !== 'request-not-found') throw error;
    const { message, code, source, details } = error;
    const grant = `A break-glass grant is approved by "janitor break-glass approve ${id}".`;
    const hint = error.hint === undefined ? grant : `${error.hint} ${grant}`;
    throw new JanitorError(message, { code, source, details, hint });
  };
}

function ofPlan(decision: Answer<'getPlan'>): Decidable {
  return {
    hash: decision.plan.planHash,
    approvals: decision.plan.approvals.length,
    document: planDocument(decision),
    failed: false,
    text: (style, width) => planText(decision, style, width),
  };
}

function ofRequest(request: Answer<'getRequest'>): Decidable {
  return {
    hash: request.requestHash,
    approvals: request.approvals.length,
    document: { ...request },
    failed: request.state === 'failed',
    text: (style, width) => requestText(request, style, width),
  };
}
