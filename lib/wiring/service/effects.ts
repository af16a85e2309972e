import { JanitorError } from '../../domain/error.ts';
import type { OpenIntent } from '../../domain/history.ts';
import type { Request } from '../../domain/request.ts';
import type { Ask } from '../../domain/request-events.ts';
import type { Policy } from '../../policy/index.ts';
import {
  type Effect,
  type EffectOutcome,
  exceptionEffect,
  type RequestsContext,
} from '../../requests/index.ts';
import {
  approvePlan,
  holdForException,
  holdForOverride,
  orderRotation,
  type PlanDecision,
  restoreCredential,
} from '../../sweep/index.ts';
import { orderingContext } from '../ordering-context.ts';
import { accountFor } from './credentials.ts';
import type { WorkDesk } from './desk.ts';
import { readException } from './exceptions.ts';
import { recordingContext } from './recording-context.ts';
import { personsOf, seeCredential } from './subject-facts.ts';

type AskOf<K extends Ask['kind']> = Extract<Ask, { kind: K }>;

/** What carrying out takes: where it happens, by which policy, and what was approved. */
interface Work {
  readonly desk: WorkDesk;
  readonly policy: Policy;
  readonly context: RequestsContext;
  readonly requestId: string;
  readonly request: Request;
}

/**
 * What an approved request does. Each converges when repeated, also after a crash between any two of its steps. What is
 * refused for good is an outcome; what may go better next time is thrown, and leaves the request executing.
 */
export function effectOf(desk: WorkDesk, policy: Policy, context: RequestsContext): Effect {
  return async (requestId, request) => {
    try {
      return await carriedOut({ desk, policy, context, requestId, request });
    } catch (error) {
      if (!(error instanceof JanitorError) || mayPass(error)) throw error;
      return { ok: false, code: error.code, reason: error.message };
    }
  };
}

/** Trouble of systems and access may be over next time; so may what others hold for the moment. */
function mayPass({ source, code }: JanitorError): boolean {
  const isForNow = ['lease-held', 'changed-meanwhile', 'rotation-under-way', 'act-under-way'].includes(code);
  return source === 'system' || source === 'access' || isForNow;
}

function carriedOut(work: Work): Promise<EffectOutcome> {
  const { ask } = work.request.content;
  switch (ask.kind) {
    case 'exception':
      return except(work, ask.scope.credentialId);
    case 'extension':
      return extend(work, ask);
    case 'restore':
      return restore(work, ask);
    case 'rotate-now':
      return rotate(work, ask);
    case 'approve-plan':
      return approve(work, ask);
    case 'policy-override':
      return override(work, ask);
  }
}

async function extend(work: Work, { exceptionId }: AskOf<'extension'>): Promise<EffectOutcome> {
  const { scope } = await readException(work.desk, exceptionId);
  return except(work, scope.credentialId);
}

async function except(
  { desk, policy, context, requestId, request }: Work,
  credentialId: string,
): Promise<EffectOutcome> {
  const { judgement } = await seeCredential(desk, policy, credentialId);
  const { id: owner } = judgement.owner;
  const theirs = ownedByApprover(desk, policy, request, owner);
  if (theirs !== undefined) return theirs;
  let intent: OpenIntent | undefined;
  const effect = exceptionEffect(context, {
    actor: desk.self,
    ...(owner === 'unresolved' ? {} : { owner }),
    takeEffect: async (exceptionId, exception) => {
      const held = await holdForException(recordingContext(desk, policy, desk.self), exceptionId, exception);
      intent = held.openIntent;
    },
  });
  return withIntent(await effect(requestId, request), intent);
}

/** Whose it is may have changed since it was asked: nobody is exempted by their own approval (I11). */
function ownedByApprover(
  { clock }: WorkDesk,
  policy: Policy,
  { approvals }: Request,
  owner: string,
): EffectOutcome | undefined {
  const owners = personsOf(policy, owner, clock.now());
  const person = owners.find((id) => approvals.some(({ actor }) => actor.person === id));
  if (person === undefined) return undefined;
  const reason = `${person} approved it and owns the credential now; it has to be asked again`;
  return { ok: false, code: 'approver-owns-it', reason };
}

/** Whoever asked learns of an act that was begun before the hold stood, and that may still happen (I21). */
function withIntent(outcome: EffectOutcome, intent: OpenIntent | undefined): EffectOutcome {
  if (!outcome.ok || intent === undefined) return outcome;
  const told = `${intent.change}, begun at ${intent.at}, came first and may still happen`;
  return { ...outcome, outcome: `${outcome.outcome} (${told})` };
}

async function restore(
  { desk, policy, requestId, request }: Work,
  { credentialId }: AskOf<'restore'>,
): Promise<EffectOutcome> {
  const { reason } = request.content;
  const session = {
    accountId: accountFor(credentialId),
    purpose: 'restore',
    policy,
    actor: desk.self,
  } as const;
  const { changes, left } = await desk.inAccount(session, (context) =>
    restoreCredential(context, credentialId, { reason, requestId }),
  );
  const [first] = left;
  if (first !== undefined) return { ok: false, ...first };
  const undone = changes.find(({ outcome }) => outcome !== 'done');
  if (undone === undefined) return { ok: true, outcome: `restored ${credentialId}` };
  return { ok: false, code: `${undone.change}-${undone.outcome}`, reason: undone.reason };
}

async function rotate(
  { desk, policy, requestId, request }: Work,
  { credentialId }: AskOf<'rotate-now'>,
): Promise<EffectOutcome> {
  const { content, requester, admission, approvals } = request;
  if (admission === undefined) throw notAdmitted(requestId);
  const { tier, approvalsNeeded, approverGroup } = admission;
  const session = {
    accountId: accountFor(credentialId),
    purpose: 'rotate',
    policy,
    actor: desk.self,
  } as const;
  const ordered = await desk.inAccount(session, (context, rotator) =>
    orderRotation(orderingContext(context, rotator), credentialId, {
      reason: content.reason,
      request: {
        requestId,
        by: requester.onBehalfOf[0] ?? requester.actor,
        tier,
        approvalsNeeded,
        approvals,
        ...(approverGroup === undefined ? {} : { approverGroup }),
      },
    }),
  );
  if (ordered.state === 'rotated') return { ok: true, outcome: `rotation ${ordered.rotationId}` };
  return { ok: false, code: `plan-${ordered.state}`, reason: `${ordered.plan.planId} is ${ordered.state}` };
}

/** Whoever approved the request has approved the plan; the plan counts its own quorum of its own group. */
async function approve(
  { desk, policy, request }: Work,
  { planId, planHash }: AskOf<'approve-plan'>,
): Promise<EffectOutcome> {
  let decision: PlanDecision | undefined;
  for (const { actor } of request.approvals) {
    const context = recordingContext(desk, policy, actor);
    decision = await approvePlan(context, planId, { planHash, isRepeatable: true });
  }
  if (decision?.state === 'approved') return { ok: true, outcome: planId };
  const missing = decision?.remaining ?? 0;
  return {
    ok: false,
    code: 'plan-approvals-missing',
    reason: `${planId} has these approvals now, and takes ${missing} more`,
  };
}

async function override(
  { desk, policy, requestId, request }: Work,
  { credentialId }: AskOf<'policy-override'>,
): Promise<EffectOutcome> {
  const { judgement } = await seeCredential(desk, policy, credentialId);
  const theirs = ownedByApprover(desk, policy, request, judgement.owner.id);
  if (theirs !== undefined) return theirs;
  const context = { ...recordingContext(desk, policy, desk.self), policy };
  const outcome = await holdForOverride(context, requestId, request);
  return outcome.ok ? withIntent({ ok: true, outcome: outcome.outcome }, outcome.openIntent) : outcome;
}

function notAdmitted(requestId: string): JanitorError {
  return new JanitorError(`request ${requestId} was never admitted and cannot be carried out`, {
    code: 'request-not-admitted',
    source: 'system',
    hint: 'Run `janitor ledger verify`: what is executing does not fit what is recorded.',
  });
}
