import type { NoticeItem } from '../domain/event-data.ts';
import type { Finding } from '../domain/verdict.ts';
import { readText } from '../ledger/index.ts';
import { composeDigest, type Notice, parseNotice } from '../notify/index.ts';
import { routeOf } from '../policy/index.ts';
import type { SweepContext } from './context.ts';
import { digestItemOf } from './digest-item.ts';
import { hasLastingId } from './findings.ts';
import { firstRefusal } from './guards.ts';
import {
  closeNotice,
  deliver,
  type NoticeOutcome,
  openNotices,
  prepareNotice,
  recordTold,
} from './notice-chain.ts';
import type { Judged } from './read-account.ts';
import type { SweepResult } from './result.ts';
import type { Run } from './run.ts';
import { situationOf } from './situation.ts';

/** Findings in one notice; an owner with more gets a second digest in the same sweep. */
const NOTICE_ITEMS = 300;

type NoticeSummary = SweepResult['notices'][number];

interface Telling {
  readonly judged: Judged;
  readonly finding: Finding;
}

/**
 * Sends one digest per owner for every finding whose next step is to tell somebody, and records who was told. Of a key
 * known by its slot only nobody is told yet: it has no chain to remember that (I6).
 */
export async function notifyOwners(
  context: SweepContext,
  run: Run,
  work: Map<string, Judged>,
): Promise<NoticeSummary[]> {
  const byRecipient = new Map<string, Telling[]>();
  for (const judged of work.values()) {
    for (const finding of judged.judgement.findings) gather(context, run, byRecipient, { judged, finding });
  }
  const summaries: NoticeSummary[] = [];
  for (const [recipient, tellings] of [...byRecipient].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (let from = 0; from < tellings.length; from += NOTICE_ITEMS) {
      await run.lease.keep();
      const summary = await tell(context, run, work, recipient, tellings.slice(from, from + NOTICE_ITEMS));
      if (summary !== undefined) summaries.push(summary);
    }
  }
  return summaries;
}

function gather(
  context: SweepContext,
  run: Run,
  byRecipient: Map<string, Telling[]>,
  telling: Telling,
): void {
  const { judged, finding } = telling;
  if (finding.step !== 'notify' || finding.matches !== 'yes' || !hasLastingId(judged)) return;
  const place = {
    credentialId: judged.credential.id,
    kind: judged.credential.kind,
    rule: finding.rule,
    step: 'notify' as const,
  };
  if (finding.held.length > 0 || firstRefusal(situationOf(context, run, place, { finding })) !== undefined)
    return;
  const { recipient } = judged.judgement;
  const list = byRecipient.get(recipient);
  if (list === undefined) byRecipient.set(recipient, [telling]);
  else list.push(telling);
}

async function tell(
  context: SweepContext,
  run: Run,
  work: Map<string, Judged>,
  recipient: string,
  tellings: readonly Telling[],
): Promise<NoticeSummary | undefined> {
  const items = tellings.map(itemOf);
  const made = await prepareNotice(context, items, recipient, (id) =>
    composed(context, id, recipient, tellings),
  );
  if (made === undefined) return undefined;
  const { prepared, notice } = made;
  const outcome = await deliver(context, notice);
  if (outcome !== 'unconfirmed') {
    for (const item of items) {
      const known = work.get(item.credentialId);
      const history = await recordTold(context, prepared, item, outcome, known?.history);
      if (known !== undefined) work.set(item.credentialId, { ...known, history });
    }
    await closeNotice(context, notice.id);
  }
  for (const item of items) run.actions.push(actionOf(item, prepared.id, outcome, recipient));
  return { noticeId: notice.id, recipient, items: items.length, outcome };
}

function itemOf({ judged, finding }: Telling): NoticeItem {
  return {
    credentialId: judged.credential.id,
    rule: finding.rule,
    ruleHash: finding.ruleHash,
    ...(finding.announces === undefined ? {} : { announces: finding.announces }),
  };
}

function composed(
  context: SweepContext,
  id: string,
  recipient: string,
  tellings: readonly Telling[],
): Notice {
  const account = context.policy.directory.accounts.find((candidate) => candidate.id === context.accountId);
  return composeDigest({
    noticeId: id,
    recipient: routeOf(context.policy, recipient) ?? { id: recipient, label: recipient },
    accountId: context.accountId,
    ...(account === undefined ? {} : { accountName: account.name }),
    now: context.clock.now(),
    items: tellings.map(({ judged, finding }) => digestItemOf(context.policy, judged, finding)),
  });
}

function actionOf(item: NoticeItem, eventId: string, outcome: NoticeOutcome, recipient: string) {
  const told = {
    accepted: { outcome: 'notified', reason: `${recipient} was told` },
    refused: {
      outcome: 'notice-refused',
      reason: `the notice to ${recipient} was refused; the fallback is next`,
    },
    unconfirmed: {
      outcome: 'unconfirmed',
      reason: `whether ${recipient} was told is not known; sent again next time`,
    },
  } as const;
  return {
    credentialId: item.credentialId,
    step: 'notify' as const,
    rule: item.rule,
    eventId,
    ...told[outcome],
  };
}

/**
 * Finishes what an earlier run left between preparing a notice and recording it: the same text is delivered again
 * under the same id (routes that know the id drop the repetition), and every credential learns the outcome once (I6).
 */
export async function finishNotices(context: SweepContext): Promise<void> {
  for (const { prepared, outcome: recorded } of await openNotices(context)) {
    const outcome = recorded ?? (await redeliver(context, prepared.evidence?.[0]?.key));
    if (outcome === 'unconfirmed') continue;
    for (const item of prepared.data.items) await recordTold(context, prepared, item, outcome, undefined);
    await closeNotice(context, prepared.data.noticeId);
  }
}

async function redeliver(context: SweepContext, key: string | undefined): Promise<NoticeOutcome> {
  const text = key === undefined ? undefined : await readText(context.evidence, key);
  return text === undefined ? 'unconfirmed' : deliver(context, parseNotice(text));
}
