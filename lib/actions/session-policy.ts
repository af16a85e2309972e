import type { Credential } from '../domain/credential.ts';
import type { ChangeKind } from '../domain/event-data.ts';

/** What a role in an account is for: separate rights for reading, tagging, quarantining and deleting. */
export type RolePurpose = 'read' | 'tag' | 'rotate' | 'quarantine' | 'delete';

export const PURPOSE_OF_CHANGE: Readonly<Record<ChangeKind, Exclude<RolePurpose, 'read'>>> = {
  tag: 'tag',
  rotate: 'rotate',
  disable: 'quarantine',
  enable: 'quarantine',
  undelete: 'quarantine',
  delete: 'delete',
};

/** The calls of each change, with the looks at AWS before and after it. */
const ON_KEYS: Readonly<Record<ChangeKind, readonly string[]>> = {
  tag: ['iam:ListUserTags', 'iam:TagUser', 'iam:UntagUser'],
  rotate: [],
  disable: ['iam:ListAccessKeys', 'iam:UpdateAccessKey'],
  enable: ['iam:ListAccessKeys', 'iam:UpdateAccessKey'],
  delete: ['iam:DeleteAccessKey', 'iam:ListAccessKeys'],
  undelete: [],
};

const LOOKING = ['secretsmanager:DescribeSecret', 'secretsmanager:GetResourcePolicy'];
const POLICING = [...LOOKING, 'secretsmanager:PutResourcePolicy', 'secretsmanager:DeleteResourcePolicy'];

const ON_SECRETS: Readonly<Record<ChangeKind, readonly string[]>> = {
  tag: ['secretsmanager:DescribeSecret', 'secretsmanager:TagResource', 'secretsmanager:UntagResource'],
  rotate: ['secretsmanager:DescribeSecret', 'secretsmanager:RotateSecret'],
  disable: POLICING,
  enable: POLICING,
  delete: [...LOOKING, 'secretsmanager:DeleteSecret'],
  undelete: [...LOOKING, 'secretsmanager:RestoreSecret'],
};

/** Narrows an acting role to one change of one credential: whatever else the role may do, this session may not. */
export function sessionPolicyFor(change: ChangeKind, credential: Credential): object {
  const isSecret = credential.kind === 'secret';
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [...(isSecret ? ON_SECRETS : ON_KEYS)[change]],
        Resource: isSecret ? credential.id : credential.principal?.arn,
      },
    ],
  };
}
