import type { EventDraft } from '../domain/event.ts';
import type { Finding } from '../domain/verdict.ts';
import { secretShapeWithin } from '../ledger/index.ts';
import type { ChainContext } from './context.ts';

type RuleFields = Pick<EventDraft, 'at' | 'actor' | 'policyHash' | 'rule' | 'ruleHash' | 'controls'>;

/** What every event about a rule's finding says: who, when, which policy version, which rule and standards (G8). */
export function ruleFields(context: ChainContext, finding: Pick<Finding, 'rule' | 'ruleHash'>): RuleFields {
  const controls = context.policy.document.rules.find((rule) => rule.id === finding.rule)?.controls;
  return {
    at: context.clock.now(),
    actor: context.actor,
    policyHash: context.policy.hash,
    rule: finding.rule,
    ruleHash: finding.ruleHash,
    ...(controls === undefined ? {} : { controls: [...controls] }),
  };
}

/** What every other event of this process says. */
export function plainFields(
  context: Pick<ChainContext, 'clock' | 'actor'> & { readonly policy: Pick<ChainContext['policy'], 'hash'> },
): Pick<EventDraft, 'at' | 'actor' | 'policyHash'> {
  return { at: context.clock.now(), actor: context.actor, policyHash: context.policy.hash };
}

/**
 * A reason as the ledger takes it. Reasons quote tags and names, which anybody may set: what looks like a secret is
 * left out, so that one odd credential cannot stop the sweep of the others.
 */
export function recordable(reason: string): string {
  const shape = secretShapeWithin(reason);
  return shape === undefined ? reason : `(left out: this reason looks like ${shape})`;
}
