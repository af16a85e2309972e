import type { Mutant } from './mutant.ts';

function after(name: string, file: string, find: string, replace: string, suite: string): Mutant {
  return {
    name: `after a grant: ${name}`,
    file: `lib/${file}`,
    find,
    replace,
    tests: [`test/${suite}.test.ts`],
  };
}

const INCIDENTS = 'break-glass/incidents';
const LAST_RESORT = 'break-glass/emergency-identities';
const REVIEWS = 'domain/incident';
const EVIDENCE = 'break-glass/evidence';
const SHELLS = 'break-glass/shells';
const DRILL = 'break-glass/drill';
const DOCUMENTS = 'domain/break-glass-documents';
const BOUNDARY = 'infrastructure/break-glass-boundary';
const DRIFT = 'break-glass/drift';
const TRUST = 'break-glass/trust';

/** What comes after a use, what no grant explains, drills, and what the roles themselves trust and never do. */
export const AFTER_USE_MUTANTS = [
  after(
    'a session of another role is explained',
    'break-glass/unexplained.ts',
    'if (roleArn !== assumed.roleArn) return',
    'if (false as boolean) return',
    INCIDENTS,
  ),
  after(
    'a session that somebody else began is explained',
    'break-glass/unexplained.ts',
    'if (!isBroker(event, brokerRoleArn)) return',
    'if (false as boolean) return',
    INCIDENTS,
  ),
  after(
    'a session of somebody else is explained',
    'break-glass/unexplained.ts',
    "if (assumed.sourceIdentity !== sourceIdentityOf(requestedBy.person ?? ''))",
    'if (false as boolean)',
    INCIDENTS,
  ),
  after(
    'a session of any time is explained',
    'break-glass/unexplained.ts',
    'some((intent) => isFresh(intent, event.at))',
    'some(() => true)',
    INCIDENTS,
  ),
  after(
    'a grant that waits for its approval explains a session',
    'break-glass/unexplained.ts',
    "(event.type === 'grant.requested' && event.data.approvalsNeeded === 0)",
    "event.type === 'grant.requested'",
    INCIDENTS,
  ),
  after(
    'a use of the last resort is nothing',
    'break-glass/unexplained.ts',
    'if (callerArns.includes(arn)) return true;',
    '',
    LAST_RESORT,
  ),
  after(
    'a use after the review was reviewed with it',
    'break-glass/incidents.ts',
    'return isAfter(stood.incident, call)\n',
    'return (false as boolean)\n',
    LAST_RESORT,
  ),
  after(
    'a custodian reviews the use of what they keep',
    'domain/incident.ts',
    "if (custodians.includes(by.person)) return 'custodian';",
    '',
    REVIEWS,
  ),
  after(
    'whoever a session claims to be of reviews it',
    'domain/incident.ts',
    "if (person === by.person || principal === by.arn) return 'own-use';",
    '',
    REVIEWS,
  ),
  after(
    'anybody reviews an incident',
    'domain/incident.ts',
    "return reviewers.includes(by.person) ? undefined : 'not-a-reviewer';",
    'return undefined;',
    REVIEWS,
  ),
  after(
    'an incident is never overdue',
    'domain/incident.ts',
    "if (now >= incident.reviewBy) return 'overdue';",
    '',
    REVIEWS,
  ),
  after(
    'a look while calls may still arrive is all there is',
    'break-glass/collect-evidence.ts',
    '...(now < late ?',
    '...((false as boolean) ?',
    EVIDENCE,
  ),
  after(
    'a Region that could not be read had no calls',
    'break-glass/look-up.ts',
    'return { calls, missing: reasonOf(error, region) };',
    'return { calls };',
    EVIDENCE,
  ),
  after(
    'what no record knows of is not looked for',
    'break-glass/collect-evidence.ts',
    "attribute: 'Username'",
    "attribute: 'EventId'",
    EVIDENCE,
  ),
  after(
    'evidence that somebody changed is shown',
    'break-glass/read-evidence.ts',
    ' || sha256(text) !== reference.sha256',
    '',
    EVIDENCE,
  ),
  after(
    'a credential gets a finding for every look',
    'break-glass/exposed-credentials.ts',
    'if (events.some((event) => names(event, grantId))) return undefined;',
    '',
    EVIDENCE,
  ),
  after(
    'shells are ended once, whatever is opened after',
    'break-glass/shells.ts',
    'isClear && isKeptOut(grant, context.clock.now());',
    'isClear;',
    SHELLS,
  ),
  after(
    'shells of whoever still needs them are ended',
    'break-glass/shells.ts',
    "if (state !== 'ending' && state !== 'ended') return undefined;",
    '',
    SHELLS,
  ),
  after(
    'a drill does not look whether access is over',
    'break-glass/drill.ts',
    "throw failure('still-answered');",
    'return true;',
    DRILL,
  ),
  after(
    'a drill is owed a review',
    'domain/break-glass-eligibility.ts',
    'approvalsNeeded: 0, reviewsNeeded: 0, why };',
    'approvalsNeeded: 0, reviewsNeeded: 1, why };',
    DRILL,
  ),
  after('a grant attaches a policy', 'domain/break-glass-boundary.ts', "  'Attach*',\n", '', DOCUMENTS),
  after('a grant assumes another role', 'domain/break-glass-boundary.ts', "  'sts:Assume*',\n", '', BOUNDARY),
  after(
    'a grant touches the record',
    'domain/break-glass-boundary.ts',
    'resources: recordArns(place),',
    "resources: ['arn:aws:s3:::none'],",
    BOUNDARY,
  ),
  after(
    'a grant touches the janitor',
    'domain/break-glass-boundary.ts',
    'resources: janitorArns(place),',
    "resources: ['arn:aws:s3:::none'],",
    BOUNDARY,
  ),
  after('a grant stops the trail', 'domain/break-glass-boundary.ts', "  'cloudtrail:Stop*',\n", '', BOUNDARY),
  after(
    'a role trusts whoever is in the account of the broker',
    'domain/break-glass-documents.ts',
    "    ArnEquals: { 'aws:PrincipalArn': brokerRoleArn(place) },\n",
    '',
    TRUST,
  ),
  after(
    'a role is assumed without the tag of a grant',
    'domain/break-glass-documents.ts',
    "trusted('sts:AssumeRole', { ...source, ...grant })",
    "trusted('sts:AssumeRole', { ...source })",
    TRUST,
  ),
  after(
    'a role is assumed without saying for whom',
    'domain/break-glass-documents.ts',
    "trusted('sts:AssumeRole', { ...source, ...grant })",
    "trusted('sts:AssumeRole', { ...grant })",
    TRUST,
  ),
  after(
    'a role without its boundary has not drifted',
    'break-glass/differences.ts',
    '...(boundaryArn === expected.boundaryArn\n',
    '...((true as boolean)\n',
    DRIFT,
  ),
  after(
    'a role of longer sessions has not drifted',
    'break-glass/differences.ts',
    'longestSeconds <= LONGEST_SECONDS',
    '(true as boolean)',
    DRIFT,
  ),
  after(
    'a policy of ended grants that says something else has not drifted',
    'break-glass/drift.ts',
    'text !== undefined && endedGrantsIn(text) !== undefined;',
    'text !== undefined;',
    DRIFT,
  ),
] as const satisfies readonly Mutant[];
