import * as z from 'zod';
import { credentialLineSchema } from '../../lib/cli/render/credential-line.ts';
import { STEP_KINDS } from '../../lib/domain/step.ts';
import { instantSchema } from '../../lib/domain/time.ts';

/** The shapes that scripts rely on: the command-line contract of the design, to the letter. */
const problem = z.looseObject({ code: z.string(), message: z.string(), permission: z.string().optional() });

const accountShape = {
  schemaVersion: z.literal(1),
  generatedAt: instantSchema,
  policy: z.strictObject({ hash: z.string().regex(/^[0-9a-f]{64}$/) }),
  complete: z.boolean(),
  problems: z.array(problem),
  notCovered: z.array(z.string()).min(1),
  calls: z.record(z.string().regex(/^[a-z-]+:[A-Z][A-Za-z]+$/), z.int().positive()),
  credentials: z.array(credentialLineSchema),
  accountId: z.string(),
  regions: z.array(z.string()),
  notes: z.array(z.string()),
  outcomes: z.record(z.enum(['keep', 'act', 'hold', 'unknown']), z.int()),
};

export const scanSchema = z.strictObject(accountShape);

export const sweepSchema = z.strictObject({
  ...accountShape,
  sweepId: z.uuidv7(),
  enforce: z.boolean(),
  actions: z.array(
    z.strictObject({
      credentialId: z.string(),
      step: z.enum(STEP_KINDS),
      rule: z.string(),
      outcome: z.enum(['done', 'failed', 'abandoned', 'unconfirmed', 'notified', 'notice-refused']),
      eventId: z.uuidv7(),
      reason: z.string(),
    }),
  ),
  held: z.array(
    z.strictObject({
      credentialId: z.string(),
      step: z.enum(STEP_KINDS),
      rule: z.string(),
      code: z.string(),
      reason: z.string(),
    }),
  ),
  plans: z.array(
    z.looseObject({ planId: z.string().regex(/^plan\/\d{12}\/\d+$/), items: z.int().positive() }),
  ),
  notices: z.array(z.looseObject({ noticeId: z.string(), recipient: z.string() })),
  reconciled: z.int(),
  refused: z.strictObject({ code: z.string(), reason: z.string() }).optional(),
});

/** A run of a deployed janitor. */
export const runSchema = z.strictObject({
  schemaVersion: z.literal(1),
  runId: z.string(),
  trigger: z.enum(['person', 'schedule']),
  scheduledAt: z.string().optional(),
  enforce: z.boolean(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  accounts: z.int(),
  swept: z.int(),
  incomplete: z.int(),
  notSwept: z.int(),
  notSweptAccounts: z.array(
    z.strictObject({ accountId: z.string(), status: z.string(), reason: z.string() }),
  ),
  credentials: z.int(),
  outcomes: z.record(z.string(), z.int()),
  actions: z.record(z.string(), z.int()),
  sweeps: z.array(
    z.strictObject({
      accountId: z.string(),
      sweepId: z.string(),
      at: z.iso.datetime(),
      policyHash: z.string(),
      complete: z.boolean(),
      problems: z.int(),
      credentials: z.int(),
      outcomes: z.record(z.string(), z.int()),
      actions: z.record(z.string(), z.int()),
    }),
  ),
  plans: z.array(
    z.strictObject({
      planId: z.string(),
      accountId: z.string(),
      tier: z.string(),
      items: z.int(),
      approvalsNeeded: z.int(),
      approvals: z.int(),
      approverGroup: z.string(),
      frozenAt: z.iso.datetime(),
      lapsesAt: z.iso.datetime(),
    }),
  ),
});

export const errorSchema = z.strictObject({
  schemaVersion: z.literal(1),
  error: z.looseObject({ code: z.string(), message: z.string(), hint: z.string().optional() }),
});
