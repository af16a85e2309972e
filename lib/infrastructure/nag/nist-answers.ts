/**
 * Why each finding of the NIST 800-53 pack stands: a choice with its reason, or what to add where the control is
 * required. The pack finds four things in one ordinary Lambda function, so it reports and does not gate.
 */
export const NIST_ANSWERS: Readonly<Record<string, string>> = {
  'NIST.800.53.R5-DynamoDBInBackupPlan':
    'Ledger and state can be restored to any second of the last 35 days and are protected from deletion. Add them to the organisation’s AWS Backup plan for copies in another account. Used proofs are worth nothing after an hour.',
  'NIST.800.53.R5-S3BucketReplicationEnabled':
    'Evidence is locked against deletion where it is. Add a replication rule where a second Region is required; the other two buckets hold nothing that a lost Region would need.',
  'NIST.800.53.R5-S3BucketVersioningEnabled':
    'Evidence is versioned and locked. Work files are written anew by every run and gone in a week; access logs are written by S3 once.',
  'NIST.800.53.R5-S3DefaultEncryptionKMS':
    'S3 delivers access logs to no bucket with a customer-managed key by default; they are encrypted by S3, and name objects, not their content.',
  'NIST.800.53.R5-IAMNoInlinePolicy':
    'A role’s statements are part of the role on purpose: they come and go with it, nobody can attach them elsewhere, and the template shows in one place what a function may do.',
  'NIST.800.53.R5-LambdaConcurrency':
    'The workflow bounds how many accounts are in work at once. Reserved concurrency would be taken from the rest of the account; the hub’s account has nothing else in it.',
  'NIST.800.53.R5-LambdaDLQ':
    'Functions called by events keep what failed in the dead-letter queue by a failure destination, which this rule does not look at; the others are called synchronously and their caller sees the error.',
  'NIST.800.53.R5-LambdaInsideVPC':
    'The functions speak to AWS APIs alone and hold no network of their own. In a VPC every one of a dozen services needs an endpoint of its own, and not each has one in every Region.',
  'NIST.800.53.R5-APIGWAssociatedWithWAF':
    'AWS WAF is a choice of the configuration (api.waf). Without it the API takes nothing that is not signed by an account it admits, and limits the rate.',
  'NIST.800.53.R5-APIGWCacheEnabledAndEncrypted':
    'Nothing is cached: who asks decides what is answered, and what was decided a second ago counts.',
  'NIST.800.53.R5-APIGWSSLEnabled':
    'A client certificate would prove the gateway to a backend over HTTP. The backend is a Lambda function, which its permission lets this API alone invoke.',
};
