import * as z from 'zod';

const instant = z
  .string()
  .refine(
    (text) => !Number.isNaN(Date.parse(text)),
    'write an instant in UTC, for example 2026-01-31T09:00:00Z',
  )
  .describe('An instant, ISO 8601.');
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'write a Region, for example eu-central-1');
const path = z.string().regex(/^\/(.*\/)?$/, 'a path begins and ends with a slash, for example /ci/');
const tags = z.record(z.string(), z.string()).describe('Tags by key.');
const json = z
  .union([z.string(), z.record(z.string(), z.unknown())])
  .describe('A policy: its JSON text, or the object.');

const use = z.strictObject({ at: instant, service: z.string().optional(), region: z.string().optional() });

export const accessKeySeed = z.strictObject({
  id: z
    .string()
    .regex(/^AKIA[A-Z0-9]{16}$/, 'write AKIA and 16 capital letters or digits')
    .optional(),
  secretAccessKey: z.string().min(1).optional().describe('Generated when absent.'),
  createdAt: instant.optional(),
  status: z.enum(['Active', 'Inactive', 'Expired']).optional(),
  lastUsed: use.optional(),
});

export const serviceSpecificCredentialSeed = z.strictObject({
  serviceName: z.string().describe('For example codecommit.amazonaws.com or bedrock.amazonaws.com.'),
  createdAt: instant.optional(),
  status: z.enum(['Active', 'Inactive', 'Expired']).optional(),
  expiresAt: instant.optional(),
});

export const passwordSeed = z.strictObject({
  createdAt: instant.optional(),
  lastUsed: instant.optional(),
  lastChanged: instant.optional(),
  nextRotation: instant.optional(),
});

export const userSeed = z.strictObject({
  name: z.string().regex(/^[\w+=,.@-]{1,64}$/, 'write 1 to 64 letters, digits and +=,.@_-'),
  path: path.optional(),
  tags: tags.optional(),
  createdAt: instant.optional(),
  groups: z.array(z.string()).optional(),
  password: passwordSeed.optional(),
  mfa: z.boolean().optional(),
  certificates: z.array(z.strictObject({ active: z.boolean(), uploadedAt: instant })).optional(),
  inlinePolicies: z.record(z.string(), json).optional(),
  attachedPolicies: z.array(z.string()).optional().describe('ARNs of managed policies.'),
  permissionsBoundary: z.string().optional(),
});

export const roleSeed = z.strictObject({
  name: z.string().regex(/^[\w+=,.@-]{1,64}$/, 'write 1 to 64 letters, digits and +=,.@_-'),
  path: path.optional(),
  trust: json.describe('The trust policy.'),
  description: z.string().optional(),
  createdAt: instant.optional(),
  maxSessionSeconds: z.int().min(3600).max(43_200).optional(),
  tags: tags.optional(),
  inlinePolicies: z
    .array(json)
    .optional()
    .describe('What it may do. With neither these nor attachedPolicies: everything.'),
  attachedPolicies: z.array(z.string()).optional().describe('ARNs of managed policies.'),
  permissionsBoundary: z.string().optional().describe('The ARN of a managed policy.'),
});

export const rootSeed = z.strictObject({
  mfa: z.boolean().optional(),
  createdAt: instant.optional(),
  passwordLastUsed: instant.optional(),
  keys: z
    .array(
      z.strictObject({
        active: z.boolean().optional(),
        createdAt: instant.optional(),
        lastUsed: use.optional(),
      }),
    )
    .max(2)
    .optional(),
});

export const secretSeed = z.strictObject({
  name: z.string().regex(/^[\w/+=.@-]{1,512}$/, 'write 1 to 512 letters, digits and -/_+=.@'),
  /** The six characters at the end of its ARN; made up unless given. */
  arnSuffix: z
    .string()
    .regex(/^[A-Za-z0-9]{6}$/, 'write six letters and digits')
    .optional(),
  value: z.string().optional(),
  description: z.string().optional(),
  tags: tags.optional(),
  createdAt: instant.optional(),
  lastAccessedAt: instant.optional(),
  lastChangedAt: instant.optional(),
  lastRotatedAt: instant.optional(),
  nextRotationAt: instant.optional(),
  rotation: z
    .strictObject({
      enabled: z.boolean().optional(),
      lambdaArn: z.string().optional(),
      rules: z
        .strictObject({
          AutomaticallyAfterDays: z.int().min(1).max(1000).optional(),
          Duration: z.string().optional(),
          ScheduleExpression: z.string().optional(),
        })
        .optional(),
    })
    .optional(),
  owningService: z.string().optional(),
  type: z.string().optional(),
  kmsKeyId: z.string().optional(),
  replicas: z.array(z.strictObject({ region, lastAccessedAt: instant.optional() })).optional(),
  deletedAt: instant.optional(),
  recoveryWindowDays: z.int().min(7).max(30).optional(),
  resourcePolicy: json.optional(),
  versions: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        value: z.string().optional(),
        stages: z.array(z.string()),
        createdAt: instant.optional(),
      }),
    )
    .optional(),
});

const accountSeed = z.strictObject({
  id: z.string('quote the account id: it is text').regex(/^\d{12}$/, 'an account id has 12 digits; quote it'),
  alias: z.string().optional(),
  outside: z.boolean().optional().describe('True: the account is not in the organisation.'),
  optedInRegions: z.array(region).optional(),
  disabledRegions: z.array(region).optional(),
  root: rootSeed.optional(),
  groups: z.array(z.strictObject({ name: z.string(), path: path.optional() })).optional(),
  users: z
    .array(
      userSeed.extend({
        accessKeys: z.array(accessKeySeed).optional(),
        serviceSpecificCredentials: z.array(serviceSpecificCredentialSeed).optional(),
      }),
    )
    .optional(),
  roles: z.array(roleSeed).optional(),
  secrets: z.record(region, z.array(secretSeed)).optional().describe('Secrets by Region.'),
  denied: z
    .array(z.strictObject({ principal: z.string().describe('An ARN or *.'), actions: z.array(z.string()) }))
    .optional()
    .describe('Explicit denials: everything else is allowed.'),
});

/** A whole world as one JSON document: what `loadSeed` and `POST /_embedded/seed` take. */
export const SeedDocument = z.strictObject({
  now: instant.optional().describe('Sets the clock before anything is seeded.'),
  accounts: z.array(accountSeed),
});

export type SeedDocument = z.infer<typeof SeedDocument>;
export type AccountSeed = z.infer<typeof accountSeed>;
export type UserSeed = z.infer<typeof userSeed>;
export type AccessKeySeed = z.infer<typeof accessKeySeed>;
export type ServiceSpecificCredentialSeed = z.infer<typeof serviceSpecificCredentialSeed>;
export type RoleSeed = z.infer<typeof roleSeed>;
export type RootSeed = z.infer<typeof rootSeed>;
export type SecretSeed = z.infer<typeof secretSeed>;
export type UseSeed = z.infer<typeof use>;
