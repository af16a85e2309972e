import type { AccessKey, User } from './iam/state.ts';
import type { Statement } from './policy-document.ts';
import type { Tag } from './tag.ts';

/** Who signed a request. */
export interface Principal {
  readonly kind: 'administrator' | 'user' | 'role-session';
  readonly accountId: string;
  /** As GetCallerIdentity answers: a user's ARN or an assumed-role session's. */
  readonly arn: string;
  /** What `aws:PrincipalArn` holds and deny rules match as well: the role's ARN for a session, else `arn`. */
  readonly principalArn: string;
  readonly userId: string;
  readonly userName?: string;
  readonly sourceIdentity?: string;
  readonly sessionTags?: readonly Tag[];
  /** What narrows the session further than its role. */
  readonly sessionPolicy?: readonly Statement[];
  /** When the session was issued, in milliseconds since the epoch. */
  readonly issuedAt?: number;
}

/** A credential that can sign requests. */
export type IssuedCredential =
  | { readonly kind: 'administrator'; readonly principal: Principal; readonly secretAccessKey: string }
  | { readonly kind: 'user-key'; readonly accountId: string; readonly user: User; readonly key: AccessKey }
  | {
      readonly kind: 'session';
      readonly principal: Principal;
      readonly secretAccessKey: string;
      readonly sessionToken: string;
      /** Milliseconds since the epoch. */
      readonly expiresAt: number;
    };

export function secretOf(credential: IssuedCredential): string {
  return credential.kind === 'user-key' ? credential.key.secretAccessKey : credential.secretAccessKey;
}

function userPrincipal(accountId: string, user: User): Principal {
  return {
    kind: 'user',
    accountId,
    arn: user.arn,
    principalArn: user.arn,
    userId: user.id,
    userName: user.name,
  };
}

/** The principal a credential stands for. */
export function principalOf(credential: IssuedCredential): Principal {
  return credential.kind === 'user-key'
    ? userPrincipal(credential.accountId, credential.user)
    : credential.principal;
}
