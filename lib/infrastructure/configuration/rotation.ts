import * as z from 'zod';

/** A secret by its whole ARN. */
export const secretArn = z
  .string()
  .regex(
    /^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/,
    'is not the ARN of a secret: write it in full, with the six characters at its end',
  );

/** Rotation by Secrets Manager's own clock, with the function of the stack. */
export const rotationSchema = z.strictObject({
  /** Secrets of the hub's account and home Region that hold the access key of a user. */
  secrets: z.array(secretArn).default([]),
  /** As Secrets Manager takes it, in UTC: it knows no other time zones. */
  schedule: z
    .string()
    .regex(
      /^(rate\(\d+ (hours?|days?)\)|cron\(0 [^()]+\))$/,
      'is no schedule of rotations: write rate(60 days), or cron(0 8 ? * TUE *), as Secrets Manager takes it',
    )
    .default('rate(60 days)'),
  /** How long a rotation may begin after that; without it, to the end of the day. */
  window: z
    .string()
    .regex(/^([1-9]|1\d|2[0-4])h$/, 'write whole hours, 1h to 24h')
    .optional(),
});
export type RotationConfiguration = z.infer<typeof rotationSchema>;
