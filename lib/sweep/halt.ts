import { foldHalts, type Halt } from '../domain/account-chains.ts';
import { JanitorError } from '../domain/error.ts';
import { subjects } from '../domain/subject.ts';
import { nameHint } from '../policy/index.ts';
import { appendDeciding } from './append.ts';
import { ownersOfRules, refuseResuming } from './authority.ts';
import type { RecordingContext } from './context.ts';
import { plainFields } from './draft.ts';

/** What a halt can stop: everything, one account, one rule. */
export type HaltTarget = 'all' | `account:${string}` | `rule:${string}`;

/**
 * Stops acting at the next guard check, for whoever asks (G20). Halting twice keeps the first halt.
 * @throws JanitorError `no-such-rule`: a halt of a rule that does not exist would stop nothing.
 */
export async function placeHalt(
  context: RecordingContext,
  { target, reason }: { readonly target: HaltTarget; readonly reason: string },
): Promise<Halt> {
  refuseUnknownRule(context, target);
  let standing: Halt | undefined;
  const event = await appendDeciding(context.ledger, subjects.halts, (events) => {
    standing = foldHalts(events).find((halt) => halt.target === target);
    if (standing !== undefined) return undefined;
    return {
      ...plainFields(context),
      type: 'halt.placed',
      reason,
      data: { haltId: `halt/${events.length + 1}`, target },
    };
  });
  if (standing !== undefined) return standing;
  const placed = event === undefined ? undefined : foldHalts([event])[0];
  if (placed === undefined) throw noHalt(target);
  return placed;
}

/**
 * Lets acting go on again. Resuming loosens a guard: it takes a person who approves guarded steps or owns the halted
 * rule, and another one than who placed the halt.
 * @throws JanitorError `no-such-halt`; with source `policy`: `same-person-may-not-resume`, `unresolved-may-not-resume`,
 * `may-not-resume`.
 */
export async function liftHalt(
  context: RecordingContext,
  { target, reason }: { readonly target: HaltTarget; readonly reason: string },
): Promise<Halt> {
  let lifted: Halt | undefined;
  await appendDeciding(context.ledger, subjects.halts, (events) => {
    lifted = foldHalts(events).find((halt) => halt.target === target);
    if (lifted === undefined) throw noHalt(target);
    const rule = ruleOf(lifted.target);
    const owners = rule === undefined ? [] : ownersOfRules(context.policy, [rule]);
    refuseResuming(context, { placedBy: lifted.by, owners });
    return { ...plainFields(context), type: 'halt.lifted', reason, data: { haltId: lifted.haltId } };
  });
  if (lifted === undefined) throw noHalt(target);
  return lifted;
}

function ruleOf(target: string): string | undefined {
  return target.startsWith('rule:') ? target.slice('rule:'.length) : undefined;
}

function refuseUnknownRule({ policy }: RecordingContext, target: HaltTarget): void {
  const rule = ruleOf(target);
  const rules = policy.document.rules.map(({ id }) => id);
  if (rule === undefined || rules.includes(rule)) return;
  throw new JanitorError(`the policy has no rule "${rule}", so nothing would be halted`, {
    code: 'no-such-rule',
    source: 'user',
    hint: `Name one of this policy (${nameHint(rule, rules, 'its rules are')}), or another policy with --policy; --all halts everything.`,
  });
}

function noHalt(target: string): JanitorError {
  return new JanitorError(`nothing is halted for ${target}`, {
    code: 'no-such-halt',
    source: 'user',
    hint: 'janitor halt --list shows what is halted.',
  });
}
