/**
 * Where MiniStack 1.5.33 is known not to behave like AWS, as far as the deployed service meets it. Each name says what
 * AWS does; ministack.test.ts asserts that MiniStack still does not, so that the lists cannot rot, and that
 * docs/testing.md shows them.
 */

/** What the deploy test cannot do without: completed in the emulator's process, by what AWS documents. */
export const COMPLETED: Readonly<Record<string, string>> = {
  'aws:PrincipalArn is the role behind a session': 'member roles trust functions by it',
  'aws:PrincipalOrgID and aws:ResourceOrgID know the members of an organisation':
    'member roles are assumed within the organisation only',
  'a call on a user names the user with its path': 'session policies name exact ARNs',
  'iam:GetAccessKeyLastUsed names the user of the key': 'the read role may ask for users only',
  'ses:SendEmail names the identity it is sent from': 'mail is sent from the one sender',
  'dynamodb:LeadingKeys names the partitions of a request': 'each function writes its own chains only',
  'states:DescribeMapRun names the run': 'operators follow a run with rights to it alone',
  'secretsmanager:RecoveryWindowInDays names the terms of a deletion': 'secrets are deleted restorably',
  'the host of a REST API resolves': 'its path on the emulator is handed out instead',
  'an alarm may watch an expression': 'kept under its first metric, never evaluated',
  'conditions of a template may refer to pseudo parameters': 'the member template makes roles in one Region',
  "tags of a bucket in a template become the bucket's": 'CDK empties only buckets that are tagged for it',
  'a rule forwards to the bus of another account':
    'births come from members; the policy of the bus is not judged',
  'RotateSecret has the function of the secret called':
    'access keys in secrets are rotated by the deployed function',
  'Scheduler fills context attributes into the input of its target': 'a firing is known by its instant',
  'scheduler:CreateSchedule names the group of the schedule': 'ends of grants are scheduled in one group',
  'sts:SourceIdentity is known to the trust of a role':
    'break-glass roles trust sessions that say whose they are',
  "the boundary of a role in a template becomes the role's": 'member roles and break-glass roles have one',
};

/** What stays different: the tests that answer for it otherwise. */
export const OPEN: Readonly<Record<string, readonly string[]>> = {
  'EventBridge hears of API calls from CloudTrail, and of bounces from SES': [
    'test/deploy/deploy.test.ts',
    'test/functions/births.test.ts',
    'test/functions/event-schemas.test.ts',
  ],
  'the roles of Scheduler and Step Functions are enforced': ['test/infrastructure/service.test.ts'],
  'Step Functions writes the results of a map where it is told': [
    'test/infrastructure/workflow-definition.test.ts',
  ],
  'Step Functions redrives': ['test/world/crash-runs.test.ts', 'test/sweep/organisation/run.test.ts'],
  'a table under a customer-managed key needs rights to the key': ['test/infrastructure/permissions.test.ts'],
  'templates set point-in-time recovery and encryption of tables': ['test/infrastructure/record.test.ts'],
  'templates set Object Lock, encryption and lifecycle of buckets': ['test/infrastructure/record.test.ts'],
  'templates set request validators of REST APIs': ['test/infrastructure/api.test.ts'],
  'a REST API is reached from other accounts and unsigned': ['test/infrastructure/api.test.ts'],
  'iam:ListServiceSpecificCredentials': [
    'test/contract/contract.ts',
    'test/inventory/read-inventory.test.ts',
  ],
  'organizations:ListAccounts pages, and says the state of an account': ['test/functions/sweep-run.test.ts'],
  'keys and secrets have an age, and keys a last use': [
    'test/deploy/scan-on-moto.test.ts',
    'test/inventory/key-use.test.ts',
  ],
  'metrics in logs become metrics, and alarms judge them': ['test/infrastructure/service.test.ts'],
};
