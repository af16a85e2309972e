import type { RolePurpose } from '../../actions/index.ts';
import type { Environment } from './environment.ts';

/** IAM path of the roles in member accounts. */
const ROLE_PATH = 'credential-janitor/';

interface MemberRolePlace extends Pick<Environment, 'MEMBER_ROLE_PREFIX'> {
  readonly partition: string;
  readonly accountId: string;
}

/** The role of a purpose in a member account, as policies name it. */
export function memberRoleArn(
  { partition, accountId, MEMBER_ROLE_PREFIX }: MemberRolePlace,
  purpose: RolePurpose | 'break-glass',
): string {
  return `arn:${partition}:iam::${accountId}:role/${ROLE_PATH}${MEMBER_ROLE_PREFIX}-${purpose}`;
}
