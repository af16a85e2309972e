import type { EventDraft } from '../domain/event.ts';
import { knownValue } from '../domain/fact.ts';
import { EXPOSED_RULE, exposedSince } from '../domain/grant-evidence.ts';
import type { CredentialHistory } from '../domain/history.ts';
import type { Finding } from '../domain/verdict.ts';
import { recordDeciding } from './append.ts';
import type { ActingContext } from './context.ts';
import { plainFields, recordable, ruleFields } from './draft.ts';
import type { Judged } from './read-account.ts';

/** A chain needs the credential's lasting id: a key known by its slot only is reported, not yet recorded. */
export function hasLastingId({ credential }: Judged): boolean {
  return credential.kind !== 'access-key' || knownValue(credential.facts.accessKeyId) !== undefined;
}

/** Brings the open findings on a credential's chain in line with the judgement; says nothing when they are. */
export async function recordFindings(context: ActingContext, judged: Judged): Promise<Judged> {
  let current = judged;
  for (const finding of judged.judgement.findings) {
    if (finding.matches !== 'yes') continue;
    current = await recorded(context, current, (history) => openingOf(context, current, finding, history));
  }
  const still = new Set(judged.judgement.findings.map((finding) => finding.rule));
  for (const rule of Object.keys(judged.history.findings)) {
    if (still.has(rule) || (rule === EXPOSED_RULE && isStillExposed(judged))) continue;
    current = await recorded(context, current, (history) =>
      closingOf(context, history, rule, whyClosed(judged, rule)),
    );
  }
  if (undoneQuarantine(judged)) {
    current = await recorded(context, current, (history) =>
      history.quarantine === undefined
        ? undefined
        : {
            ...plainFields(context),
            type: 'quarantine.ended',
            reason: 'The credential was made active again outside the janitor.',
            data: {},
          },
    );
  }
  if (current === judged) return judged;
  return { ...current, judgement: context.judge({ ...current, now: context.clock.now() }) };
}

/** Closes what is left open on a credential that a complete reading no longer found. */
export async function closeVanished(
  context: ActingContext,
  credentialId: string,
  history: CredentialHistory,
): Promise<CredentialHistory> {
  const why =
    history.deleted === undefined ? 'The credential no longer exists.' : 'The credential was deleted.';
  let current = history;
  for (const rule of Object.keys(history.findings)) {
    const result = await recordDeciding(context.record, credentialId, current, (h) =>
      closingOf(context, h, rule, why),
    );
    current = result.history;
  }
  return current;
}

async function recorded(
  context: ActingContext,
  judged: Judged,
  decide: (history: CredentialHistory) => EventDraft | undefined,
): Promise<Judged> {
  const { history } = await recordDeciding(context.record, judged.credential.id, judged.history, decide);
  return history === judged.history ? judged : { ...judged, history };
}

function openingOf(
  context: ActingContext,
  { credential }: Judged,
  finding: Finding,
  history: CredentialHistory,
): EventDraft | undefined {
  // A credential report may go on showing for hours what was deleted.
  if (history.findings[finding.rule] !== undefined || history.deleted !== undefined) return undefined;
  return {
    ...ruleFields(context, finding),
    type: 'finding.opened',
    data: {
      kind: credential.kind,
      reasons: finding.reasons.map(recordable),
      ...(credential.alias === undefined ? {} : { alias: credential.alias }),
    },
  };
}

function closingOf(
  context: ActingContext,
  history: CredentialHistory,
  rule: string,
  reason: string,
): EventDraft | undefined {
  if (history.findings[rule] === undefined) return undefined;
  return { ...plainFields(context), type: 'finding.closed', rule, reason: recordable(reason), data: {} };
}

/** Of no rule of the policy, and so not for the policy to close: it stands until the value is another one. */
function isStillExposed({ history, credential }: Judged): boolean {
  const since = exposedSince(history);
  if (since === undefined) return false;
  const { lastRotatedAt } = credential.facts;
  const rotatedAt = lastRotatedAt === undefined ? undefined : knownValue(lastRotatedAt);
  return rotatedAt === undefined || rotatedAt === null || rotatedAt < since;
}

function whyClosed({ judgement }: Judged, rule: string): string {
  if (rule === EXPOSED_RULE) return 'It was rotated since.';
  const own = judgement.verdict.reasons.find((reason) => reason.startsWith(`${rule}:`));
  return own ?? 'The rule no longer applies to this credential.';
}

function undoneQuarantine({ judgement }: Judged): boolean {
  return judgement.findings.some((finding) => finding.held.some((hold) => hold.code === 'quarantine-undone'));
}
