import * as z from 'zod';
import { durationSchema } from '../domain/time.ts';
import { WEEKDAYS } from './rotation-window.ts';
import { durationOfAtLeast, namePatternSchema, pathPrefixSchema, says, strict } from './schema-parts.ts';

const timeOfDay = z
  .string()
  .regex(
    /^([01]\d|2[0-3]):[0-5]\d$/,
    says('is no time of day', 'write hours and minutes in quotes: "09:00"'),
  );

const timezone = z.string().refine(isTimezone, {
  error: says('is no time zone', 'write its name of the IANA database, for example Europe/Berlin, or UTC'),
});

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Z]/.test(name);
  } catch {
    return false;
  }
}

export const windowSchema = strict({
  days: z
    .array(z.enum(WEEKDAYS))
    .min(1, says('names no day', 'name at least one: [mon, tue, wed, thu, fri]'))
    .describe('Days on which the window opens.')
    .default(['mon', 'tue', 'wed', 'thu', 'fri']),
  from: timeOfDay.describe('When it opens, by the clock of the time zone.'),
  to: timeOfDay.describe('When it closes; earlier than from: on the next day.'),
  timezone: timezone.describe('The time zone, for example Europe/Berlin; UTC when left out.').default('UTC'),
})
  .refine(({ from, to }) => from !== to, {
    error: says('opens and closes at the same time', 'leave the window out to rotate at any time'),
  })
  .describe('When rotations may begin: at hours when somebody is there to notice.');
/** `{userName}` stands for the name of the IAM user. */
const storeName = z
  .string()
  .max(512)
  .refine((text) => text.split('{userName}').length === 2, {
    error: says(
      'does not name the user',
      'write {userName} where the name of the user is: /iam-users/{userName}',
    ),
  })
  .refine((text) => /^[A-Za-z0-9/_+=.@-]+$/.test(text.replace('{userName}', '')), {
    error: says('is no name of a secret', 'use letters, digits and / _ + = . @ - beside {userName}'),
  });

const fieldName = z.string().min(1).max(128);

const principalArn = z
  .string()
  .regex(
    /^arn:[a-z-]+:iam::\d{12}:(user|role)\/[\w+=,.@/-]+$/,
    says(
      'is not the ARN of a user or role',
      'write one in full, without wildcards: arn:aws:iam::111122223333:role/team-payments',
    ),
  );

export const rotationSchema = strict({
  perAccountPerDay: z
    .int()
    .min(0)
    .max(1000)
    .describe('Rotations that may begin in one account within any 24 hours.')
    .default(5),
  window: windowSchema.optional(),
  spreadOver: durationSchema
    .describe(
      'Credentials that become due together are taken over this long, each at a moment of its own. 0d: at once.',
    )
    .default('7d'),
  timeout: durationOfAtLeast('1h', 'a rotation function may be called again for hours')
    .describe('A rotation that has not finished after this counts as failed.')
    .default('24h'),
  stores: strict({
    name: storeName
      .describe(
        'The name of the secret that holds the key of a user, where no tag says it: /iam-users/{userName}.',
      )
      .optional(),
    compareIds: z
      .boolean()
      .describe(
        'Whether janitor rotate may look for the key in the values of secrets and tell which one to tag. It needs secretsmanager:GetSecretValue on them and makes all of them look used, so sweeps never do it; values are neither kept nor logged.',
      )
      .default(false),
  })
    .describe('Which secret holds the key of a user. The tag janitor:iam-user on the secret always counts.')
    .prefault({}),
  fields: strict({
    accessKeyId: fieldName.describe('Where the access key id is.').default('accessKeyId'),
    secretAccessKey: fieldName.describe('Where the secret access key is.').default('secretAccessKey'),
    userName: fieldName.describe('Where the name of the user is.').default('userName'),
  })
    .refine((fields) => new Set(Object.values(fields)).size === 3, {
      error: says('uses one name for two fields', 'give each field a name of its own'),
    })
    .describe('Names of the fields in the JSON document that a secret with a key holds.')
    .prefault({}),
  deliveries: z
    .array(
      strict({
        users: z
          .union([pathPrefixSchema, namePatternSchema])
          .describe('Path of the IAM users, or their name.'),
        reader: principalArn.describe('The only principal that may read the new keys of these users.'),
      }),
    )
    .describe('Who receives the new key of a user whose key lies in no secret; see janitor rotate.')
    .default([]),
})
  .describe('How credentials are rotated where a rule has the step rotate.')
  .prefault({});
/** The section `rotation` of the policy. */
export type RotationSettings = z.infer<typeof rotationSchema>;
