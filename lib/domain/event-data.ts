import { actorSchema } from './actor.ts';
import { challengeEventSchemas } from './challenge-events.ts';
import { textSchema as text } from './common-schemas.ts';
import { CREDENTIAL_KINDS } from './credential.ts';
import { driftEventSchemas } from './drift-events.ts';
import { exceptionEventSchemas } from './exception-events.ts';
import { grantEventSchemas } from './grant-events.ts';
import { HOLD_KINDS, holdScope } from './hold.ts';
import { incidentEventSchemas } from './incident-events.ts';
import { lazily } from './lazily.ts';
import { requestEventSchemas } from './request-events.ts';
import { STEP_KINDS, TIERS } from './step.ts';
import { instantSchema } from './time.ts';
import { toldEventSchemas } from './told-events.ts';
import * as z from './zod.ts';

/**
 * Changes to AWS that an intent can announce: the steps that change something, the reverses, and making ready the
 * secret that the successor of an access key is delivered in.
 */
export const CHANGE_KINDS = ['tag', 'rotate', 'deliver', 'disable', 'delete', 'enable', 'undelete'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

const change = z.enum(CHANGE_KINDS);
const step = z.enum(STEP_KINDS);
const seq = z.int().check(z.positive());
const changeResult = { change, intent: seq };
/**
 * Who walks the four steps of a rotation: the janitor itself, or Secrets Manager, which calls a rotation function or
 * rotates by itself. Only the janitor's own are taken up again by a sweep.
 */
export const ROTATORS = ['janitor', 'secrets-manager'] as const;
/** The id of the secret version a rotation makes: its `ClientRequestToken`. */
const rotation = { rotationId: text };

export const planItemSchema = z.lazy(() =>
  z.strictObject({
    credentialId: text,
    kind: z.enum(CREDENTIAL_KINDS),
    rule: text,
    ruleHash: text,
    step,
    tier: z.enum(TIERS),
    /** What the approver is shown: why, and on which evidence. */
    reasons: z.array(z.string()),
  }),
);
export type PlanItem = z.infer<typeof planItemSchema>;

export const noticeItemSchema = lazily(() =>
  z.strictObject({
    credentialId: text,
    rule: text,
    ruleHash: text,
    announces: z.optional(z.strictObject({ step, notBefore: instantSchema })),
  }),
);
export type NoticeItem = z.infer<ReturnType<typeof noticeItemSchema>>;

/**
 * What is specific to each type of event, by subject. Unknown keys are refused.
 *
 * To add a type, write `'family.happened': lazily(() => z.strictObject({ ... }))` here or in the file of its family:
 * building every schema while the module loads would cost each function some ten milliseconds of its cold start.
 */
export const eventDataSchemas = {
  // credential#<id>
  /** Who made it, as AWS recorded the call; at most once, and not always the first event of the chain. */
  'credential.born': lazily(() =>
    z.strictObject({
      kind: z.enum(CREDENTIAL_KINDS),
      creator: actorSchema,
      createdAt: instantSchema,
      region: text,
      via: z.enum(['cloudtrail']),
      /** From the call to this record. */
      delaySeconds: z.int().check(z.nonnegative()),
    }),
  ),
  'finding.opened': lazily(() =>
    z.strictObject({
      kind: z.enum(CREDENTIAL_KINDS),
      reasons: z.array(z.string()),
      alias: z.optional(text),
    }),
  ),
  'finding.closed': lazily(() => z.strictObject({})),
  'owner.notified': lazily(() =>
    z.strictObject({
      noticeId: text,
      recipient: text,
      announces: noticeItemSchema().shape.announces,
    }),
  ),
  'owner.notice-bounced': lazily(() => z.strictObject({ noticeId: text, recipient: text })),
  'step.intended': lazily(() =>
    z.strictObject({
      change,
      tier: z.enum(TIERS),
      sweepId: z.optional(text),
      planId: z.optional(text),
      capSlot: z.optional(seq),
      /** The attempt must start before this instant, or never. */
      actBefore: instantSchema,
    }),
  ),
  'step.done': lazily(() =>
    z.strictObject({
      ...changeResult,
      /** true: found done by looking at AWS after a lost answer. */
      reconciled: z.boolean(),
      observed: z.record(z.string(), z.unknown()),
      recoverableUntil: z.optional(instantSchema),
    }),
  ),
  'step.failed': lazily(() => z.strictObject({ ...changeResult, code: text })),
  'step.abandoned': lazily(() => z.strictObject({ ...changeResult, guard: text })),
  'quarantine.ended': lazily(() => z.strictObject({})),
  'hold.placed': lazily(() => z.strictObject({ holdId: text, kind: z.enum(HOLD_KINDS), ...holdScope() })),
  'hold.lifted': lazily(() => z.strictObject({ holdId: text })),
  // A rotation, on the chain of the access key or the secret that is to be replaced.
  /** Durable before any key is made: what is found without it was made by somebody else (I1). */
  'rotation.begun': lazily(() =>
    z.strictObject({
      ...rotation,
      trigger: z.enum(['step', 'schedule', 'person']),
      by: z.enum(ROTATORS),
      /** The secret that will hold the new value. */
      secretId: text,
    }),
  ),
  /** It goes on after an interruption or a failure and is about to make a key again: durable before it does (I1). */
  'rotation.resumed': lazily(() => z.strictObject(rotation)),
  'rotation.key-created': lazily(() => z.strictObject({ ...rotation, accessKeyId: text })),
  /** A key of this rotation that no version holds, left by a crash. */
  'rotation.key-removed': lazily(() => z.strictObject({ ...rotation, accessKeyId: text })),
  /** The new value works and is the current one. `accessKeyId`: of the new key, when a key was replaced. */
  'rotation.finished': lazily(() =>
    z.strictObject({ ...rotation, secretId: text, accessKeyId: z.optional(text) }),
  ),
  'rotation.failed': lazily(() => z.strictObject({ ...rotation, secretId: text, code: text })),
  /** A rotation that is due cannot begin; once per reason, so that its owner is told once. */
  'rotation.blocked': lazily(() => z.strictObject({ code: text })),
  // rotations#<account>
  /** After a failed rotation none begins in the account until a person says go. */
  'rotations.stopped': lazily(() => z.strictObject({ ...rotation, credentialId: text, code: text })),
  'rotations.allowed': lazily(() => z.strictObject({})),
  // plans#<account>
  'plan.frozen': lazily(() =>
    z.strictObject({
      planId: text,
      accountId: text,
      tier: z.enum(TIERS),
      /** asked: a person or program asked for it with `janitor rotate`. */
      frozenBecause: z.enum(['tier', 'cap', 'asked']),
      items: z.array(planItemSchema),
      /** 0: by a request that was pre-approved. */
      approvalsNeeded: z.int().check(z.nonnegative()),
      approverGroup: text,
    }),
  ),
  'plan.approved': lazily(() => z.strictObject({ planId: text, planHash: text })),
  'plan.rejected': lazily(() => z.strictObject({ planId: text })),
  'plan.lapsed': lazily(() => z.strictObject({ planId: text })),
  'plan.item-dropped': lazily(() => z.strictObject({ planId: text, credentialId: text, rule: text, step })),
  // notices#<account>
  'notice.prepared': lazily(() =>
    z.strictObject({
      noticeId: text,
      recipient: text,
      items: z.array(noticeItemSchema()),
      textSha256: text,
    }),
  ),
  'notice.accepted': lazily(() => z.strictObject({ noticeId: text, route: text, receipt: text })),
  'notice.refused': lazily(() => z.strictObject({ noticeId: text, route: text })),
  'notice.bounced': lazily(() => z.strictObject({ noticeId: text })),
  /** Every credential of the notice carries its `owner.notified` (or needs none). */
  'notice.recorded': lazily(() => z.strictObject({ noticeId: text })),
  // sweep#<account>
  'sweep.finished': lazily(() =>
    z.strictObject({
      sweepId: text,
      accountId: text,
      enforce: z.boolean(),
      complete: z.boolean(),
      problems: z.int().check(z.nonnegative()),
      credentials: z.int().check(z.nonnegative()),
      outcomes: z.record(z.string(), z.number()),
      actions: z.record(z.string(), z.number()),
      merkleRoot: text,
      heads: z.int().check(z.nonnegative()),
      calls: z.record(z.string(), z.number()),
    }),
  ),
  // run#<instant of the schedule, or the run's id>
  'run.started': lazily(() =>
    z.strictObject({
      runId: text,
      trigger: z.enum(['schedule', 'person']),
      scheduledAt: z.optional(instantSchema),
      enforce: z.boolean(),
      accounts: z.int().check(z.nonnegative()),
    }),
  ),
  'run.finished': lazily(() =>
    z.strictObject({
      runId: text,
      accounts: z.int().check(z.nonnegative()),
      /** Accounts whose sweep ended with its one event. */
      swept: z.int().check(z.nonnegative()),
      /** Of those, how many could not be read completely. */
      incomplete: z.int().check(z.nonnegative()),
      notSwept: z.int().check(z.nonnegative()),
      /** The first of them by account id; all are in the logs of the run. */
      examples: z.array(z.strictObject({ accountId: text, status: text, reason: text })),
      credentials: z.int().check(z.nonnegative()),
      outcomes: z.record(z.string(), z.number()),
      actions: z.record(z.string(), z.number()),
    }),
  ),
  // lease#<account>
  'lease.taken': lazily(() => z.strictObject({ holder: text, until: instantSchema })),
  'lease.renewed': lazily(() => z.strictObject({ holder: text, until: instantSchema })),
  'lease.released': lazily(() => z.strictObject({ holder: text })),
  // cap#<account> and cap#organisation
  'slot.claimed': lazily(() =>
    z.strictObject({ credentialId: text, kind: z.enum(CREDENTIAL_KINDS), step, sweepId: text }),
  ),
  // halt#organisation
  'halt.placed': lazily(() =>
    z.strictObject({ haltId: text, target: text.check(z.describe('all, account:<id> or rule:<id>')) }),
  ),
  'halt.lifted': lazily(() => z.strictObject({ haltId: text })),
  // policy#activation
  'policy.proposed': lazily(() =>
    z.strictObject({ hash: text, approvalsNeeded: z.int().check(z.nonnegative()) }),
  ),
  'policy.approved': lazily(() => z.strictObject({ hash: text })),
  'policy.activated': lazily(() => z.strictObject({ hash: text, first: z.boolean() })),
  // request#<id>, exception#<id>, challenge#<id>
  ...requestEventSchemas,
  ...exceptionEventSchemas,
  ...challengeEventSchemas,
  ...toldEventSchemas,
  // grant#<id>, grant#uses/<person>/<role>
  ...grantEventSchemas,
  // grant#incident/<id>, grant#drift/<account>
  ...incidentEventSchemas,
  ...driftEventSchemas,
} as const;

export type EventType = keyof typeof eventDataSchemas;
