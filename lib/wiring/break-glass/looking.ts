import type {
  ApiCaller,
  BreakGlassRoleView,
  GrantEvidenceView,
  GrantView,
  Page,
  PageQuery,
} from '../../api/index.ts';
import { type BreakGlassContext, readEvidence, stillOverdue } from '../../break-glass/index.ts';
import type { Actor } from '../../domain/actor.ts';
import { decideEligibility } from '../../domain/break-glass-eligibility.ts';
import type { BreakGlassRole } from '../../domain/break-glass-rules.ts';
import { grantSummaryLines } from '../../domain/break-glass-summary.ts';
import { unknown } from '../../domain/fact.ts';
import { foldGrant, type Grant } from '../../domain/grant.ts';
import { subjects } from '../../domain/subject.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import type { Policy } from '../../policy/index.ts';
import { insider } from '../service/callers.ts';
import { listOf } from '../service/lists.ts';
import { type BreakGlassDesk, callerDesk, contextOf } from './desk.ts';
import { grantNotFound } from './refusals.ts';
import { viewOfGrant } from './views.ts';

/** The roles of the policy in force, and whether the caller might have each at this moment. */
export async function listRoles(desk: BreakGlassDesk, caller: ApiCaller): Promise<Page<BreakGlassRoleView>> {
  const { policy, caller: known } = await insider(callerDesk(desk), caller);
  const context = contextOf(desk, policy);
  const items = await Promise.all(
    context.rules.roles.map((role) => viewOfRole(context, policy, role, known.actor)),
  );
  return { items };
}

async function viewOfRole(
  context: BreakGlassContext,
  policy: Policy,
  role: BreakGlassRole,
  actor: Actor,
): Promise<BreakGlassRoleView> {
  const { name, tier, longestMs, sessionManager } = role;
  const decision = await standingOf(context, role, actor);
  const entry = policy.document.breakGlass?.roles.find((each) => each.name === name);
  return {
    name,
    why: entry?.why ?? '',
    accounts: [...role.accounts],
    tier,
    longestSeconds: longestMs / 1000,
    reviewers: [...role.reviewers],
    sessionManager,
    eligible: decision.ok,
    because: [...decision.why],
    summary: [...grantSummaryLines(role)],
  };
}

/** What the policy would say now to somebody who writes whatever it asks for. */
async function standingOf(context: BreakGlassContext, role: BreakGlassRole, actor: Actor) {
  const { ticketPattern: _any, ...rules } = context.rules;
  const [accountId = ''] = role.accounts;
  const uses =
    actor.person === undefined ? [] : await context.ledger.chain(subjects.grantUses(actor.person, role.name));
  const [onCall, overdue] = await Promise.all([
    role.onCall === undefined ? unknown('the role does not ask for it') : context.onCall(role, accountId),
    stillOverdue(context, uses),
  ]);
  const content = {
    grantId: 'none',
    role: role.name,
    accountId,
    durationSeconds: MINUTE_MS / 1000,
    reason: 'x'.repeat(rules.shortestReason),
    ticket: 'NONE-1',
  };
  return decideEligibility(rules, { actor, content, onCall, overdue });
}

/** The list is a projection, which may be behind: each grant is read from its chain. */
export async function listGrants(
  desk: BreakGlassDesk,
  caller: ApiCaller,
  query: PageQuery,
): Promise<Page<GrantView>> {
  await insider(callerDesk(desk), caller);
  const { items, ...rest } = await listOf(desk, 'grant', query, ({ id, record }) => ({ id, record }));
  const grants = await Promise.all(items.map(async ({ id, record }) => (await read(desk, id)) ?? record));
  const now = desk.clock.now();
  return { ...rest, items: grants.map((grant) => viewOfGrant(grant, now)) };
}

export async function getGrant(desk: BreakGlassDesk, caller: ApiCaller, grantId: string): Promise<GrantView> {
  await insider(callerDesk(desk), caller);
  const grant = await read(desk, grantId);
  if (grant === undefined) throw grantNotFound(grantId);
  return viewOfGrant(grant, desk.clock.now());
}

/** What CloudTrail shows of it, as far as a look was attached; its events in the order in which they happened. */
export async function getEvidence(
  desk: BreakGlassDesk,
  caller: ApiCaller,
  grantId: string,
): Promise<GrantEvidenceView> {
  await insider(callerDesk(desk), caller);
  const grant = await read(desk, grantId);
  if (grant === undefined) throw grantNotFound(grantId);
  const view = viewOfGrant(grant, desk.clock.now());
  const found = await readEvidence(desk.evidence, grant);
  if (found.state === 'none') {
    const missing = ['nothing was looked up yet: CloudTrail is read a quarter of an hour after the end'];
    return { grant: view, state: 'none', complete: false, missing, summary: [], events: [] };
  }
  const { complete, missing, events } = found.evidence;
  return {
    grant: view,
    state: 'attached',
    complete,
    missing: [...missing],
    summary: [...found.summary],
    events: events.map(({ touched: _touched, readOnly, error, ...call }) => ({
      ...call,
      resources: [...call.resources],
      ...(readOnly === undefined ? {} : { readOnly }),
      ...(error === undefined ? {} : { error }),
    })),
  };
}

async function read({ ledger }: BreakGlassDesk, grantId: string): Promise<Grant | undefined> {
  return foldGrant(await ledger.chain(subjects.grant(grantId)));
}
