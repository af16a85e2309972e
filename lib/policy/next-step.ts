import { taggedHash } from '../domain/canonical.ts';
import type { CredentialHistory, OpenFinding, Told } from '../domain/history.ts';
import { type AnnouncedStep, isAnnounced, type StepKind, stricter, type Tier } from '../domain/step.ts';
import { earliest, type Instant, latest, MINUTE_MS, plus } from '../domain/time.ts';
import { minute } from './evidence.ts';
import type { PlannedStep } from './planned-step.ts';
import { rotationStands, troubleOf } from './rotation-step.ts';
import { withinWindow } from './rotation-window.ts';
import type { Subject } from './subject.ts';

/** What happens next to a credential under one rule. */
export interface NextStep {
  readonly step: StepKind;
  readonly due: Instant;
  readonly tier: Tier;
  readonly announces?: { readonly step: StepKind; readonly notBefore: Instant };
  readonly why: string;
}

/**
 * The first step of a matching rule that is not done. A destructive one, and a rotation, needs its own accepted notice to
 * whom it concerns, and the wait since then; until then the next step is that notice (I3, I4). Undefined when all are done.
 */
export function nextStep(
  rule: string,
  steps: readonly PlannedStep[],
  subject: Subject,
): NextStep | undefined {
  const finding = Object.hasOwn(subject.history.findings, rule) ? subject.history.findings[rule] : undefined;
  for (const [index, step] of steps.entries()) {
    const next = isAnnounced(step.kind)
      ? unlessDone({ ...step, kind: step.kind }, finding, subject)
      : gentleStep(step.kind, announcedLater(steps, index), finding, subject);
    if (next !== undefined) return next;
  }
  return undefined;
}

interface PlannedAnnounced extends PlannedStep {
  readonly kind: AnnouncedStep;
}

function unlessDone(
  step: PlannedAnnounced,
  finding: OpenFinding | undefined,
  subject: Subject,
): NextStep | undefined {
  if (step.kind !== 'rotate')
    return destroyed(step.kind, subject.history) ? undefined : announcedStep(step, finding, subject);
  if (rotationStands(subject.history, finding)) return undefined;
  const trouble = troubleOf(subject.history);
  const told = trouble === undefined || toldSince(trouble.at, finding, subject);
  return told ? announcedStep(step, finding, subject) : noticeStep(subject, undefined, trouble.why);
}

function toldSince(at: Instant, finding: OpenFinding | undefined, { recipient }: Subject): boolean {
  return finding?.told.some((notice) => notice.recipient === recipient.id && notice.at >= at) === true;
}

function gentleStep(
  kind: StepKind,
  toldLater: boolean,
  finding: OpenFinding | undefined,
  subject: Subject,
): NextStep | undefined {
  if (kind === 'tag') {
    const settled = subject.labels.state === 'same' || subject.labels.state === 'none';
    return settled ? undefined : tagStep(subject);
  }
  return toldLater || toldBefore(finding, subject) ? undefined : noticeStep(subject, undefined);
}

function destroyed(step: AnnouncedStep, history: CredentialHistory): boolean {
  return history.deleted !== undefined || (step === 'disable' && history.quarantine !== undefined);
}

/** A destructive step and a rotation bring their own notice, so that a plain `notify` before it has nothing to add. */
function announcedLater(steps: readonly PlannedStep[], index: number): boolean {
  return steps.slice(index + 1).some((step) => isAnnounced(step.kind));
}

function toldBefore(finding: OpenFinding | undefined, { recipient }: Subject): boolean {
  return finding?.told.some((notice) => notice.recipient === recipient.id) === true;
}

function tagStep({ now, labels }: Subject): NextStep {
  return { step: 'tag', due: now, tier: 'routine', why: `next: tag, now, because ${labels.why}` };
}

function noticeStep(subject: Subject, announces: NextStep['announces'], because = ''): NextStep {
  const to = subject.recipient.id === '' ? 'nobody, as no route is known' : subject.recipient.id;
  const promise =
    announces === undefined
      ? because
      : ` that ${announces.step} may follow from ${minute(announces.notBefore)} on`;
  return {
    step: 'notify',
    due: subject.now,
    tier: 'routine',
    ...(announces === undefined ? {} : { announces }),
    why: `next: tell ${to}${promise}`,
  };
}

function announcedStep(
  planned: PlannedAnnounced,
  finding: OpenFinding | undefined,
  subject: Subject,
): NextStep {
  const { now, history, recipient } = subject;
  const step = { ...planned, waitMs: planned.waitMs + spreadOf(planned, subject) };
  const since = step.kind === 'delete' ? history.quarantine?.since : undefined;
  const base = since ?? finding?.openedAt ?? now;
  const earliestOf = (instant: Instant): Instant => withinWindow(step.window, instant, now);
  const notBefore = earliestOf(plus(latest(now, base), step.waitMs));
  const notices = (finding?.told ?? []).filter((notice) => announced(notice, step.kind, recipient.id, since));
  if (notices.length === 0) return noticeStep(subject, { step: step.kind, notBefore });
  const due = earliestOf(notices.map((notice) => dueAfter(notice, step, base)).reduce(earliest));
  const tier = recipient.isOwner ? step.tier : stricter(step.tier, 'guarded');
  const raised = tier === step.tier ? '' : ' because the notice did not reach a resolved owner';
  return {
    step: step.kind,
    due,
    tier,
    why: `next: ${step.kind} from ${minute(due)} on, after the notice to ${recipient.id} (${tier}${raised})`,
  };
}

/**
 * Credentials that become due together are taken one after the other: each waits a share of the spread that follows from
 * its id, the same in every judgement.
 */
function spreadOf({ spreadMs = 0 }: PlannedStep, { credential }: Subject): number {
  if (spreadMs === 0) return 0;
  const share =
    Number.parseInt(taggedHash('credential-janitor/spread/v1', credential.id).slice(0, 8), 16) / 2 ** 32;
  return Math.floor((spreadMs * share) / MINUTE_MS) * MINUTE_MS;
}

/** A notice counts for a deletion only when it was sent after the quarantine began. */
function announced(notice: Told, step: StepKind, recipient: string, since: Instant | undefined): boolean {
  if (notice.announces?.step !== step || notice.recipient !== recipient) return false;
  return since === undefined || notice.at >= since;
}

/**
 * Never sooner than the wait after the notice and after the base, nor than the notice itself promised. The wait of a
 * deletion is at least the minimum quarantine (see `plannedStep`), and its base is the quarantine's begin (I4).
 */
function dueAfter(notice: Told, step: PlannedStep, base: Instant): Instant {
  const promised = notice.announces?.notBefore ?? notice.at;
  return latest(latest(plus(notice.at, step.waitMs), plus(base, step.waitMs)), promised);
}
