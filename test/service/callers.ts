import type { ApiCaller } from '../../lib/api/index.ts';
import { MAIN } from '../world/places.ts';

export const STRANGER = '999988887777';
export const PARTNER = '333344445555';
export const SSO_ROLE = 'AWSReservedSSO_Staff_0123456789abcdef';
export const SSO_ROLE_ID = 'AROASTAFF00000000000';

/** Somebody of the organisation through IAM Identity Center. */
export function person(name: string): ApiCaller {
  return session(SSO_ROLE, name, SSO_ROLE_ID);
}

export function session(
  role: string,
  name: string,
  roleId = 'AROAWORKLOAD00000000',
  accountId: string = MAIN,
): ApiCaller {
  const arn = `arn:aws:sts::${accountId}:assumed-role/${role}/${name}`;
  return { accountId, arn, userId: `${roleId}:${name}` };
}

export function iamUser(name: string, accountId: string = MAIN): ApiCaller {
  return { accountId, arn: `arn:aws:iam::${accountId}:user/${name}`, userId: 'AIDAUSER000000000000' };
}
