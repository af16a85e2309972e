import type { Mutant } from './mutant.ts';

export function grant(name: string, file: string, find: string, replace: string, suite: string): Mutant {
  return { name: `grant: ${name}`, file: `lib/${file}`, find, replace, tests: [`test/${suite}.test.ts`] };
}

const START = 'break-glass/start';
const ALONE = 'break-glass/alone';
const ENDS = 'break-glass/ends';
const CRASHES = 'break-glass/crashes';
const REASON = 'break-glass/reason-changed';
const GUARDS = 'break-glass/guards';

/** What lends a role and takes it back. Who may, and who reviews: grant-people.ts. */
export const GRANT_MUTANTS = [
  grant(
    'no Deny after the end in the session policy',
    'domain/break-glass-names.ts',
    "      { Effect: 'Deny', ...everything, Condition: after },\n",
    '',
    ALONE,
  ),
  grant(
    'the session policy goes on to the end of its second',
    'domain/break-glass-names.ts',
    'instant.slice(0, 19)',
    "instant.slice(0, 17).concat('59')",
    ENDS,
  ),
  grant(
    'shells are opened by any role',
    'domain/break-glass-names.ts',
    '...(grant.sessionManager ? [] :',
    '...(true ? [] :',
    ENDS,
  ),
  grant(
    'sessions last an hour',
    'domain/grant.ts',
    'export const SESSION_SECONDS = 900;',
    'export const SESSION_SECONDS = 3600;',
    ENDS,
  ),
  grant(
    'a session says not which grant it is of',
    'break-glass/session.ts',
    '    Tags: [{ Key: GRANT_TAG, Value: grantId }],\n',
    '',
    START,
  ),
  grant(
    'a session says not whose it is',
    'break-glass/session.ts',
    "    SourceIdentity: sourceIdentityOf(requestedBy.person ?? ''),\n",
    '',
    START,
  ),
  grant(
    'an old intent is good for a session',
    'break-glass/session.ts',
    'now >= plus(intendedAt, ISSUE_WITHIN_MS) || ',
    '',
    GUARDS,
  ),
  grant(
    'whoever comes second gets a session that is on no record',
    'break-glass/activate-grant.ts',
    "return after.recorded ? { outcome: 'started', grant: after.grant, session } : renewFrom(context, after);",
    "return { outcome: 'started', grant: after.grant, session };",
    GUARDS,
  ),
  grant(
    'one id stands for anything that is asked under it',
    'break-glass/start-grant.ts',
    "if (!isSame(first, actor, content)) return { outcome: 'conflict' };",
    '',
    START,
  ),
  grant(
    'a lost race begins nothing',
    'break-glass/start-grant.ts',
    'if (!appended.ok) return goOn(context, asked, await ledger.chain(subject));',
    '',
    GUARDS,
  ),
  grant(
    'a renewal is handed out although the end came first',
    'break-glass/renew-grant.ts',
    "if (issued?.state !== 'active') return",
    'if (issued === undefined) return',
    GUARDS,
  ),
  grant(
    'a renewal does not ask the record',
    'break-glass/renew-grant.ts',
    "if (intended?.state !== 'active') return",
    'if (intended === undefined) return',
    ALONE,
  ),
  grant(
    'anybody renews',
    'break-glass/renew-grant.ts',
    '!sameActor(stood.grant.requestedBy, actor)',
    '(false as boolean)',
    ENDS,
  ),
  grant(
    'anybody gives back',
    'break-glass/end-grant.ts',
    "return end(context, ending, 'returned', ({ requestedBy }) => sameActor(requestedBy, ending.actor));",
    "return end(context, ending, 'returned', () => true);",
    ENDS,
  ),
  grant(
    'anybody revokes',
    'break-glass/end-grant.ts',
    '[...grant.approvers, ...grant.reviewers, ...rules.emergency].includes(actor.person)',
    'true',
    ENDS,
  ),
  grant(
    'an end is believed without denying',
    'break-glass/end-grant.ts',
    'if (!mayHaveSessions(grant, context.clock.now())) {',
    'if (true as boolean) {',
    ALONE,
  ),
  grant(
    'a grant whose end came by the clock is not ended',
    'break-glass/end-grant.ts',
    "if (state === 'ending' && grant.ending === undefined)",
    'if (false as boolean)',
    ALONE,
  ),
  grant(
    'what was never activated stays',
    'break-glass/end-grant.ts',
    "return state === 'activating' && at >= given",
    "return state === 'activating' && at >= given && (false as boolean)",
    GUARDS,
  ),
  grant(
    'a failure to end is forgotten',
    'break-glass/end-grant.ts',
    "return { type: 'grant.end-failed', reason: error.message, data: { code: error.code, ...mended } };",
    "return { type: 'grant.ended', data: { proof: 'tag-denied' } };",
    ENDS,
  ),
  grant(
    'a denial is believed without reading it back',
    'break-glass/tag-denial.ts',
    'if (numberOf(seen.version) <= numberOf(created)) return',
    'if (true as boolean) return',
    GUARDS,
  ),
  grant(
    'denying one grant lets the others in again',
    'break-glass/tag-denial.ts',
    'const wanted = endedPolicyText([...kept, ...grantIds]);',
    'const wanted = endedPolicyText([...grantIds]);',
    ENDS,
  ),
  grant(
    'a sixth version of the policy is tried',
    'break-glass/tag-denial.ts',
    'await this.#makeRoom();',
    '',
    ENDS,
  ),
  grant(
    'a policy that somebody changed is ours',
    'domain/break-glass-names.ts',
    'return endedPolicyText(ids) === reset(text) ? ids : undefined;',
    'return ids;',
    ENDS,
  ),
  grant(
    'the reconciler leaves what was denied to others',
    'break-glass/reconcile.ts',
    'if (kept.length === 0) continue;',
    'continue;',
    ENDS,
  ),
  grant(
    'a failed schedule is not placed again',
    'break-glass/reconcile.ts',
    "errand === 'announcement' || state === 'active'",
    "errand === 'announcement'",
    CRASHES,
  ),
  grant(
    'a use that was not noted is never',
    'break-glass/reconcile.ts',
    'await noteUse(context, { ...grant, actor: grant.requestedBy });',
    '',
    GUARDS,
  ),
  grant(
    'whose reason is gone starts again',
    'break-glass/start-grant.ts',
    'const ended = await endWithoutReason(context, stood);',
    'const ended = undefined as typeof stood.grant | undefined;',
    REASON,
  ),
  grant(
    'whose reason is gone renews',
    'break-glass/renew-grant.ts',
    'const ended = await endWithoutReason(context, stood);',
    'const ended = undefined as typeof stood.grant | undefined;',
    REASON,
  ),
  grant(
    'what was given back is denied only as long as its credentials last',
    'domain/grant.ts',
    'now < latest(endsAt, plus(intendedAt, SURELY_EXPIRED_MS))',
    'now < plus(intendedAt, SURELY_EXPIRED_MS)',
    'domain/grant',
  ),
  grant(
    'an end hides that somebody had changed what is denied',
    'break-glass/end-grant.ts',
    'mended = { mended: true };',
    '',
    ENDS,
  ),
] as const satisfies readonly Mutant[];
