/** Where facts come from, named like the permission that reads them. */
export const SOURCE = {
  report: 'iam:GetCredentialReport',
  details: 'iam:GetAccountAuthorizationDetails',
  accessKeys: 'iam:ListAccessKeys',
  user: 'iam:GetUser',
  lastUsed: 'iam:GetAccessKeyLastUsed',
  userTags: 'iam:ListUserTags',
  serviceSpecific: 'iam:ListServiceSpecificCredentials',
  secrets: 'secretsmanager:ListSecrets',
  secret: 'secretsmanager:DescribeSecret',
  /** A key id learnt earlier whose row in the credential report has not changed since. */
  remembered: 'iam:GetCredentialReport, key id from an earlier iam:ListAccessKeys',
} as const;
