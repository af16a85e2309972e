import { accountOf, type Credential } from '../../domain/credential.ts';
import { JanitorError } from '../../domain/error.ts';
import type { LedgerEvent } from '../../domain/event.ts';
import { type Exception, foldException } from '../../domain/exception.ts';
import type { CredentialHistory } from '../../domain/history.ts';
import type { Ask } from '../../domain/request-events.ts';
import { accountOfPlan, subjects } from '../../domain/subject.ts';
import { DAY_MS, earliest, elapsed, type Instant, latest } from '../../domain/time.ts';
import type { Judgement } from '../../domain/verdict.ts';
import { readNamedCredential } from '../../inventory/index.ts';
import { membersOf, type Policy } from '../../policy/index.ts';
import { readPlans, type SweepContext } from '../../sweep/index.ts';
import { answeringFor } from './answering-for.ts';
import type { WorkDesk } from './desk.ts';

/** What the service found out about what is asked for. */
export interface SubjectFacts {
  readonly beneficiaries: readonly string[];
  readonly exemptSince?: Instant;
  /** The outside party that the credential belongs to. */
  readonly outsideParty?: string;
}

/** A credential as it is now, and what the policy and the ledger say of it. */
export interface SeenCredential {
  readonly credential: Credential;
  readonly judgement: Judgement;
  readonly history: CredentialHistory;
}

/**
 * Finds out whom a request serves, and refuses what it names and is not there. Throws `credential-not-found`,
 * `no-such-rule`, `another-request`, `plan-not-found`, `plan-changed`; `evidence-unread` and `member-unreachable` when it
 * cannot be found out: who approves depends on it (I11).
 */
export async function subjectFacts(desk: WorkDesk, policy: Policy, ask: Ask): Promise<SubjectFacts> {
  switch (ask.kind) {
    case 'exception':
      refuseUnknownRules(policy, ask.scope.rules);
      return credentialFacts(desk, policy, ask.scope.credentialId);
    case 'extension': {
      const exception = foldException(await desk.ledger.chain(subjects.exception(ask.exceptionId)));
      return exception === undefined
        ? { beneficiaries: [] }
        : credentialFacts(desk, policy, exception.scope.credentialId);
    }
    case 'approve-plan':
      return planFacts(desk, policy, ask);
    case 'policy-override':
      refuseOtherRule(policy, ask);
      return credentialFacts(desk, policy, ask.credentialId);
    default:
      return credentialFacts(desk, policy, ask.credentialId);
  }
}

async function credentialFacts(desk: WorkDesk, policy: Policy, credentialId: string): Promise<SubjectFacts> {
  const seen = await seeCredential(desk, policy, credentialId);
  const now = desk.clock.now();
  const since = await exemptSince(desk, credentialId, now);
  const { owner, outsideParty } = seen.judgement;
  const { id } = owner;
  return {
    ...(outsideParty === undefined ? {} : { outsideParty }),
    beneficiaries: personsOf(policy, id, now),
    ...(since === undefined ? {} : { exemptSince: since }),
  };
}

/** The person, or the members of the group; nobody for an outside party or nobody. */
export function personsOf(policy: Policy, ownerId: string, now: Instant): readonly string[] {
  if (Object.hasOwn(policy.directory.groups, ownerId)) return membersOf(policy, ownerId, now);
  return policy.directory.people.some(({ id }) => id === ownerId) ? [ownerId] : [];
}

/** In less time than this between two exceptions no rule can have been followed: it is no gap. */
const GAP_MS = 7 * DAY_MS;

/**
 * Since when exceptions have exempted it: of those on its chain, however they ended, all that follow each other up to now.
 * Whoever waits until one is over and asks again asks for a longer one. A hold is placed until its exception ends, so that
 * only exceptions that could reach near enough are read, however many there ever were.
 */
async function exemptSince(
  { ledger }: WorkDesk,
  credentialId: string,
  now: Instant,
): Promise<Instant | undefined> {
  const holdEnds = endsOfHolds(await ledger.chain(subjects.credential(credentialId)));
  const read = new Map<string, Exception | undefined>();
  for (;;) {
    const since = startOf(
      [...read.values()].filter((each) => each !== undefined),
      now,
    );
    const near = [...holdEnds].filter(([id, end]) => !read.has(id) && elapsed(end, since ?? now) < GAP_MS);
    if (near.length === 0) return since;
    const chains = await Promise.all(near.map(([id]) => ledger.chain(subjects.exception(id))));
    for (const [index, [id]] of near.entries()) read.set(id, foldException(chains[index] ?? []));
  }
}

/** By exception, when its hold was to end at the latest; it may have been lifted before. */
function endsOfHolds(events: readonly LedgerEvent[]): ReadonlyMap<string, Instant> {
  const ends = new Map<string, Instant>();
  for (const event of events) {
    if (event.type !== 'hold.placed' || event.data.ref?.kind !== 'exception') continue;
    const { id } = event.data.ref;
    const until = event.expiresAt ?? event.at;
    ends.set(id, latest(until, ends.get(id) ?? until));
  }
  return ends;
}

/** The newest end first: each may reach back to the one before. */
function startOf(exceptions: readonly Exception[], now: Instant): Instant | undefined {
  const newest = exceptions.toSorted((a, b) => (overAt(a) < overAt(b) ? 1 : -1));
  return newest.reduce<Instant | undefined>((since, exception) => {
    const isNear = elapsed(overAt(exception), since ?? now) < GAP_MS;
    return isNear ? earliest(since ?? now, exception.exemptSince) : since;
  }, undefined);
}

function overAt({ end, endsAt }: Exception): Instant {
  return end === undefined ? endsAt : earliest(end.at, endsAt);
}

/** Reads a credential anew. Throws `credential-not-found`, `evidence-unread`, `member-unreachable`. */
export async function seeCredential(
  desk: WorkDesk,
  policy: Policy,
  credentialId: string,
): Promise<SeenCredential> {
  const accountId = accountOf(credentialId);
  if (accountId === undefined) throw noCredential(credentialId);
  const session = { accountId, purpose: 'read', policy, actor: desk.self } as const;
  return desk.inAccount(session, (context) => lookAt(context, credentialId));
}

export async function lookAt(context: SweepContext, credentialId: string): Promise<SeenCredential> {
  const now = context.clock.now();
  const fresh = await readNamedCredential(context.clients, credentialId, now);
  if (fresh.found === 'unknown') throw unread(credentialId, fresh.reason);
  if (!fresh.found) throw noCredential(credentialId);
  const history = await context.record.read(credentialId);
  return {
    credential: fresh.credential,
    history,
    judgement: context.judge({ credential: fresh.credential, history, now }),
  };
}

async function planFacts(
  desk: WorkDesk,
  policy: Policy,
  { planId, planHash }: Extract<Ask, { kind: 'approve-plan' }>,
): Promise<SubjectFacts> {
  const plans = await readPlans(desk, accountOfPlan(planId) ?? '');
  const plan = plans.find((each) => each.planId === planId);
  if (plan === undefined) {
    throw named('plan-not-found', `ask.planId: there is no plan ${planId}`, 'List the plans of the account.');
  }
  if (plan.planHash !== planHash) {
    throw named('plan-changed', `ask.planHash: ${planId} has another hash`, 'Read the plan again.');
  }
  const { frozenBy } = plan;
  const answering = answeringFor(policy, frozenBy, desk.clock.now());
  return { beneficiaries: [...(frozenBy.person === undefined ? [] : [frozenBy.person]), ...answering] };
}

function refuseUnknownRules({ document }: Policy, rules: readonly string[]): void {
  const unknown = rules.find((id) => !document.rules.some((rule) => rule.id === id));
  if (unknown === undefined) return;
  throw named(
    'no-such-rule',
    `the policy in force has no rule "${unknown}"`,
    'Name rules of the policy in force.',
  );
}

function refuseOtherRule(policy: Policy, ask: Extract<Ask, { kind: 'policy-override' }>): void {
  refuseUnknownRules(policy, [ask.rule]);
  if (policy.ruleHash(ask.rule) === ask.ruleHash) return;
  throw named(
    'another-request',
    `ask.ruleHash: the rule "${ask.rule}" in force has another hash`,
    `It is ${policy.ruleHash(ask.rule)}; look at what the rule says now, and ask again.`,
  );
}

function noCredential(credentialId: string): JanitorError {
  return named(
    'credential-not-found',
    `AWS knows no credential ${credentialId}`,
    'Name it by its whole id as "janitor scan" prints it.',
  );
}

function unread(credentialId: string, why: string): JanitorError {
  return new JanitorError(`${credentialId} could not be read: ${why}`, {
    code: 'evidence-unread',
    source: 'access',
    hint: 'Who may approve depends on whose it is: mend what keeps it from being read, and ask again.',
  });
}

function named(code: string, message: string, hint: string): JanitorError {
  return new JanitorError(message, { code, source: 'user', hint });
}
