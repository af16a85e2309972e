import { freshJanitorChanges, type Invariant, isJanitor } from '../chronicle.ts';
import { actOf, destruction, named } from './acts.ts';

/**
 * G8: a policy does not authorise itself. What a sweep changes it changes under a version that was active when it was
 * intended or after, whose mode is enforce, and only what that version enforces in the account.
 */
export const activatedPolicy: Invariant = (chronicle) =>
  freshJanitorChanges(chronicle).flatMap((change) => {
    const act = actOf(chronicle, change);
    if (act === undefined || !change.process.startsWith('janitor') || !isJanitor(change.process)) return [];
    const { hash, document } = act.version.policy;
    const began = act.intent.tick;
    const activations = chronicle.writes.filter(
      ({ tick, event }) => event.type === 'policy.activated' && tick < act.change.tick,
    );
    const relevant = [
      activations.findLast(({ tick }) => tick < began),
      ...activations.filter(({ tick }) => tick >= began),
    ];
    const active = relevant.some(
      (write) => write?.event.type === 'policy.activated' && write.event.data.hash === hash,
    );
    const rule = act.intent.event.rule ?? '';
    const enforced = document.enforce.some(
      (entry) => entry.rules.includes(rule) && entry.accounts?.includes(change.record.accountId) === true,
    );
    return [
      ...(active ? [] : ['its version of the policy is not the active one']),
      ...(document.mode === 'enforce' && enforced
        ? []
        : [`${rule} is not enforced in ${change.record.accountId}`]),
    ].map((what) => `G8: ${named(change)} (${destruction(change) ?? 'tag'}): ${what}`);
  });
