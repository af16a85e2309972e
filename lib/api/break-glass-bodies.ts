import { grantContentSchema } from '../domain/grant-events.ts';
import { lineOf, requestIdSchema } from '../domain/request-events.ts';
import * as z from '../domain/zod.ts';

/** What a client of break-glass access sends; unknown fields are refused everywhere. */
const reason = lineOf(1_000).check(z.describe('Why, for the record.'));
const account = z.string().check(z.regex(/^\d{12}$/, 'write the twelve digits of an account'));

/** The id is the client's choice; the same id with the same content again goes on with the same grant. */
export const startGrantBody = grantContentSchema;
export const returnGrantBody = z.lazy(() => z.strictObject({ reason: z.optional(reason) }));
export const revokeGrantBody = z.lazy(() => z.strictObject({ reason }));
export const revokeRoleBody = z.lazy(() =>
  z.strictObject({
    role: lineOf(64).check(z.describe('Every grant of this role that is not over.')),
    accountId: z.optional(account).check(z.describe('Only in this account.')),
    reason,
  }),
);
export const reviewBody = z.lazy(() =>
  z.strictObject({
    verdict: z
      .enum(['closed', 'finding'])
      .check(z.describe('closed: as it should be. finding: something has to follow.')),
    reason,
    followUp: z
      .optional(lineOf(1_000))
      .check(z.describe('What has to follow, or where that is written down.')),
  }),
);
export const explainIncidentBody = z.lazy(() =>
  z.strictObject({ reason, ticket: lineOf(64).check(z.describe('Where the emergency is written down.')) }),
);
export const drillBody = z.lazy(() =>
  z.strictObject({
    grantId: requestIdSchema,
    accountId: account.check(z.describe('Where the role of drills is assumed.')),
  }),
);

export type StartGrantBody = z.output<typeof startGrantBody>;
export type RevokeRoleBody = z.output<typeof revokeRoleBody>;
export type ReviewBody = z.output<typeof reviewBody>;
export type ExplainIncidentBody = z.output<typeof explainIncidentBody>;
export type DrillBody = z.output<typeof drillBody>;
