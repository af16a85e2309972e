import type { ApiCaller } from '../../lib/api/index.ts';
import { JanitorError } from '../../lib/domain/error.ts';
import { subjects } from '../../lib/domain/subject.ts';
import type { MatrixCell, MatrixLine, MatrixWho } from '../../lib/policy/index.ts';
import { openChallenge } from '../../lib/requests/index.ts';
import { activatePolicy, placeHalt } from '../../lib/sweep/index.ts';
import { serviceOf } from '../../lib/wiring/service/index.ts';
import { asker, REQUEST_ID, STEP_TARGET } from '../builders/asked.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { DRAFTS } from '../builders/event.ts';
import { asked, contextFor, EXCEPTION_ID, excepted } from './matrix-asking.ts';
import { deskOf, recording, type Staged } from './matrix-desk.ts';
import { callerOf, PERSON, resolved } from './matrix-stage.ts';

type Deciding = Exclude<MatrixLine, { readonly what: 'submit' }>;
/** What somebody does. Throws when it is refused. */
type Act = (caller: ApiCaller) => Promise<unknown>;

const requester = asker(PERSON.requester);

/** What becomes of what they do over the service, on a stage of its own. */
export async function decided(staged: Staged, line: Deciding, who: MatrixWho): Promise<MatrixCell> {
  if (line.what === 'open challenge') return challenging(staged, who);
  const act = await actOf(staged, line);
  const error: unknown = await act(callerOf(who)).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return { outcome: 'allowed' };
  if (error instanceof JanitorError && error.source === 'policy')
    return { outcome: 'refused', code: error.code };
  throw error;
}

async function actOf(staged: Staged, line: Deciding): Promise<Act> {
  const service = serviceOf(deskOf(staged));
  const { ground, policy } = staged;
  const why = 'somebody decided so';
  switch (line.what) {
    case 'approve': {
      const hash = await asked(ground, policy, line.kind);
      return (caller) => service.approveRequest(caller, REQUEST_ID, hash);
    }
    case 'reject':
      await asked(ground, policy, line.kind);
      return (caller) => service.rejectRequest(caller, REQUEST_ID, why);
    case 'withdraw':
      await asked(ground, policy, 'exception');
      return (caller) => service.withdrawRequest(caller, REQUEST_ID, why);
    case 'revoke exception':
      await excepted(ground, policy);
      return (caller) => service.revokeException(caller, EXCEPTION_ID, why);
    case 'open challenge':
      throw new Error('challenges are opened another way');
    case 'decide challenge': {
      const challengeId = await challenged(staged);
      return (caller) => service.decideChallenge(caller, challengeId, { verdict: 'upheld', reason: why });
    }
    case 'approve plan': {
      const planHash = await frozen(staged, line);
      return (caller) => service.approvePlan(caller, DRAFTS['plan.frozen'].data.planId, planHash);
    }
    case 'halt':
      return (caller) => service.placeHalt(caller, { target: 'all', reason: why });
    case 'resume':
      await placeHalt(recording(staged, requester), { target: 'all', reason: why });
      return (caller) => service.liftHalt(caller, { target: 'all', reason: why });
    case 'approve policy':
      await proposed(staged);
      return (caller) => service.activatePolicy(caller, { hash: staged.next.hash });
  }
}

/** Which steps there are to challenge is found out by reading; who may is decided here. */
async function challenging(staged: Staged, who: MatrixWho): Promise<MatrixCell> {
  const resolution = await resolved(staged.policy, who);
  const opened = await open(staged, resolution.ok ? resolution.caller.actor : resolution.actor);
  return opened.ok ? { outcome: 'allowed' } : { outcome: 'refused', code: opened.reason };
}

function open({ ground, policy }: Staged, actor: typeof requester) {
  return openChallenge(contextFor(ground, policy, 'exception'), {
    challenged: STEP_TARGET,
    actor,
    reason: 'it runs once a quarter',
    notBy: [PERSON['rule owner']],
  });
}

async function challenged(staged: Staged): Promise<string> {
  const opened = await open(staged, requester);
  if (!opened.ok) throw new Error(opened.message);
  return opened.challengeId;
}

/** A plan that the requester's sweep froze; returns its hash. */
async function frozen(
  { ground }: Staged,
  { tier, decides }: Extract<Deciding, { readonly what: 'approve plan' }>,
): Promise<string> {
  const { group = '', quorum = 0 } = decides ?? {};
  const draft = DRAFTS['plan.frozen'];
  const appended = await ground.context.ledger.append(subjects.plans(ACCOUNT), null, {
    ...draft,
    actor: requester,
    data: { ...draft.data, tier, approverGroup: group, approvalsNeeded: quorum },
  });
  if (!appended.ok) throw new Error('the plan is not frozen');
  return appended.event.hash;
}

/** The version before it is active, and the requester has proposed the next. */
async function proposed(staged: Staged): Promise<void> {
  await activatePolicy(recording(staged, asker('second')));
  await activatePolicy({ ...recording(staged, requester), policy: staged.next });
}
