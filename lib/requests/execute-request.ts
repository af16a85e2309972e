import type { Actor } from '../domain/actor.ts';
import type { EventDraft } from '../domain/event.ts';
import { foldRequest, type Request, type RequestState, requestState } from '../domain/request.ts';
import { subjects } from '../domain/subject.ts';
import { plus } from '../domain/time.ts';
import { overdue } from './answer-request.ts';
import { decideOn, type RequestsContext } from './decide-on.ts';

export type EffectOutcome =
  /** `outcome`: the id of what came of it. */
  | { readonly ok: true; readonly outcome: string }
  | { readonly ok: false; readonly code: string; readonly reason: string };

/**
 * Does what was approved. It must converge when repeated: after a crash it runs again, possibly beside another run. What
 * it throws leaves the request executing, to be taken up again until its time is over.
 */
export type Effect = (requestId: string, request: Request) => Promise<EffectOutcome>;

export type Executed =
  | { readonly ok: true; readonly request: Request; readonly state: RequestState }
  | {
      readonly ok: false;
      readonly reason: 'not-found' | 'policy-changed' | 'not-approved';
      readonly state?: RequestState;
    };

/**
 * Carries out an approved request under the policy version that judged it, or takes up one that was begun. The record
 * comes before the deed (I1), and one end is recorded, whoever finishes first.
 */
export async function executeRequest(
  context: RequestsContext,
  {
    requestId,
    actor,
    effect,
  }: { readonly requestId: string; readonly actor: Actor; readonly effect: Effect },
): Promise<Executed> {
  const begun = await begin(context, requestId, actor);
  if (!begun.ok || begun.state !== 'executing') return begun;
  const outcome = await effect(requestId, begun.request);
  return finish(context, requestId, actor, outcome);
}

function begin(context: RequestsContext, requestId: string, actor: Actor): Promise<Executed> {
  const { policyHash, finishMs } = context.rules;
  return decideOn<Executed>(context, subjects.request(requestId), (events, now) => {
    const request = foldRequest(events);
    if (request === undefined) return { answer: { ok: false, reason: 'not-found' } };
    const late = overdue(context, request, actor, now);
    if (late !== undefined) return { record: late };
    const state = requestState(request, now);
    if (state === 'executing' || state === 'done' || state === 'failed') {
      return { answer: { ok: true, request, state } };
    }
    if (state !== 'approved') return { answer: { ok: false, reason: 'not-approved', state } };
    if (request.policyHash !== policyHash) return { answer: { ok: false, reason: 'policy-changed', state } };
    const data = { finishBefore: plus(now, finishMs) };
    return { record: { at: now, actor, policyHash, type: 'request.executing', data } };
  });
}

function finish(
  context: RequestsContext,
  requestId: string,
  actor: Actor,
  outcome: EffectOutcome,
): Promise<Executed> {
  return decideOn<Executed>(context, subjects.request(requestId), (events, now) => {
    const request = foldRequest(events);
    if (request === undefined) return { answer: { ok: false, reason: 'not-found' } };
    const state = requestState(request, now);
    if (state !== 'executing') return { answer: { ok: true, request, state } };
    return { record: endDraft({ at: now, actor, policyHash: context.rules.policyHash }, outcome) };
  });
}

function endDraft(
  fields: Pick<EventDraft, 'at' | 'actor' | 'policyHash'>,
  outcome: EffectOutcome,
): EventDraft {
  if (outcome.ok) return { ...fields, type: 'request.done', data: { outcome: outcome.outcome } };
  return { ...fields, type: 'request.failed', reason: outcome.reason, data: { code: outcome.code } };
}
