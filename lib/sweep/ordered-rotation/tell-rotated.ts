import type { Plan } from '../../domain/account-chains.ts';
import { actorLabel } from '../../domain/actor.ts';
import { ASKED_FOR } from '../../domain/asked-for.ts';
import { composeRotationNotice } from '../../notify/index.ts';
import { routeOf } from '../../policy/index.ts';
import { closeNotice, deliver, type NoticeOutcome, prepareNotice, recordTold } from '../notice-chain.ts';
import type { Destination } from './destination.ts';
import type { KeyToRotate } from './key-to-rotate.ts';
import type { OrderingContext } from './ordering-context.ts';

/** `unconfirmed`: this process cannot send it; the next sweep delivers it. */
export interface Told {
  readonly noticeId: string;
  readonly recipient: string;
  readonly outcome: NoticeOutcome;
}

interface Rotated {
  readonly key: KeyToRotate;
  readonly into: Destination;
  readonly plan: Plan;
  readonly secretId: string;
  readonly accessKeyId: string;
}

/** Tells the owner of the old key where the new one is, and records it on the old one's chain. */
export async function tellRotated(context: OrderingContext, rotated: Rotated): Promise<Told | undefined> {
  const { key, plan } = rotated;
  const { credential } = key;
  const history = await context.record.read(credential.id);
  const { recipient } = context.judge({ credential, history, now: context.clock.now() });
  if (recipient === '') return undefined;
  const ruleHash = plan.items.find(({ credentialId }) => credentialId === credential.id)?.ruleHash ?? '';
  const item = { credentialId: credential.id, rule: ASKED_FOR, ruleHash };
  const made = await prepareNotice(context, [item], recipient, (id) =>
    notice(context, rotated, id, recipient),
  );
  if (made === undefined) return undefined;
  const { prepared, notice: sent } = made;
  const outcome = await deliver(context, sent);
  if (outcome !== 'unconfirmed') {
    await recordTold(context, prepared, item, outcome, history);
    await closeNotice(context, sent.id);
  }
  return { noticeId: sent.id, recipient, outcome };
}

function notice(
  context: OrderingContext,
  { key, into, plan, secretId, accessKeyId }: Rotated,
  id: string,
  to: string,
) {
  const { policy, accountId, clock } = context;
  const account = policy.directory.accounts.find((each) => each.id === accountId);
  return composeRotationNotice({
    noticeId: id,
    recipient: routeOf(policy, to) ?? { id: to, label: to },
    accountId,
    ...(account === undefined ? {} : { accountName: account.name }),
    now: clock.now(),
    credentialId: key.credential.id,
    userName: key.credential.principal.userName,
    oldKeyId: key.credential.name,
    newKeyId: accessKeyId,
    secretId,
    ...(into.kind === 'delivery' ? { reader: into.reader } : {}),
    askedBy: actorLabel(plan.frozenBy),
    approvedBy: plan.approvals.map(({ actor }) => actorLabel(actor)),
  });
}
