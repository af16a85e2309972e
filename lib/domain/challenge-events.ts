import { textSchema as text } from './common-schemas.ts';
import { lazily } from './lazily.ts';
import { requestIdSchema } from './request-events.ts';
import { STEP_KINDS } from './step.ts';
import { instantSchema } from './time.ts';
import * as z from './zod.ts';

/** What is challenged: a step that was announced or planned, or an exception. */
export const challengeTargetSchema = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('step'),
      credentialId: text,
      rule: text,
      step: z.enum(STEP_KINDS),
      /** When the finding opened: a finding that opens again may be challenged again. */
      findingOpenedAt: instantSchema,
    }),
    z.strictObject({
      kind: z.literal('exception'),
      exceptionId: requestIdSchema,
      /** How many challenges the exception had before. */
      round: z.int().check(z.nonnegative()),
    }),
  ]),
);
export type ChallengeTarget = z.infer<typeof challengeTargetSchema>;

/** Events on `challenge#<id>`; the id follows from the target, see `challengeIdOf`. How to add one: event-data.ts. */
export const challengeEventSchemas = {
  'challenge.opened': lazily(() =>
    z.strictObject({
      target: challengeTargetSchema,
      /** Persons who may not decide it: the owner of the rule, the parties of the exception. */
      notBy: z.array(text),
      decideBy: instantSchema,
      approverGroup: text,
    }),
  ),
  /** The challenger is right: the step is not taken, the exception ends. */
  'challenge.upheld': lazily(() => z.strictObject({})),
  'challenge.dismissed': lazily(() => z.strictObject({})),
  'challenge.undecided': lazily(() => z.strictObject({})),
} as const;
