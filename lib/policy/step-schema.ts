import { ACTIONABLE_KINDS, type CredentialKind } from '../domain/credential.ts';
import { isAnnounced, MINIMUM_QUARANTINE_DAYS, type StepKind, TIERS, type Tier } from '../domain/step.ts';
import * as z from '../domain/zod.ts';
import { windowSchema } from './rotation-schema.ts';
import type { RotationWindow } from './rotation-window.ts';
import { durationOfAtLeast, says, strict } from './schema-parts.ts';

const disableStep = strict({
  disable: strict({
    wait: durationOfAtLeast('1d', 'the owner needs at least a day to answer').check(
      z.describe('From the accepted notice to the step.'),
    ),
    tier: z._default(
      z
        .enum(TIERS)
        .check(z.describe('routine: runs within the limits. guarded, critical: only from an approved plan.')),
      'routine',
    ),
  }).check(z.describe('Disables an access key, or denies reading a secret. Undone by janitor restore.')),
});

const deleteStep = strict({
  delete: strict({
    wait: durationOfAtLeast(
      `${MINIMUM_QUARANTINE_DAYS}d`,
      `nothing is deleted before a quarantine of ${MINIMUM_QUARANTINE_DAYS} days`,
    ).check(
      z.describe(
        'From the notice sent after the quarantine began to the step, and at least as long in quarantine.',
      ),
    ),
    tier: z._default(
      z.enum(TIERS).check(
        z.refine((tier) => tier !== 'routine', {
          error: says('a deletion is never routine', 'write tier: guarded or tier: critical'),
        }),
        z.describe('guarded (one approver by default) or critical; never routine.'),
      ),
      'guarded',
    ),
  }).check(z.describe('Deletes an access key for good, or a secret with a recovery window.')),
});

const rotateStep = strict({
  rotate: strict({
    wait: durationOfAtLeast('1h', 'the owner needs to hear of it before').check(
      z.describe('From the accepted notice to the step.'),
    ),
    tier: z._default(
      z
        .enum(TIERS)
        .check(
          z.describe(
            'routine: begins within the pace of rotation. guarded, critical: only from an approved plan.',
          ),
        ),
      'routine',
    ),
    window: z.optional(windowSchema),
  }).check(
    z.describe(
      'Makes a new value, proves that it works and only then makes it the current one. An access key has to live in a secret; what is replaced stays in force, see match.replacedFor.',
    ),
  ),
});

const notifyStep = z.literal('notify').check(z.describe('Tells the owner.'));
const tagStep = z
  .literal('tag')
  .check(z.describe('Writes owner and expiry as tags on the user or the secret.'));

export type StepEntry =
  | 'notify'
  | 'tag'
  | {
      readonly rotate: {
        readonly wait: string;
        readonly tier: Tier;
        readonly window?: RotationWindow | undefined;
      };
    }
  | { readonly disable: { readonly wait: string; readonly tier: Tier } }
  | { readonly delete: { readonly wait: string; readonly tier: Tier } };

/** The steps a rule for this kind may take, in order. */
export function stepsSchemaFor(kind: CredentialKind) {
  const actionable = ACTIONABLE_KINDS.includes(kind);
  const entry: z.ZodMiniType<StepEntry> = actionable
    ? z.union([notifyStep, tagStep, rotateStep, disableStep, deleteStep], {
        error: (issue) => entryMessage(kind, issue.input),
      })
    : z
        .literal('notify', { error: (issue) => entryMessage(kind, issue.input) })
        .check(z.describe('Tells the owner.'));
  return z.array(entry).check(
    z.minLength(1, says('lists no step', 'begin with notify')),
    z.superRefine((steps, context) => {
      for (const { index, message } of orderProblems(steps)) {
        context.addIssue({ code: 'custom', path: [index], message });
      }
    }),
    z.describe('What happens, in this order; each kind of step at most once.'),
  );
}

/** Why something is no step at all. A known step that is written wrongly is explained by its own schema. */
function entryMessage(kind: CredentialKind, written: unknown): string {
  const names = typeof written === 'object' && written !== null ? Object.keys(written) : [String(written)];
  if (names.length > 1) return says('holds several steps', 'start each step on a line of its own with "- "');
  const name = names[0] ?? '';
  if (
    name !== 'notify' &&
    !ACTIONABLE_KINDS.includes(kind) &&
    ['tag', 'rotate', 'disable', 'delete'].includes(name)
  )
    return says(
      `${name} is not offered for ${kind}`,
      'only access keys and secrets are acted on; use notify',
    );
  if (name === 'rotate') return says('rotate lacks its wait', 'write rotate: { wait: 7d }');
  if (name === 'disable') return says('disable lacks its wait', 'write disable: { wait: 14d }');
  if (name === 'delete') return says('delete lacks its wait', 'write delete: { wait: 30d, tier: guarded }');
  return says(
    `"${name.slice(0, 40)}" is no step`,
    'write notify, tag, rotate: { wait: 7d }, disable: { wait: 14d } or delete: { wait: 30d }',
  );
}

/** What cannot be rotated is held and told; it is never cut off instead. */
const AFTER_ROTATE =
  'what cannot be rotated must not be cut off instead; end the rule with rotate, and let another one match what was replaced: replacedFor: 7d, unusedFor: 7d';

function orderProblems(steps: readonly StepEntry[]): { readonly index: number; readonly message: string }[] {
  const problems: { index: number; message: string }[] = [];
  const before = new Set<StepKind>();
  steps.forEach((entry, index) => {
    const kind = kindOf(entry);
    if (before.has(kind))
      problems.push({ index, message: says(`${kind} is listed twice`, 'keep one of them') });
    else if (isAnnounced(kind) && !before.has('notify'))
      problems.push({ index, message: says(`${kind} comes before any notice`, 'put notify before it') });
    if ((kind === 'disable' || kind === 'delete') && before.has('rotate'))
      problems.push({ index, message: says(`${kind} comes after rotate`, AFTER_ROTATE) });
    if (kind === 'rotate' && before.has('disable'))
      problems.push({ index, message: says('rotate comes after disable', AFTER_ROTATE) });
    if (kind === 'delete' && !before.has('disable'))
      problems.push({
        index,
        message: says('delete comes without disable before it', 'put disable: { wait: 14d } before it'),
      });
    before.add(kind);
  });
  return problems;
}

export function kindOf(entry: StepEntry): StepKind {
  if (typeof entry === 'string') return entry;
  if ('rotate' in entry) return 'rotate';
  return 'disable' in entry ? 'disable' : 'delete';
}
