import { exposedSince } from '../../domain/grant-evidence.ts';
import { type CredentialHistory, foldCredential } from '../../domain/history.ts';
import { type Hold, holdForbids, holdsAt } from '../../domain/hold.ts';
import type { Instant } from '../../domain/time.ts';
import { isWhole, keptFrom } from './credential-hold.ts';
import type { ExplainedVerdict } from './explanation.ts';
import type { FoundCredential } from './find-credential.ts';
import { replacedSentence, rotatingSentence } from './replacement.ts';
import { count, day, infinitive, passive, withoutDot } from './say.ts';

/** What the record says of a credential at one instant. */
export interface Situation {
  readonly history: CredentialHistory;
  readonly verdict: ExplainedVerdict | undefined;
  /** Newer, complete sweeps that did not see it. */
  readonly unseen: number;
  readonly at: Instant;
}

/** What a credential's state is, in one sentence: by its chain where that is ahead of the verdict. */
export function summaryOf({ history, verdict, unseen, at }: Situation): string {
  const { deleted, openIntent, quarantine } = history;
  if (deleted !== undefined)
    return `It was deleted on ${day(deleted.at)}${recoverable(deleted.recoverableUntil, at)}.`;
  if (openIntent !== undefined) {
    return `It is being changed: an intent to ${infinitive(openIntent.change)} of ${day(openIntent.at)} has no outcome yet.`;
  }
  if (quarantine !== undefined) {
    return `It is disabled since ${day(quarantine.since)}, under rule ${quarantine.rule}; this can be undone.`;
  }
  const rotating = rotatingSentence(history);
  if (rotating !== undefined) return rotating;
  if (verdict === undefined)
    return 'No sweep has recorded a verdict about it; what is known comes from its events.';
  if (unseen > 0) {
    return `It was last seen on ${day(verdict.judgedAt)}; ${count(unseen, 'later sweep')} did not see it any more.`;
  }
  const replaced = replacedSentence(history);
  const said = toldSentence(history, verdict) ?? verdictSentence(verdict);
  return replaced === undefined ? said : `${replaced} ${said}`;
}

/** The verdict said to tell its owner, and that was done since. */
function toldSentence(history: CredentialHistory, verdict: ExplainedVerdict): string | undefined {
  const { outcome, step, rule, reasons } = verdict;
  const told = rule === undefined ? undefined : history.findings[rule]?.told.at(-1);
  if (outcome !== 'act' || step !== 'notify' || told === undefined) return undefined;
  return `It is flagged by rule ${rule}, and ${told.recipient} was told on ${day(told.at)}${reasonsOf(reasons)}.`;
}

function reasonsOf(reasons: readonly string[]): string {
  return reasons.length === 0 ? '' : `, because ${reasons.map(withoutDot).join('; ')}`;
}

function recoverable(until: Instant | undefined, at: Instant): string {
  if (until === undefined || until <= at) return ' and cannot be recovered';
  return ` and can be recovered until ${day(until)}`;
}

function verdictSentence({ outcome, rule, step, due, reasons }: ExplainedVerdict): string {
  const why = reasonsOf(reasons);
  const named = rule === undefined ? '' : ` by rule ${rule}`;
  switch (outcome) {
    case 'keep':
      return `It is kept${why}.`;
    case 'unknown':
      return `It is left alone: a fact that a decision needs is unknown${why}.`;
    case 'hold':
      return `It is flagged${named}, and nothing happens to it for now${why}.`;
    case 'act': {
      const when = due === undefined ? '' : ` from ${day(due)} on`;
      return `It is flagged${named}${step === undefined ? '' : `: ${passive(step)}${when}`}${why}.`;
    }
  }
}

/** What happens next, if nothing changes. */
export function nextOf({ history, verdict, unseen, at }: Situation): string {
  if (history.deleted !== undefined) {
    const { recoverableUntil } = history.deleted;
    return recoverableUntil !== undefined && recoverableUntil > at
      ? `Nothing by itself. Until ${day(recoverableUntil)} \`janitor restore\` brings it back.`
      : 'Nothing: it is gone.';
  }
  if (history.openIntent !== undefined)
    return 'The next sweep looks at AWS and records how the change ended.';
  const holds = holdsAt(history, at);
  const whole = holds.findLast(isWhole);
  if (whole !== undefined)
    return `Nothing destructive before ${day(whole.until)}: ${whole.kind} hold ${whole.holdId}.`;
  if (unseen > 0) return 'Nothing: it is no longer there.';
  const next = nextAnnounced(history, verdict, { holds, at }) ?? nextOfVerdict(verdict, { holds, at });
  return [next, ...holds.map(partlyHeld)].join(' ');
}

/** What holds a credential at an instant. */
interface Held {
  readonly holds: readonly Hold[];
  readonly at: Instant;
}

function partlyHeld(hold: Hold): string {
  return `Until ${day(hold.until)} ${keptFrom(hold)}: ${hold.kind} hold ${hold.holdId}.`;
}

/** The earliest destructive step that a notice announced and that was not done. */
function nextAnnounced(
  { findings }: CredentialHistory,
  verdict: ExplainedVerdict | undefined,
  { holds, at }: Held,
): string | undefined {
  if (verdict?.outcome !== 'act') return undefined;
  const announced = Object.values(findings).flatMap(({ rule, told, done }) => {
    const announces = told.at(-1)?.announces;
    if (announces === undefined || done.some(({ step }) => step === announces.step)) return [];
    return holds.some((hold) => holdForbids(hold, rule, announces.step)) ? [] : [announces];
  });
  const first = announced.sort((a, b) => (a.notBefore < b.notBefore ? -1 : 1))[0];
  if (first === undefined) return undefined;
  const when = first.notBefore <= at ? 'in the next enforcing sweep' : `from ${day(first.notBefore)} on`;
  return `With every guard still agreeing, ${passive(first.step)} ${when}, as announced.`;
}

const WHILE_HELD = 'Nothing while what holds it lasts; each sweep judges it again.';

function nextOfVerdict(verdict: ExplainedVerdict | undefined, { holds, at }: Held): string {
  switch (verdict?.outcome) {
    case 'act': {
      const { rule, step } = verdict;
      if (step === undefined) return 'Nothing: every step of the rule is done.';
      if (holds.some((hold) => holdForbids(hold, rule, step))) return WHILE_HELD;
      const when =
        verdict.due === undefined || verdict.due <= at
          ? 'in the next enforcing sweep'
          : `from ${day(verdict.due)} on`;
      return `With every guard still agreeing, ${passive(step)} ${when}.`;
    }
    case 'hold':
      return WHILE_HELD;
    case 'unknown':
      return 'Nothing until what is unknown has been read; each sweep tries again.';
    case 'keep':
      return 'Nothing: each sweep judges it again.';
    default:
      return 'Nothing is planned; the next sweep judges it.';
  }
}

/** What a reader should know besides. */
export function notesOf(
  id: string,
  found: FoundCredential,
  seen: { readonly verdict: ExplainedVerdict | undefined; readonly alias: string | undefined },
): string[] {
  const { verdict, alias } = seen;
  const notes = [...found.search.notes];
  if (id !== found.credentialId && id === alias)
    notes.push(`${id} is the slot this key was known by before its id was read.`);
  if (verdict !== undefined && !verdict.complete) {
    notes.push('Something of the account could not be read in that sweep; see the sweep itself.');
  }
  const later = verdict === undefined ? [] : found.ownEvents.filter((event) => event.at > verdict.judgedAt);
  const last = later.at(-1);
  if (last !== undefined)
    notes.push(`${count(later.length, 'event')} came after that verdict, the last on ${day(last.at)}.`);
  const exposed = exposedSince(foldCredential(found.ownEvents));
  if (exposed !== undefined) {
    notes.push(
      `It was made or shown during a break-glass grant (found on ${day(exposed)}) and not rotated since. \`janitor rotate ${found.credentialId}\` does it.`,
    );
  }
  if (!found.chainsIntact)
    notes.push(
      'A chain behind this is broken; nothing after the break is shown. Run `janitor ledger verify`.',
    );
  return notes;
}
