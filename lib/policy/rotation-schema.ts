import { durationSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { WEEKDAYS } from './rotation-window.ts';
import { durationOfAtLeast, namePatternSchema, pathPrefixSchema, says, strict } from './schema-parts.ts';

const timeOfDay = z
  .string()
  .check(
    z.regex(
      /^([01]\d|2[0-3]):[0-5]\d$/,
      says('is no time of day', 'write hours and minutes in quotes: "09:00"'),
    ),
  );

const timezone = z.string().check(
  z.refine(isTimezone, {
    error: says('is no time zone', 'write its name of the IANA database, for example Europe/Berlin, or UTC'),
  }),
);

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Z]/.test(name);
  } catch {
    return false;
  }
}

export const windowSchema = strict({
  days: z._default(
    z
      .array(z.enum(WEEKDAYS))
      .check(
        z.minLength(1, says('names no day', 'name at least one: [mon, tue, wed, thu, fri]')),
        z.describe('Days on which the window opens.'),
      ),
    ['mon', 'tue', 'wed', 'thu', 'fri'],
  ),
  from: timeOfDay.check(z.describe('When it opens, by the clock of the time zone.')),
  to: timeOfDay.check(z.describe('When it closes; earlier than from: on the next day.')),
  timezone: z._default(
    timezone.check(z.describe('The time zone, for example Europe/Berlin; UTC when left out.')),
    'UTC',
  ),
}).check(
  z.refine(({ from, to }) => from !== to, {
    error: says('opens and closes at the same time', 'leave the window out to rotate at any time'),
  }),
  z.describe('When rotations may begin: at hours when somebody is there to notice.'),
);
/** `{userName}` stands for the name of the IAM user. */
const storeName = z.string().check(
  z.maxLength(512),
  z.refine((text) => text.split('{userName}').length === 2, {
    error: says(
      'does not name the user',
      'write {userName} where the name of the user is: /iam-users/{userName}',
    ),
  }),
  z.refine((text) => /^[A-Za-z0-9/_+=.@-]+$/.test(text.replace('{userName}', '')), {
    error: says('is no name of a secret', 'use letters, digits and / _ + = . @ - beside {userName}'),
  }),
);

const fieldName = z.string().check(z.minLength(1), z.maxLength(128));

const principalArn = z
  .string()
  .check(
    z.regex(
      /^arn:[a-z-]+:iam::\d{12}:(user|role)\/[\w+=,.@/-]+$/,
      says(
        'is not the ARN of a user or role',
        'write one in full, without wildcards: arn:aws:iam::111122223333:role/team-payments',
      ),
    ),
  );

export const rotationSchema = z.prefault(
  strict({
    perAccountPerDay: z._default(
      z
        .int()
        .check(
          z.gte(0),
          z.lte(1000),
          z.describe('Rotations that may begin in one account within any 24 hours.'),
        ),
      5,
    ),
    window: z.optional(windowSchema),
    spreadOver: z._default(
      durationSchema.check(
        z.describe(
          'Credentials that become due together are taken over this long, each at a moment of its own. 0d: at once.',
        ),
      ),
      '7d',
    ),
    timeout: z._default(
      durationOfAtLeast('1h', 'a rotation function may be called again for hours').check(
        z.describe('A rotation that has not finished after this counts as failed.'),
      ),
      '24h',
    ),
    stores: z.prefault(
      strict({
        name: z.optional(
          storeName.check(
            z.describe(
              'The name of the secret that holds the key of a user, where no tag says it: /iam-users/{userName}.',
            ),
          ),
        ),
        compareIds: z._default(
          z
            .boolean()
            .check(
              z.describe(
                'Whether janitor rotate may look for the key in the values of secrets and tell which one to tag. It needs secretsmanager:GetSecretValue on them and makes all of them look used, so sweeps never do it; values are neither kept nor logged.',
              ),
            ),
          false,
        ),
      }).check(
        z.describe(
          'Which secret holds the key of a user. The tag janitor:iam-user on the secret always counts.',
        ),
      ),
      {},
    ),
    fields: z.prefault(
      strict({
        accessKeyId: z._default(fieldName.check(z.describe('Where the access key id is.')), 'accessKeyId'),
        secretAccessKey: z._default(
          fieldName.check(z.describe('Where the secret access key is.')),
          'secretAccessKey',
        ),
        userName: z._default(fieldName.check(z.describe('Where the name of the user is.')), 'userName'),
      }).check(
        z.refine((fields) => new Set(Object.values(fields)).size === 3, {
          error: says('uses one name for two fields', 'give each field a name of its own'),
        }),
        z.describe('Names of the fields in the JSON document that a secret with a key holds.'),
      ),
      {},
    ),
    deliveries: z._default(
      z
        .array(
          strict({
            users: z
              .union([pathPrefixSchema, namePatternSchema])
              .check(z.describe('Path of the IAM users, or their name.')),
            reader: principalArn.check(
              z.describe('The only principal that may read the new keys of these users.'),
            ),
          }),
        )
        .check(
          z.describe('Who receives the new key of a user whose key lies in no secret; see janitor rotate.'),
        ),
      [],
    ),
  }).check(z.describe('How credentials are rotated where a rule has the step rotate.')),
  {},
);
/** The section `rotation` of the policy. */
export type RotationSettings = z.infer<typeof rotationSchema>;
