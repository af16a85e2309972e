import { grant } from './grants.ts';
import type { Mutant } from './mutant.ts';

const REASON = 'break-glass/reason-changed';
const DRIFT = 'break-glass/drift';
const DIFF = 'policy/diff/break-glass-diff';
const LAST_RESORT = 'policy/emergency-identities';
const LISTS = 'break-glass/lists';

/** What ends a grant when its reason goes, what tells of roles that somebody changed, and what the policy says of both. */
export const GRANT_CHANGE_MUTANTS: readonly Mutant[] = [
  grant(
    'outlives its role',
    'domain/break-glass-reason.ts',
    'if (role === undefined) return',
    'if (role === undefined) return undefined; if (false as boolean) return',
    REASON,
  ),
  grant(
    'outlives that its role is for the account',
    'domain/break-glass-reason.ts',
    'if (!role.accounts.includes(accountId)) return',
    'if (false as boolean) return',
    REASON,
  ),
  grant(
    'outlives that its person is eligible',
    'domain/break-glass-reason.ts',
    'if (role.eligible.includes(person)) return undefined;',
    'return undefined;',
    REASON,
  ),
  grant(
    'of the emergency group outlives the group',
    'domain/break-glass-reason.ts',
    "if (standing === 'emergency' && rules.emergency.includes(person)) return undefined;",
    "if (standing === 'emergency') return undefined;",
    REASON,
  ),
  grant(
    'a policy more on its role is no drift',
    'break-glass/differences.ts',
    '...found.filter((arn) => !expected.includes(arn))',
    '...found.filter(() => false)',
    DRIFT,
  ),
  grant(
    'another trust is no drift',
    'break-glass/differences.ts',
    "...documentDifferences('its trust', expected.trust, found.trust),",
    '',
    DRIFT,
  ),
  grant(
    'an inline policy more is no drift',
    'break-glass/differences.ts',
    '...others.map((name)',
    '...others.slice(others.length).map((name)',
    DRIFT,
  ),
  grant(
    'drift that was mended stays on record',
    'break-glass/drift.ts',
    'if (differences.length === 0 && isKnown !== undefined) {',
    'if (false as boolean) {',
    DRIFT,
  ),
  grant(
    'an account that cannot be looked at has mended',
    'break-glass/read-role.ts',
    "if (failure instanceof JanitorError && failure.code === 'aws-not-found') return undefined;\n    throw failure;",
    'return failure === undefined ? undefined : undefined;',
    DRIFT,
  ),
  grant(
    'rules touch identities of the last resort',
    'policy/holds.ts',
    '...registered.map(({ arn }) => arn)',
    '',
    LAST_RESORT,
  ),
  grant(
    'whoever keeps an identity is all who review it',
    'policy/break-glass-references.ts',
    '...custodiansOnly(file, directory),',
    '',
    LAST_RESORT,
  ),
  grant(
    'a longer grant is a tighter policy',
    'policy/diff/break-glass-directions.ts',
    "duration(loosens('a grant may last longer'), tightens('a grant ends sooner'))",
    "duration(tightens('a grant may last longer'), loosens('a grant ends sooner'))",
    DIFF,
  ),
  grant(
    'is not listed any more once it has ended, whatever it owes',
    'domain/grant.ts',
    "return !['closed', 'finding'].includes(afterUse(grant, grant.requestedAt));",
    'return grant.endedAt === undefined;',
    LISTS,
  ),
];
