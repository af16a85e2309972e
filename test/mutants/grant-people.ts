import { grant } from './grants.ts';
import type { Mutant } from './mutant.ts';

const START = 'break-glass/start';
const REVIEW = 'break-glass/review';
const GUARDS = 'break-glass/guards';
const FOLD = 'domain/grant';
const ON_CALL = 'break-glass/on-call';

/** Where a grant stands, who may have, approve and review it, and what an overdue review costs. */
export const GRANT_PEOPLE_MUTANTS = [
  grant(
    'the end moves with the activation',
    'domain/grant.ts',
    '    ...grant,\n    activatedAt: at,\n',
    '    ...grant,\n    activatedAt: at,\n    endsAt: plus(at, grant.durationSeconds * 1000),\n',
    FOLD,
  ),
  grant('a grant does not end by the clock', 'domain/grant.ts', "if (past) return 'ending';", '', FOLD),
  grant(
    'whoever waits for approvals waits for ever',
    'domain/grant.ts',
    "return past ? 'lapsed' : 'requested';",
    "return 'requested';",
    FOLD,
  ),
  grant(
    'a grant is taken up without its approvals',
    'domain/grant.ts',
    'return isApproved(grant) ? intended(grant, event.at) : grant;',
    'return intended(grant, event.at);',
    FOLD,
  ),
  grant(
    'who asked approves',
    'domain/grant.ts',
    "if (sameActor(grant.requestedBy, by)) return 'own-request';",
    '',
    START,
  ),
  grant(
    'anybody approves',
    'domain/grant.ts',
    "if (!grant.approvers.includes(by.person)) return 'not-an-approver';",
    '',
    START,
  ),
  grant(
    'one person approves twice',
    'domain/grant.ts',
    "return grant.approvals.some(({ actor }) => sameActor(actor, by)) ? 'approved-already' : undefined;",
    'return undefined;',
    GUARDS,
  ),
  grant(
    'who used it reviews it',
    'domain/grant.ts',
    "if (sameActor(grant.requestedBy, by)) return 'own-use';",
    '',
    FOLD,
  ),
  grant(
    'who approved it reviews it',
    'domain/grant.ts',
    "if (grant.approvals.some(({ actor }) => sameActor(actor, by))) return 'approved-it';",
    '',
    FOLD,
  ),
  grant(
    'anybody reviews',
    'domain/grant.ts',
    "if (!grant.reviewers.includes(by.person)) return 'not-a-reviewer';",
    '',
    FOLD,
  ),
  grant(
    'one person reviews twice',
    'domain/grant.ts',
    "return grant.reviews.some((each) => sameActor(each.by, by)) ? 'reviewed-already' : undefined;",
    'return undefined;',
    REVIEW,
  ),
  grant(
    'a use is reviewed without evidence',
    'break-glass/review-grant.ts',
    "if (grant.evidence === undefined) return 'no-evidence';",
    '',
    REVIEW,
  ),
  grant(
    'a use is settled before its review',
    'break-glass/review-grant.ts',
    'if (isSettled(grant, now)) await',
    'await',
    GUARDS,
  ),
  grant(
    'an overdue review costs nothing',
    'domain/grant-uses.ts',
    'return uses.filter(({ reviewBy }) => now >= reviewBy);',
    'return uses.filter(() => false);',
    START,
  ),
  grant(
    'what was reviewed at last goes on costing a second person',
    'domain/grant-uses.ts',
    "if (event.type === 'grant.settled') uses.delete(event.data.grantId);",
    '',
    FOLD,
  ),
  grant(
    'an overdue review takes nobody else',
    'domain/break-glass-eligibility.ts',
    'overdue.length > 0 ? Math.max(own, 1) : own',
    'own',
    START,
  ),
  grant(
    'a program takes a role',
    'domain/break-glass-eligibility.ts',
    "if (kind !== 'person' || person === undefined)\n    return refused('not-a-person',",
    "if (person === undefined)\n    return refused('not-a-person',",
    GUARDS,
  ),
  grant(
    'anybody takes a role',
    'domain/break-glass-eligibility.ts',
    "if (!isEligible) return refused('not-eligible',",
    "if (false as boolean) return refused('not-eligible',",
    START,
  ),
  grant(
    'nobody need be on call',
    'domain/break-glass-eligibility.ts',
    'if (!onCall.value.includes(person))',
    'if (false as boolean)',
    'policy/break-glass',
  ),
  grant(
    'who is on call is not known, so anybody is',
    'domain/break-glass-eligibility.ts',
    'if (mayGoAhead && rules.emergency.includes(person)) {',
    'if (mayGoAhead) {',
    'policy/break-glass',
  ),
  grant(
    'an emergency is reviewed by one',
    'domain/break-glass-eligibility.ts',
    "reviewsNeeded: standing.standing === 'emergency' ? 2 : 1,",
    'reviewsNeeded: 1,',
    REVIEW,
  ),
  grant(
    'any duration will do',
    'domain/break-glass-eligibility.ts',
    'millis > role.longestMs && {',
    '(false as boolean) && {',
    'policy/break-glass',
  ),
  grant(
    'what the on-call system says of something else counts',
    'break-glass/on-call.ts',
    'if (role !== asked.role || account !== asked.accountId)',
    'if (false as boolean)',
    ON_CALL,
  ),
  grant(
    'the on-call system sends us elsewhere',
    'break-glass/on-call.ts',
    'if (response.status !== 200) {',
    'if (response.status >= 400) {',
    ON_CALL,
  ),
] as const satisfies readonly Mutant[];
