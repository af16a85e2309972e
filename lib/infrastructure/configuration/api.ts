import * as z from 'zod';

const WHOLE = 'write a whole number';

/** The API that people and workloads ask. */
export const apiSchema = z.strictObject({
  /** AWS WAF in front: AWS's common rules, a limit of the body's size, and a rate for each address. Costs extra. */
  waf: z.boolean('write true or false').default(false),
  /** Requests a second that are let in, of all callers together. */
  rate: z.int(WHOLE).min(1, 'write 1 to 10000').max(10_000, 'write 1 to 10000').default(10),
  /** Requests let in at once beyond that. */
  burst: z.int(WHOLE).min(1, 'write 1 to 5000').max(5_000, 'write 1 to 5000').default(20),
});
