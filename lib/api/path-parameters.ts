import { lazily } from '../domain/lazily.ts';
import { requestIdSchema } from '../domain/request-events.ts';
import * as z from '../domain/zod.ts';

/** Of requests, and of the exceptions that came of them. */
export const recordIdSchema = requestIdSchema.check(z.describe('The id its requester chose.'));

export const challengeIdSchema = z
  .string()
  .check(
    z.regex(/^[0-9a-f]{32}$/, 'write the 32 hex digits of a challenge'),
    z.describe('As opening it answered.'),
  );

/** A plan id, `plan/<account>/<number>`, in two parts. */
export const planParameters = lazily(() =>
  z.object({
    accountId: z.string().check(z.regex(/^\d{12}$/, 'write the twelve digits of an account')),
    number: z
      .string()
      .check(
        z.regex(/^[1-9]\d{0,11}$/, 'write the number that ends a plan id'),
        z.describe('The last part of a plan id.'),
      ),
  }),
);

export const grantIdSchema = requestIdSchema.check(z.describe('The id that whoever took the grant chose.'));

export const incidentIdSchema = z
  .string()
  .check(
    z.regex(/^[A-Za-z0-9][\w.-]{0,127}$/, 'write the id of an incident'),
    z.describe('As the list shows it.'),
  );
