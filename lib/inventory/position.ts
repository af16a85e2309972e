import { CREDENTIAL_KINDS } from '../domain/credential.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { savedLogSchema } from './problem.ts';

/** What a reading knows of IAM once it is through with it. */
export const iamReadSchema = z.lazy(() =>
  z.strictObject({
    notCovered: z.array(z.enum(CREDENTIAL_KINDS)),
    evidenceAt: z.optional(instantSchema),
    usersRead: z.int().check(z.nonnegative()),
    fullRead: z.boolean(),
  }),
);
export type IamRead = z.infer<typeof iamReadSchema>;

/** Where the reading of one Region's secrets stands; `token` is of its next page, null: the first one. */
const regionPlaceSchema = z.lazy(() =>
  z.strictObject({
    name: z.string(),
    token: z.nullable(z.string()),
    isRead: z.boolean(),
  }),
);
export type RegionPlace = z.infer<typeof regionPlaceSchema>;

/**
 * Where a reading stands between two pieces, so that another process can read on: after a user (by ARN), or after a
 * page of secrets. All Regions read: the end.
 */
export const readingPositionSchema = z.lazy(() =>
  z.strictObject({
    next: z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('users'),
        after: z.string(),
        unlisted: z.int().check(z.nonnegative()),
      }),
      z.strictObject({
        kind: z.literal('secrets'),
        iam: iamReadSchema,
        regions: z.array(regionPlaceSchema),
      }),
    ]),
    log: savedLogSchema,
  }),
);
export type ReadingPosition = z.infer<typeof readingPositionSchema>;

/** A reading that goes on where another one stopped. */
export interface Resumption {
  readonly position: ReadingPosition;
  /** Whether a credential is among what was read before; a listing that had to begin anew repeats some. */
  readonly wasRead: (credentialId: string) => boolean;
}
