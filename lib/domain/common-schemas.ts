import * as z from './zod.ts';

/** Any text but the empty one. */
export const textSchema = z.string().check(z.minLength(1));

/** An AWS account. */
export const accountIdSchema = z.string().check(z.regex(/^\d{12}$/));
