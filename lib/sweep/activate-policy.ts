import { type Activation, foldActivation, type Proposal, proposalAt } from '../domain/account-chains.ts';
import { type Actor, actorLabel, sameActor } from '../domain/actor.ts';
import { JanitorError } from '../domain/error.ts';
import type { EventDraft, EvidenceReference, LedgerEvent } from '../domain/event.ts';
import { subjects } from '../domain/subject.ts';
import { durationMs, type Instant, latest, plus } from '../domain/time.ts';
import { archivePolicyText, readPolicyText } from '../ledger/index.ts';
import { approvalFor, archivePolicy, membersOf, type Policy, unarchivePolicy } from '../policy/index.ts';
import { appendDeciding } from './append.ts';
import type { RecordingContext } from './context.ts';
import { plainFields } from './draft.ts';

interface ActivationOutcome {
  readonly outcome: 'activated' | 'pending' | 'already-active';
  readonly hash: string;
  readonly approvals: number;
  readonly needed: number;
  /** Who may approve, by the version active before; absent for the first activation. */
  readonly approverGroup?: string;
  /** Without its quorum by then a pending one has to be proposed again. */
  readonly lapsesAt?: Instant;
}

/** Keeps the policy's text beside the ledger, so that every decision under it can be explained and replayed (G9). */
export function keepPolicy({ evidence, policy }: RecordingContext): Promise<EvidenceReference> {
  return archivePolicyText(evidence, policy.hash, archivePolicy(policy));
}

/**
 * Proposes or approves the policy version at hand. The first version is the deployer's to activate; every later one
 * takes the quorum of the version active before it, none of them the proposer, within the time that version gives what
 * nobody answers; after that it is proposed anew (G8, I11, I14).
 * @throws JanitorError with source `policy`: `not-an-approver`, `requester-may-not-approve`, `already-approved`.
 */
export async function activatePolicy(context: RecordingContext): Promise<ActivationOutcome> {
  await keepPolicy(context);
  const { hash } = context.policy;
  for (;;) {
    const activation = await activationState(context);
    if (activation.active?.hash === hash) return outcomeOf('already-active', hash, 0, 0);
    const judges =
      activation.active === undefined ? undefined : await archived(context, activation.active.hash);
    const event = await appendDeciding(context.ledger, subjects.activation, (events) =>
      isStill(activation, events) ? nextDraft(context, events, judges) : undefined,
    );
    if (event === undefined) continue;
    if (event.type === 'policy.activated') {
      return outcomeOf('activated', hash, event.approvals?.length ?? 0, 0);
    }
    const after = await activationState(context);
    const pending =
      judges === undefined ? undefined : pendingOf(judges, hash, proposalAt(after, hash, event.at));
    if (pending !== undefined) return pending;
  }
}

/** What there is to wait for; undefined when the quorum is there, or the proposal is gone. */
function pendingOf(
  judges: Policy,
  hash: string,
  proposal: Proposal | undefined,
): ActivationOutcome | undefined {
  if (proposal === undefined || proposal.approvals.length >= proposal.needed) return undefined;
  const { approvals, needed, lapsesAt } = proposal;
  return {
    ...outcomeOf('pending', hash, approvals.length, needed),
    approverGroup: approvalFor(judges, 'policy').group,
    ...(lapsesAt === undefined ? {} : { lapsesAt }),
  };
}

export async function activationState(context: Pick<RecordingContext, 'ledger'>): Promise<Activation> {
  return foldActivation(await context.ledger.chain(subjects.activation));
}

/** Whether the version that judges is still the active one: nobody activated another since it was read. */
function isStill({ active }: Activation, events: readonly LedgerEvent[]): boolean {
  return foldActivation(events).active?.hash === active?.hash;
}

function nextDraft(
  context: RecordingContext,
  events: readonly LedgerEvent[],
  judges: Policy | undefined,
): EventDraft {
  const activation = foldActivation(events);
  const { hash } = context.policy;
  const fields = plainFields(context);
  if (judges === undefined) return { ...fields, type: 'policy.activated', data: { hash, first: true } };
  const proposal = proposalAt(activation, hash, latest(fields.at, events.at(-1)?.at ?? fields.at));
  if (proposal === undefined) {
    const needed = approvalFor(judges, 'policy').quorum;
    const expiresAt = plus(fields.at, durationMs(judges.document.requests.pending));
    return { ...fields, expiresAt, type: 'policy.proposed', data: { hash, approvalsNeeded: needed } };
  }
  if (proposal.approvals.length >= proposal.needed) {
    const approvals = approvalsOf(events, hash, proposal.approvals);
    return { ...fields, type: 'policy.activated', approvals, data: { hash, first: false } };
  }
  refuseApprover(context, judges, proposal);
  return { ...fields, type: 'policy.approved', data: { hash } };
}

/** Each approval with the instant it was given (G1), of those that count. */
function approvalsOf(
  events: readonly LedgerEvent[],
  hash: string,
  approvers: readonly Actor[],
): NonNullable<EventDraft['approvals']> {
  const given = events.filter((event) => event.type === 'policy.approved' && event.data.hash === hash);
  return approvers.flatMap((actor) => {
    const newest = given.findLast((event) => sameActor(event.actor, actor));
    return newest === undefined ? [] : [{ actor, at: newest.at }];
  });
}

function refuseApprover({ actor, clock }: RecordingContext, judges: Policy, proposal: Proposal): void {
  const { group } = approvalFor(judges, 'policy');
  if (sameActor(actor, proposal.by)) {
    throw refused(
      'requester-may-not-approve',
      `${actorLabel(actor)} proposed this version and may not approve it`,
    );
  }
  if (
    actor.kind !== 'person' ||
    actor.person === undefined ||
    !membersOf(judges, group, clock.now()).includes(actor.person)
  ) {
    throw refused(
      'not-an-approver',
      `${actorLabel(actor)} is not a person of group ${group}, who decide about policy`,
    );
  }
  if (proposal.approvals.some((approval) => sameActor(approval, actor))) {
    throw refused('already-approved', `${actorLabel(actor)} has approved this version before`);
  }
}

function refused(code: string, message: string): JanitorError {
  return new JanitorError(message, {
    code,
    source: 'policy',
    hint: 'The version that is active now says who may approve: see approvals.policy and groups there.',
  });
}

async function archived(context: RecordingContext, hash: string): Promise<Policy> {
  const text = await readPolicyText(context.evidence, hash);
  if (text === undefined) {
    throw new JanitorError(`the active policy ${hash.slice(0, 12)} is missing from the evidence store`, {
      code: 'policy-archive-missing',
      source: 'system',
      hint: 'Restore the evidence folder or bucket: a new version is judged under the one active before it.',
    });
  }
  return unarchivePolicy(text);
}

function outcomeOf(
  outcome: ActivationOutcome['outcome'],
  hash: string,
  approvals: number,
  needed: number,
): ActivationOutcome {
  return { outcome, hash, approvals, needed };
}
