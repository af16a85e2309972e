import { factSchema } from './fact.ts';
import { instantSchema } from './time.ts';
import * as z from './zod.ts';

/** Kinds acted on: access keys and secrets. The others are reported and warned about. */
export const CREDENTIAL_KINDS = [
  'access-key',
  'secret',
  'root-access-key',
  'console-password',
  'signing-certificate',
  'service-specific-credential',
] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

/** Kinds that the janitor can disable and delete. */
export const ACTIONABLE_KINDS: readonly CredentialKind[] = ['access-key', 'secret'];

/** Kinds of long-lived AWS credentials that no read covers yet; every output lists them (G21). */
export const NOT_COVERED = [
  'IAM Roles Anywhere certificates',
  'EC2 key pairs',
  'Systems Manager SecureString parameters',
  'RDS and other database passwords outside Secrets Manager',
  'Cognito user pool clients',
  'Lightsail and other service-local keys',
] as const;

const tags = z.record(z.string(), z.string());

/** Why an access key id is unknown when nothing failed: this reading did not need it. */
export const ID_NOT_READ = 'not-read';

/** The IAM user (or root) a credential belongs to. */
export const principalSchema = z.lazy(() =>
  z.strictObject({
    arn: z.string(),
    userName: z.string(),
    userId: z.optional(z.string()),
    path: z.string(),
    groups: z.array(z.string()),
  }),
);
export type Principal = z.infer<typeof principalSchema>;

/**
 * Everything read about a credential. Which facts a kind carries:
 * - all: status, createdAt, tags
 * - access-key: accessKeyId, lastUsedAt (null: never used), plus the user's tags
 * - console-password: lastUsedAt, lastChangedAt, mfaActive
 * - service-specific-credential: expiresAt (null: no expiry), service
 * - secret: lastUsedAt, lastChangedAt, lastRotatedAt, nextRotationAt, rotationEnabled, rotation, owningService, replicaRegions
 */
export const factsSchema = z.lazy(() =>
  z.strictObject({
    /** `active`, `inactive`, `expired`, `pending-deletion` or what AWS said; anything unknown to us is not active. */
    status: factSchema(z.string()),
    createdAt: factSchema(instantSchema),
    /** null: never used. Secrets have day precision: the instant is the END of the day AWS names (conservative). */
    lastUsedAt: z.optional(factSchema(z.nullable(instantSchema))),
    accessKeyId: z.optional(factSchema(z.string())),
    tags: factSchema(tags),
    lastChangedAt: z.optional(factSchema(z.nullable(instantSchema))),
    mfaActive: z.optional(factSchema(z.boolean())),
    expiresAt: z.optional(factSchema(z.nullable(instantSchema))),
    service: z.optional(factSchema(z.string())),
    lastRotatedAt: z.optional(factSchema(z.nullable(instantSchema))),
    nextRotationAt: z.optional(factSchema(z.nullable(instantSchema))),
    rotationEnabled: z.optional(factSchema(z.boolean())),
    /** `off`, `ok`, `overdue` (next rotation date passed), `failed` (AWSPENDING left on a version of its own). */
    rotation: z.optional(factSchema(z.enum(['off', 'ok', 'overdue', 'failed']))),
    owningService: z.optional(factSchema(z.nullable(z.string()))),
    replicaRegions: z.optional(factSchema(z.array(z.string()))),
    /** The Region that holds the primary; a replica is never acted on. */
    primaryRegion: z.optional(factSchema(z.string())),
  }),
);
export type Facts = z.infer<typeof factsSchema>;
export type FactName = keyof Facts;

export const credentialSchema = z.lazy(() =>
  z.strictObject({
    /** Stable, printable: see `accessKeyCredentialId`; a secret's ARN. */
    id: z.string(),
    kind: z.enum(CREDENTIAL_KINDS),
    accountId: z.string(),
    /** `global` for IAM. */
    region: z.string(),
    /** The access key id, the secret's name, the user name, ... */
    name: z.string(),
    /** The id this key had before its access key id was read (`.../access-key/slot-1`). */
    alias: z.optional(z.string()),
    principal: z.optional(principalSchema),
    facts: factsSchema,
  }),
);
export type Credential = z.infer<typeof credentialSchema>;

/** `arn:aws:iam::111122223333:user/ci/deployer/access-key/AKIA...` */
export function accessKeyCredentialId(userArn: string, accessKeyId: string): string {
  return `${userArn}/access-key/${accessKeyId}`;
}

/** The id of a key whose access key id was not read: its slot in the credential report. */
export function accessKeySlotId(userArn: string, slot: number): string {
  return `${userArn}/access-key/slot-${slot}`;
}

export function consolePasswordId(userArn: string): string {
  return `${userArn}/console-password`;
}

export function signingCertificateId(userArn: string, slot: number): string {
  return `${userArn}/signing-certificate/slot-${slot}`;
}

export function serviceSpecificCredentialId(userArn: string, credentialId: string): string {
  return `${userArn}/service-specific-credential/${credentialId}`;
}

export function rootAccessKeyId(rootArn: string, slot: number): string {
  return `${rootArn}/access-key/slot-${slot}`;
}

/** The twelve digits of the account in an ARN-shaped id, or undefined. */
export function accountOf(id: string): string | undefined {
  return /^arn:[a-z-]+:[a-z]+:[a-z0-9-]*:(\d{12}):/.exec(id)?.[1];
}

const ACCESS_KEY_ID_OF = /^(arn:[a-z-]+:iam::\d{12}:user(\/.*\/|\/)([^/]+))\/access-key\/([A-Z0-9]+)$/;
const SECRET_ARN = /^arn:[a-z-]+:secretsmanager:([a-z0-9-]+):\d{12}:secret:(.+)$/;
const NOT_READ = { unknown: 'not read' } as const;

/** What the id alone says of an access key or secret, with every fact unknown; undefined for other ids. */
export function credentialOfId(id: string): Credential | undefined {
  const accountId = accountOf(id);
  if (accountId === undefined) return undefined;
  const facts: Facts = { status: NOT_READ, createdAt: NOT_READ, tags: NOT_READ };
  const key = ACCESS_KEY_ID_OF.exec(id);
  if (key?.[1] !== undefined && key[2] !== undefined && key[3] !== undefined && key[4] !== undefined) {
    const principal = { arn: key[1], userName: key[3], path: key[2], groups: [] };
    const accessKeyId = { unknown: 'not read' };
    return {
      id,
      kind: 'access-key',
      accountId,
      region: 'global',
      name: key[4],
      principal,
      facts: { ...facts, accessKeyId },
    };
  }
  const secret = SECRET_ARN.exec(id);
  if (secret?.[1] === undefined || secret[2] === undefined) return undefined;
  return {
    id,
    kind: 'secret',
    accountId,
    region: secret[1],
    name: secret[2].replace(/-[A-Za-z0-9]{6}$/, ''),
    facts,
  };
}
