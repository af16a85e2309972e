/** What rotating a key asks of AWS, by what it is asked about; STS asks no right for GetCallerIdentity. */
export const ROTATION_CALLS = {
  user: [
    'iam:CreateAccessKey',
    'iam:DeleteAccessKey',
    'iam:GetAccessKeyLastUsed',
    'iam:GetUser',
    'iam:ListAccessKeys',
  ],
  store: [
    'secretsmanager:DescribeSecret',
    'secretsmanager:GetSecretValue',
    'secretsmanager:PutSecretValue',
    'secretsmanager:TagResource',
    'secretsmanager:UpdateSecretVersionStage',
  ],
} as const;
