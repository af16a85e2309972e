import type { Credential } from '../domain/credential.ts';
import { DELIVERED } from '../domain/delivery.ts';
import type { ChangeKind } from '../domain/event-data.ts';
import { keyRotationSessionPolicy, secretRotationSessionPolicy } from './rotation/session-policy.ts';

/** What a role in an account is for: separate rights for reading, tagging, quarantining and deleting. */
export type RolePurpose = 'read' | 'tag' | 'rotate' | 'quarantine' | 'delete';

export const PURPOSE_OF_CHANGE: Readonly<Record<ChangeKind, Exclude<RolePurpose, 'read'>>> = {
  tag: 'tag',
  rotate: 'rotate',
  deliver: 'rotate',
  disable: 'quarantine',
  enable: 'quarantine',
  undelete: 'quarantine',
  delete: 'delete',
};

/** The calls of each change, with the looks at AWS before and after it. */
const ON_KEYS: Readonly<Record<ChangeKind, readonly string[]>> = {
  tag: ['iam:ListUserTags', 'iam:TagUser', 'iam:UntagUser'],
  rotate: [],
  deliver: [],
  disable: ['iam:ListAccessKeys', 'iam:UpdateAccessKey'],
  enable: ['iam:ListAccessKeys', 'iam:UpdateAccessKey'],
  delete: ['iam:DeleteAccessKey', 'iam:ListAccessKeys'],
  undelete: [],
};

const LOOKING = ['secretsmanager:DescribeSecret', 'secretsmanager:GetResourcePolicy'];
const POLICING = [...LOOKING, 'secretsmanager:PutResourcePolicy', 'secretsmanager:DeleteResourcePolicy'];

const ON_SECRETS: Readonly<Record<ChangeKind, readonly string[]>> = {
  tag: ['secretsmanager:DescribeSecret', 'secretsmanager:TagResource', 'secretsmanager:UntagResource'],
  rotate: [],
  deliver: [],
  disable: POLICING,
  enable: POLICING,
  delete: [...LOOKING, 'secretsmanager:DeleteSecret'],
  undelete: [...LOOKING, 'secretsmanager:RestoreSecret'],
};

const DELIVERING = [
  'secretsmanager:CreateSecret',
  'secretsmanager:PutResourcePolicy',
  'secretsmanager:TagResource',
];

/**
 * Narrows an acting role to one change of one credential: whatever else the role may do, this session may not. An access
 * key is rotated in a secret, `secretId`.
 */
export function sessionPolicyFor(change: ChangeKind, credential: Credential, secretId?: string): object {
  if (change === 'rotate') return rotationSessionPolicy(credential, secretId);
  if (change === 'deliver') return allow(DELIVERING, deliverySecretArns(credential));
  const isSecret = credential.kind === 'secret';
  return allow(
    (isSecret ? ON_SECRETS : ON_KEYS)[change],
    isSecret ? credential.id : credential.principal?.arn,
  );
}

function rotationSessionPolicy({ id, kind, principal }: Credential, secretId: string | undefined): object {
  if (kind === 'secret' || principal === undefined) return secretRotationSessionPolicy(id);
  return secretId === undefined
    ? allow(['iam:ListAccessKeys'], principal.arn)
    : keyRotationSessionPolicy({ userArn: principal.arn, secretId });
}

/** The secret need not exist yet: AWS appends six characters to its name, and until then knows it by the name alone. */
function deliverySecretArns({ id, accountId, principal }: Credential): readonly string[] {
  const partition = id.split(':')[1] ?? 'aws';
  const arn = `arn:${partition}:secretsmanager:*:${accountId}:secret:${DELIVERED}${principal?.userName ?? ''}`;
  return [arn, `${arn}-??????`];
}

function allow(actions: readonly string[], resource: string | readonly string[] | undefined): object {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: [...actions], Resource: resource }],
  };
}
