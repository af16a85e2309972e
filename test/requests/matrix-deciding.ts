import { expect } from 'vitest';
import type { Actor } from '../../lib/domain/actor.ts';
import { JanitorError } from '../../lib/domain/error.ts';
import { subjects } from '../../lib/domain/subject.ts';
import { mayDecide } from '../../lib/identity/index.ts';
import { CredentialRecord, type EvidenceStore, StateProjection } from '../../lib/ledger/index.ts';
import type { MatrixCell, MatrixLine, MatrixWho, Policy } from '../../lib/policy/index.ts';
import {
  approveRequest,
  decideChallenge,
  openChallenge,
  rejectRequest,
  revokeException,
  withdrawRequest,
} from '../../lib/requests/index.ts';
import {
  activatePolicy,
  approvePlan,
  liftHalt,
  placeHalt,
  type RecordingContext,
} from '../../lib/sweep/index.ts';
import { asker, REQUEST_ID, STEP_TARGET } from '../builders/asked.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { DRAFTS } from '../builders/event.ts';
import { directClient } from '../world/dynamo/direct-client.ts';
import type { Ground } from './ground.ts';
import { asked, contextFor, EXCEPTION_ID, excepted } from './matrix-asking.ts';
import { PERSON, resolved } from './matrix-stage.ts';

export interface Staged {
  readonly ground: Ground;
  readonly policy: Policy;
  /** Another version of it, for somebody to approve. */
  readonly next: Policy;
}

type Deciding = Exclude<MatrixLine, { readonly what: 'submit' }>;
/** What somebody does; the code of the refusal, if it is refused. */
type Act = (actor: Actor) => Promise<string | undefined>;

const requester = asker(PERSON.requester);

/** Those that only a person of ours decides, for itself; the service asks that of `mayDecide` before anything else. */
const DECISIONS: readonly Deciding['what'][] = [
  'approve',
  'reject',
  'decide challenge',
  'approve plan',
  'resume',
  'approve policy',
];

/** What becomes of what they do, on a stage of its own. */
export async function decided(staged: Staged, line: Deciding, who: MatrixWho): Promise<MatrixCell> {
  const act = await actOf(staged, line);
  const resolution = await resolved(staged.policy, who);
  if (!resolution.ok) {
    expect(resolution.reason).toBe('unresolved');
    const code = await act(resolution.actor);
    if (line.what === 'halt') return cell(code);
    if (line.what !== 'withdraw') expect(code).toBeDefined();
    return { outcome: 'refused', code: 'caller-unresolved' };
  }
  const { actor } = resolution.caller;
  const code = await act(actor);
  // The service lets no outside party in where it halts.
  if (line.what === 'halt' && actor.outsideParty !== undefined) return cell('caller-refused');
  if (!DECISIONS.includes(line.what) || mayDecide({ caller: resolution.caller, hops: [] }).ok)
    return cell(code);
  expect(code).toBeDefined();
  return { outcome: 'refused', code: 'not-an-approver' };
}

function cell(code: string | undefined): MatrixCell {
  return code === undefined ? { outcome: 'allowed' } : { outcome: 'refused', code };
}

async function actOf(staged: Staged, line: Deciding): Promise<Act> {
  switch (line.what) {
    case 'approve':
    case 'reject':
      return answering(staged, line);
    case 'withdraw':
      return withdrawing(staged);
    case 'revoke exception':
      return revoking(staged);
    case 'open challenge':
      return async (actor) => reason(await challenged(staged, actor));
    case 'decide challenge':
      return deciding(staged);
    case 'approve plan':
      return approvingPlan(staged, line);
    case 'halt':
      return (actor) =>
        codeOf(placeHalt(recording(staged, actor), { target: 'all', reason: 'something is wrong' }));
    case 'resume':
      return resuming(staged);
    case 'approve policy':
      return approvingPolicy(staged);
  }
}

async function answering(
  { ground, policy }: Staged,
  { what, kind }: Extract<Deciding, { readonly what: 'approve' | 'reject' }>,
): Promise<Act> {
  const requestHash = await asked(ground, policy, kind);
  const context = contextFor(ground, policy, kind);
  if (what === 'reject') {
    return async (actor) =>
      reason(await rejectRequest(context, { requestId: REQUEST_ID, actor, reason: 'rotate it instead' }));
  }
  return async (actor) =>
    reason(await approveRequest(context, { requestId: REQUEST_ID, requestHash, actor }));
}

async function withdrawing({ ground, policy }: Staged): Promise<Act> {
  await asked(ground, policy, 'exception');
  const context = contextFor(ground, policy, 'exception');
  return async (actor) => reason(await withdrawRequest(context, { requestId: REQUEST_ID, actor }));
}

async function revoking({ ground, policy }: Staged): Promise<Act> {
  await excepted(ground, policy);
  const context = contextFor(ground, policy, 'exception');
  const order = { exceptionId: EXCEPTION_ID, reason: 'it is over' };
  return async (actor) => reason(await revokeException(context, { ...order, actor }));
}

function challenged({ ground, policy }: Staged, actor: Actor) {
  return openChallenge(contextFor(ground, policy, 'exception'), {
    challenged: STEP_TARGET,
    actor,
    reason: 'it runs once a quarter',
    notBy: [PERSON['rule owner']],
  });
}

async function deciding(staged: Staged): Promise<Act> {
  const opened = await challenged(staged, requester);
  if (!opened.ok) throw new Error(opened.message);
  const context = contextFor(staged.ground, staged.policy, 'exception');
  const order = {
    challengeId: opened.challengeId,
    verdict: 'upheld',
    reason: 'the report shows it',
  } as const;
  return async (actor) => reason(await decideChallenge(context, { ...order, actor }));
}

async function approvingPlan(
  staged: Staged,
  { tier, decides }: Extract<Deciding, { readonly what: 'approve plan' }>,
): Promise<Act> {
  const frozen = DRAFTS['plan.frozen'];
  const { group = '', quorum = 0 } = decides ?? {};
  await staged.ground.context.ledger.append(subjects.plans(ACCOUNT), null, {
    ...frozen,
    actor: requester,
    data: { ...frozen.data, tier, approverGroup: group, approvalsNeeded: quorum },
  });
  return (actor) => codeOf(approvePlan(recording(staged, actor), frozen.data.planId));
}

async function resuming(staged: Staged): Promise<Act> {
  await placeHalt(recording(staged, requester), { target: 'all', reason: 'something is wrong' });
  return (actor) => codeOf(liftHalt(recording(staged, actor), { target: 'all', reason: 'it is mended' }));
}

/** The version before it is active, and the requester has proposed the next. */
async function approvingPolicy(staged: Staged): Promise<Act> {
  const evidence = inMemory();
  const under = (policy: Policy, actor: Actor) => ({ ...recording(staged, actor), policy, evidence });
  await activatePolicy(under(staged.policy, asker('second')));
  await activatePolicy(under(staged.next, requester));
  return (actor) => codeOf(activatePolicy(under(staged.next, actor)));
}

function recording({ ground, policy }: Staged, actor: Actor): RecordingContext {
  const { clock, ledger } = ground.context;
  const client = directClient(async (operation, input) => ground.dynamo.run(operation, input));
  const state = new StateProjection({ client, tableName: 'state' });
  return {
    clock,
    ledger,
    state,
    record: new CredentialRecord({ ledger, state }),
    evidence: inMemory(),
    policy,
    actor,
  };
}

function inMemory(): EvidenceStore {
  const objects = new Map<string, Uint8Array>();
  return {
    put: async (key, body) => {
      if (!(body instanceof Uint8Array)) throw new Error('only whole bodies are kept here');
      objects.set(key, body);
      return { key, sha256: 'a'.repeat(64) };
    },
    get: async (key) => {
      const body = objects.get(key);
      return body === undefined ? undefined : one(body);
    },
    list: () => one(),
  };
}

async function* one<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}

function reason(result: { readonly ok: true } | { readonly ok: false; readonly reason: string }) {
  return result.ok ? undefined : result.reason;
}

async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return undefined;
  if (error instanceof JanitorError && error.source === 'policy') return error.code;
  throw error;
}
