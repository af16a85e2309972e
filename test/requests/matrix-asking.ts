import type { Requester } from '../../lib/domain/request.ts';
import type { Ask, RequestContent, RequestKind } from '../../lib/domain/request-events.ts';
import { isRoutineKind, type RequestRules } from '../../lib/domain/request-rules.ts';
import type { Tier } from '../../lib/domain/step.ts';
import { plus } from '../../lib/domain/time.ts';
import { mayAsk, personsBehind, type ResolvedCaller } from '../../lib/identity/index.ts';
import { type MatrixCell, type MatrixWho, type Policy, requestRules } from '../../lib/policy/index.ts';
import {
  approveRequest,
  exceptionEffect,
  executeRequest,
  type RequestsContext,
  submitRequest,
} from '../../lib/requests/index.ts';
import { ASKED_KEY, asker, content, REQUEST_ID } from '../builders/asked.ts';
import { ACCOUNT, NOW } from '../builders/credential.ts';
import { nothing } from './exception-scene.ts';
import { type Ground, SERVICE } from './ground.ts';
import { PERSON, resolved } from './matrix-stage.ts';

export const EXCEPTION_ID = 'exception-0001';
const HASH = 'a'.repeat(64);

const ASKS: Readonly<Record<RequestKind, Ask>> = {
  exception: {
    kind: 'exception',
    scope: { credentialId: ASKED_KEY, rules: ['unused'] },
    while: { ticket: 'open' },
  },
  extension: { kind: 'extension', exceptionId: EXCEPTION_ID },
  restore: { kind: 'restore', credentialId: ASKED_KEY },
  'rotate-now': { kind: 'rotate-now', credentialId: ASKED_KEY },
  'approve-plan': { kind: 'approve-plan', planId: `plan/${ACCOUNT}/1`, planHash: HASH },
  'policy-override': {
    kind: 'policy-override',
    credentialId: ASKED_KEY,
    rule: 'unused',
    ruleHash: HASH,
    step: 'delete',
  },
};

const NAMING_RULES: readonly RequestKind[] = ['exception', 'extension', 'policy-override'];

/** What the use cases work with for a request of a kind, as the service asks the policy for it. */
export function contextFor(ground: Ground, policy: Policy, kind: RequestKind): RequestsContext {
  const rules = NAMING_RULES.includes(kind) ? ['unused'] : [];
  return { ...ground.context, rules: requestRules(policy, NOW, { kind, rules, accountId: ACCOUNT }) };
}

/** Of a kind, as long as its tier allows. */
function contentOf(kind: RequestKind, tier: Tier, { kinds, routineMs }: RequestRules): RequestContent {
  const limit = isRoutineKind(kind) ? (routineMs[kind] ?? 0) : 0;
  const millis = tier === 'routine' ? limit : kinds[kind].longestMs;
  return content({ ask: ASKS[kind], businessOwner: PERSON.owner, endsAt: plus(NOW, millis) });
}

/** The requester as the service makes it of who is behind a call, and whom it serves. */
function submissionOf(caller: ResolvedCaller, hops: readonly ResolvedCaller[]) {
  const involved = { caller, hops };
  const may = mayAsk(involved, 'routine');
  const sponsor = may.ok ? may.sponsor : undefined;
  const requester: Requester = {
    actor: caller.actor,
    onBehalfOf: hops.map(({ actor }) => actor),
    autonomous: [caller, ...hops].some(({ agent }) => agent !== undefined),
    ...(sponsor === undefined ? {} : { sponsor }),
  };
  const owners = [PERSON.owner, PERSON['owning approver']];
  return { requester, facts: { beneficiaries: [...new Set([...owners, ...personsBehind(involved)])] } };
}

async function known(policy: Policy, who: MatrixWho): Promise<ResolvedCaller> {
  const resolution = await resolved(policy, who);
  if (!resolution.ok) throw new Error(`${who} is not resolved: ${resolution.reason}`);
  return resolution.caller;
}

/** What becomes of a request that they submit. */
export async function submitted(
  ground: Ground,
  policy: Policy,
  { kind, tier }: { readonly kind: RequestKind; readonly tier: Tier },
  who: MatrixWho,
): Promise<MatrixCell> {
  if (kind === 'extension') await excepted(ground, policy);
  const context = contextFor(ground, policy, kind);
  const resolution = await resolved(policy, who);
  const submission = resolution.ok
    ? submissionOf(resolution.caller, [])
    : {
        requester: { actor: resolution.actor, onBehalfOf: [], autonomous: false },
        facts: { beneficiaries: [] },
      };
  const result = await submitRequest(context, {
    requestId: REQUEST_ID,
    content: contentOf(kind, tier, context.rules),
    ...submission,
  });
  if (result.outcome !== 'recorded') throw new Error(`the request is ${result.outcome}`);
  const { state, request } = result;
  if (state === 'denied') return { outcome: 'refused', code: request.end?.code ?? '' };
  if (state === 'approved') return { outcome: 'pre-approved' };
  const { approvalsNeeded: quorum = 0, approverGroup: group = '' } = request.admission ?? {};
  return { outcome: 'needs', quorum, group };
}

/** A pending request that an agent made for the requester, and that nobody has answered; returns its hash. */
export async function asked(
  ground: Ground,
  policy: Policy,
  kind: RequestKind,
  requestId = REQUEST_ID,
): Promise<string> {
  if (kind === 'extension') await excepted(ground, policy);
  const context = openTo(contextFor(ground, policy, kind));
  const result = await submitRequest(context, {
    requestId,
    content: contentOf(kind, context.rules.kinds[kind].tier, context.rules),
    ...submissionOf(await known(policy, 'sponsored agent'), [await known(policy, 'requester')]),
  });
  if (result.outcome === 'conflict' || result.state !== 'pending')
    throw new Error(`it is not pending: ${kind}`);
  return result.request.requestHash;
}

/** An exception in force, that an agent asked for on behalf of the requester. */
export async function excepted(ground: Ground, policy: Policy): Promise<void> {
  const context = openTo(contextFor(ground, policy, 'exception'));
  const requestHash = await asked(ground, policy, 'exception', EXCEPTION_ID);
  for (const id of ['ann', 'ruth', 'second']) {
    await approveRequest(context, { requestId: EXCEPTION_ID, requestHash, actor: asker(id) });
  }
  const effect = exceptionEffect(context, { actor: SERVICE, owner: PERSON.owner, takeEffect: nothing });
  const done = await executeRequest(context, { requestId: EXCEPTION_ID, actor: SERVICE, effect });
  if (!done.ok || done.state !== 'done') throw new Error('the exception is not in force');
}

/** The stage is set whoever may ask. */
function openTo(context: RequestsContext): RequestsContext {
  return { ...context, rules: { ...context.rules, eligible: [] } };
}
