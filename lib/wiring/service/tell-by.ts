import { messageOf } from '../../domain/error.ts';
import { isKnown } from '../../domain/fact.ts';
import { composeAskedNotice, type NoticeDelivery } from '../../notify/index.ts';
import { hasLeft, type Policy, routeOf } from '../../policy/index.ts';
import type { Tell, Telling } from '../../requests/index.ts';
import type { WorkDesk } from './desk.ts';
import { readException } from './exceptions.ts';
import { seeCredential } from './subject-facts.ts';

/** More reasons than these nobody reads before deciding; explain has them all. */
const MOST_REASONS = 8;

/**
 * Sends notices about what was asked: to those who decide, with what is known of the credential at that moment, and to
 * whoever it concerns. Somebody whom the policy in force does not reach is refused; trouble leaves it unknown.
 */
export function tellBy(desk: WorkDesk, delivery: NoticeDelivery): Tell {
  return async (telling, noticeId) => {
    try {
      const policy = await desk.policyInForce();
      const { recipient: id } = telling;
      const recipient = routeOf(policy, id);
      if (recipient === undefined || hasLeft(policy, id, desk.clock.now())) return 'refused';
      const evidence = telling.about === 'pending' ? await evidenceFor(desk, policy, telling) : [];
      const notice = composeAskedNotice({ ...telling, noticeId, recipient, evidence });
      return (await delivery.deliver(notice)).outcome;
    } catch (error) {
      desk.report(`notice ${noticeId}`, error);
      return 'unknown';
    }
  };
}

async function evidenceFor(desk: WorkDesk, policy: Policy, telling: Telling): Promise<readonly string[]> {
  const credentialId = await credentialOf(desk, telling);
  if (credentialId === undefined) return [];
  try {
    const { credential, judgement } = await seeCredential(desk, policy, credentialId);
    const { lastUsedAt } = credential.facts;
    const used = lastUsedAt !== undefined && isKnown(lastUsedAt) ? (lastUsedAt.value ?? 'never') : 'unknown';
    const { owner, verdict } = judgement;
    return [
      `Owner: ${owner.id} (${owner.source}); last used: ${used}.`,
      ...verdict.reasons.slice(0, MOST_REASONS),
    ];
  } catch (error) {
    return [`It could not be read just now: ${messageOf(error)}`];
  }
}

async function credentialOf(desk: WorkDesk, telling: Telling): Promise<string | undefined> {
  switch (telling.kind) {
    case 'exception':
      return telling.record.scope.credentialId;
    case 'challenge': {
      const { target } = telling.record;
      return target.kind === 'step' ? target.credentialId : credentialOfException(desk, target.exceptionId);
    }
    case 'request': {
      const { ask } = telling.record.content;
      if (ask.kind === 'exception') return ask.scope.credentialId;
      if (ask.kind === 'extension') return credentialOfException(desk, ask.exceptionId);
      return ask.kind === 'approve-plan' ? undefined : ask.credentialId;
    }
  }
}

async function credentialOfException(desk: WorkDesk, exceptionId: string): Promise<string> {
  return (await readException(desk, exceptionId)).scope.credentialId;
}
