import * as z from 'zod';
import { apiSchema } from './api.ts';
import { rotationSchema, secretArn } from './rotation.ts';

/** The key of `cdk.json`'s context (or `--context`) that holds the configuration. */
export const CONTEXT_KEY = 'credentialJanitor';

const accountId = z
  .string()
  .regex(/^\d{12}$/, 'is not an account id: write twelve digits in quotes, "111122223333"');
const mailAddress = z.email('is not a mail address: write it like janitor@example.com');

const schedule = z.strictObject({
  /** EventBridge Scheduler's own words: `cron(...)`, `rate(...)`. */
  expression: z
    .string()
    .regex(
      /^(cron|rate)\([^()]+\)$/,
      'is not a schedule: write cron(0 6 * * ? *) or rate(12 hours), as EventBridge Scheduler takes it',
    )
    .default('cron(0 6 * * ? *)'),
  timeZone: z
    .string()
    .refine(isTimeZone, 'is not a time zone: write a name of the IANA list, for example UTC or Europe/Berlin')
    .default('UTC'),
  /** The sweep starts within so many minutes after the instant, so that not everything starts on the hour. */
  flexibleMinutes: z
    .int('write a whole number of minutes')
    .min(1, 'write 1 to 1440')
    .max(1440, 'write 1 to 1440')
    .default(15),
  enabled: z.boolean('write true or false').default(true),
  /** An alarm goes off when no sweep came to its end for so long; at least twice the interval. */
  overdueAfterHours: z
    .int('write a whole number of hours')
    .min(1, 'write 1 to 168')
    .max(168, 'write 1 to 168: CloudWatch looks back a week at most')
    .default(48),
});

const evidence = z.strictObject({
  /** governance: a few named people may shorten it; compliance: nobody, not even AWS, for the whole time. */
  objectLock: z.enum(['governance', 'compliance'], 'write governance or compliance').default('governance'),
  /** How long no version of an object can be deleted or overwritten. */
  retentionDays: z
    .int('write a whole number of days')
    .min(1, 'write 1 to 36500')
    .max(36_500, 'write 1 to 36500')
    .default(400),
});

/**
 * Everything an installation may choose, with its defaults. Without any of it, the stack observes the account it is
 * deployed in, once a day, and writes to nobody.
 */
export const configurationSchema = z
  .strictObject(
    {
      /** Name of the CloudFormation stack: what `janitor --stack` takes. */
      stackName: z
        .string()
        .regex(
          /^[A-Za-z][A-Za-z0-9-]{0,99}$/,
          'is no name of a stack: letters, digits and hyphens, a letter first',
        )
        .default('CredentialJanitor'),
      /** Prefix of the functions, their roles and the member roles. */
      prefix: z
        .string()
        .regex(
          /^[a-z][a-z0-9-]{2,31}$/,
          'is no prefix: 3 to 32 small letters, digits and hyphens, a letter first',
        )
        .default('credential-janitor'),
      /** Region of the hub; default: the one the CDK command line deploys to. */
      homeRegion: z
        .string()
        .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is no Region: write it like eu-central-1')
        .optional(),
      /** The hub's account; default: the one the CDK command line deploys to. */
      hubAccount: accountId.optional(),
      /** observe: decides and records. enforce: what the activated policy names under `enforce` acts. */
      mode: z.enum(['observe', 'enforce'], 'write observe or enforce').default('observe'),
      /** Everything can be deleted with the stack, evidence is not locked, logs are short. Never for a real record. */
      sandbox: z.boolean('write true or false').default(false),
      /** Folder with janitor.yaml and directory.yaml, checked at synth and bundled with the functions that judge. */
      policyFolder: z
        .string()
        .min(1, 'name the folder that holds janitor.yaml and directory.yaml')
        .default('policy'),
      /** `organization`: all active accounts of AWS Organizations. A list: exactly these. Default: the hub's own. */
      accounts: z
        .union([z.literal('organization'), z.array(accountId).min(1, 'name at least one account')], {
          error: 'write "organization" or a list of account ids in quotes, ["111122223333"]',
        })
        .optional(),
      /** Whom member roles and the event bus trust beside the role's name. */
      organizationId: z
        .string()
        .regex(/^o-[a-z0-9]{10,32}$/, 'is not the id of an organisation: write it like o-exampleorgid')
        .optional(),
      /** Read, never changed. */
      managementAccount: accountId.optional(),
      schedule: schedule.prefault({}),
      evidence: evidence.prefault({}),
      rotation: rotationSchema.prefault({}),
      api: apiSchema.prefault({}),
      /** ARN of a secret of the hub's account and home Region whose whole value is the bearer token for the ticket system. */
      ticketTokenSecret: secretArn.optional(),
      /** The same for the on-call system that break-glass roles ask. */
      onCallTokenSecret: secretArn.optional(),
      /** Mail to owners by SES. Without it no owner can be told, and so nothing is ever taken away. */
      mail: z
        .strictObject({
          /** Sender: an address, or an address of a domain, that SES has verified in the home Region. */
          from: mailAddress,
        })
        .optional(),
      /** Gets alarms and operators' notices; subscriptions must be confirmed by mail. */
      operators: z.array(mailAddress).default([]),
      /** Accounts swept at once. */
      concurrency: z
        .int('write a whole number')
        .min(1, 'write 1 to 1000')
        .max(1000, 'write 1 to 1000')
        .default(40),
      architecture: z.enum(['arm64', 'x86_64'], 'write arm64 or x86_64').default('arm64'),
      /** Member roles in the hub's own account; off when a StackSet creates them there. */
      memberRolesInHub: z.boolean('write true or false').default(true),
      /** Which acting roles exist; default: those that the policy's `enforce` needs. */
      memberSteps: z
        .array(z.enum(['tag', 'rotate', 'quarantine', 'delete'], 'write tag, rotate, quarantine or delete'))
        .optional(),
    },
    {
      error: ({ code }) => (code === 'invalid_type' ? 'is no object: write {"mode": "observe"}' : undefined),
    },
  )
  .superRefine((value, context) => {
    const issue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (value.accounts === 'organization' && value.organizationId === undefined) {
      issue('organizationId', 'is missing: accounts is "organization", so write the id, like o-exampleorgid');
    }
    const isElsewhere = (arn: string) => {
      const [, , , region, account] = arn.split(':');
      return account !== (value.hubAccount ?? account) || region !== (value.homeRegion ?? region);
    };
    for (const arn of value.rotation.secrets.filter(isElsewhere)) {
      issue('rotation', `cannot rotate ${arn}: it is not in the account and Region of the hub`);
    }
    for (const name of ['ticketTokenSecret', 'onCallTokenSecret'] as const) {
      const token = value[name];
      if (token === undefined) continue;
      if (isElsewhere(token)) {
        issue(name, `cannot be ${token}: it is not in the account and Region of the hub`);
      }
      if (value.rotation.secrets.includes(token)) {
        issue(name, 'holds a token and no access key: take it out of rotation.secrets');
      }
    }
    if (value.sandbox && value.evidence.objectLock === 'compliance') {
      issue(
        'sandbox',
        'cannot be removable and locked in compliance mode: set sandbox to false or drop objectLock',
      );
    }
  });

export type Configuration = z.infer<typeof configurationSchema>;

/** Secrets that the janitor itself needs, which nothing of its own ever changes. */
export function ownSecretsOf({
  ticketTokenSecret,
  onCallTokenSecret,
}: Pick<Configuration, 'ticketTokenSecret' | 'onCallTokenSecret'>): readonly string[] {
  return [ticketTokenSecret, onCallTokenSecret].filter((arn) => arn !== undefined);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}
