/** What a caller's ARN says by its shape alone. */
export type PrincipalArn =
  | { readonly kind: 'user'; readonly accountId: string; readonly userName: string }
  | {
      readonly kind: 'role-session';
      readonly accountId: string;
      /** Without the path, which session ARNs omit. */
      readonly roleName: string;
      readonly sessionName: string;
    }
  | { readonly kind: 'root'; readonly accountId: string }
  | { readonly kind: 'other' };

const USER = /^arn:aws[a-z-]*:iam::(\d{12}):user\/(?:[^/]+\/)*([^/]+)$/;
const SESSION = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([\w+=,.@-]{1,64})\/([\w+=,.@-]{2,64})$/;
const ROOT = /^arn:aws[a-z-]*:iam::(\d{12}):root$/;

/** Parses strictly: what does not look exactly like a user, a role session or root is `other`. */
export function parsePrincipalArn(arn: string): PrincipalArn {
  const [, userAccount, userName] = USER.exec(arn) ?? [];
  if (userAccount !== undefined && userName !== undefined)
    return { kind: 'user', accountId: userAccount, userName };
  const [, roleAccount, roleName, sessionName] = SESSION.exec(arn) ?? [];
  if (roleAccount !== undefined && roleName !== undefined && sessionName !== undefined) {
    return { kind: 'role-session', accountId: roleAccount, roleName, sessionName };
  }
  const [, rootAccount] = ROOT.exec(arn) ?? [];
  return rootAccount === undefined ? { kind: 'other' } : { kind: 'root', accountId: rootAccount };
}
