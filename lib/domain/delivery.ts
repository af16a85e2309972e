import { canonical } from './canonical.ts';

/**
 * Where the new key of a user goes that no secret holds: a secret of the janitor's own, named after the user, that one
 * reader may open. Who that is stands in the activated policy, never in a tag.
 */
export const DELIVERED = 'credential-janitor/delivered/';

/** The name of the secret; undefined for the few user names that no secret can be called (those with a comma). */
export function deliveryName(userName: string): string | undefined {
  const name = `${DELIVERED}${userName}`;
  return /^[\w/+=.@-]{1,512}$/.test(name) ? name : undefined;
}

export function isDeliveryName(name: string): boolean {
  return name.startsWith(DELIVERED);
}

/** Principal ARNs: who the key is for, and the janitor itself, which writes it, tries it and replaces it again. */
export interface DeliveryReaders {
  readonly reader: string;
  readonly janitor: string;
}

const READING = ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'];

/**
 * The resource policy of the secret: the reader may read it even where its own policies say nothing, and nobody but the
 * reader and the janitor may, whatever theirs say.
 */
export function deliveryPolicy({ reader, janitor }: DeliveryReaders): string {
  return canonical({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'CredentialJanitorReader',
        Effect: 'Allow',
        Principal: { AWS: reader },
        Action: 'secretsmanager:GetSecretValue',
        Resource: '*',
      },
      {
        Sid: 'CredentialJanitorNobodyElse',
        Effect: 'Deny',
        Principal: '*',
        Action: READING,
        Resource: '*',
        Condition: { ArnNotEquals: { 'aws:PrincipalArn': [reader, janitor] } },
      },
    ],
  });
}
