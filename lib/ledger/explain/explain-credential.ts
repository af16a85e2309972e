import type { Facts } from '../../domain/credential.ts';
import { type Fact, isKnown } from '../../domain/fact.ts';
import { type CredentialHistory, foldCredential, holdsAt } from '../../domain/history.ts';
import type { Instant } from '../../domain/time.ts';
import {
  ageAt,
  type ExplainDependencies,
  type ExplainedFact,
  type ExplainedVerdict,
  type ExplainOptions,
  type Explanation,
  timelineOf,
} from './explanation.ts';
import { type FoundCredential, findCredential } from './find-credential.ts';
import { notFound } from './not-found.ts';
import { count, day, infinitive, passive, withoutDot } from './say.ts';
import type { Sighting } from './sighting.ts';

/**
 * Why a credential was kept, warned about, disabled or deleted, as the record stood at an instant (G5, G6).
 * `id` is its id, its slot alias, a bare access key id or a secret's name. A credential that was only ever kept has
 * no chain and is explained from the newest manifest. Throws `not-found` or `ambiguous`.
 */
export async function explainCredential(
  dependencies: ExplainDependencies,
  id: string,
  { now, at = now }: ExplainOptions,
): Promise<Explanation> {
  const found = await findCredential(dependencies, id, at);
  if (found === undefined) throw notFound(id, at);
  const history = foldCredential(found.ownEvents);
  const verdict = verdictOf(found, at);
  const situation: Situation = { history, verdict, unseen: found.search.unseen, at };
  return {
    schemaVersion: 1,
    kind: 'credential',
    subject: found.credentialId,
    at,
    summary: summaryOf(situation),
    ...(verdict === undefined ? {} : { verdict }),
    facts: factsOf(lineOf(found)?.credential.facts, at),
    timeline: timelineOf(found.events),
    holds: holdsAt(history, at),
    next: nextOf(situation),
    notes: notesOf(id, found, verdict),
    chainVerified: found.chainsIntact && found.search.intact,
    events: found.events,
  };
}

interface Situation {
  readonly history: CredentialHistory;
  readonly verdict: ExplainedVerdict | undefined;
  /** Newer, complete sweeps that did not see it. */
  readonly unseen: number;
  readonly at: Instant;
}

function lineOf({ search, credentialId }: FoundCredential): Sighting['lines'][number] | undefined {
  return search.sighting?.lines.find((line) => line.credential.id === credentialId);
}

function verdictOf(found: FoundCredential, at: Instant): ExplainedVerdict | undefined {
  const line = lineOf(found);
  const { sighting } = found.search;
  if (line === undefined || sighting === undefined) return undefined;
  const { judgement } = line;
  return {
    ...judgement.verdict,
    judgedAt: sighting.header.at,
    age: ageAt(sighting.header.at, at),
    sweepId: sighting.header.sweepId,
    policyHash: sighting.header.policyHash,
    complete: sighting.footer.complete,
    manifest: sighting.sweep.evidence?.find((reference) => reference.kind === 'manifest')?.key ?? '',
    owner: judgement.owner,
    ...(judgement.outsideParty === undefined ? {} : { outsideParty: judgement.outsideParty }),
    expiresAt: judgement.expiresAt,
    findings: judgement.findings,
  };
}

/** Facts with the age they had at `at`. */
function factsOf(facts: Facts | undefined, at: Instant): ExplainedFact[] {
  return Object.entries(facts ?? {}).flatMap(([name, fact]) =>
    fact === undefined ? [] : [explainedFact(name, fact, at)],
  );
}

function explainedFact(name: string, fact: Fact<unknown>, at: Instant): ExplainedFact {
  if (!isKnown(fact)) return { name, unknown: fact.unknown };
  return { name, value: fact.value, asOf: fact.asOf, source: fact.source, age: ageAt(fact.asOf, at) };
}

function summaryOf({ history, verdict, unseen, at }: Situation): string {
  const { deleted, openIntent, quarantine } = history;
  if (deleted !== undefined)
    return `It was deleted on ${day(deleted.at)}${recoverable(deleted.recoverableUntil, at)}.`;
  if (openIntent !== undefined) {
    return `It is being changed: an intent to ${infinitive(openIntent.change)} of ${day(openIntent.at)} has no outcome yet.`;
  }
  if (quarantine !== undefined) {
    return `It is disabled since ${day(quarantine.since)}, under rule ${quarantine.rule}; this can be undone.`;
  }
  if (verdict === undefined)
    return 'No sweep has recorded a verdict about it; what is known comes from its events.';
  if (unseen > 0) {
    return `It was last seen on ${day(verdict.judgedAt)}; ${count(unseen, 'later sweep')} did not see it any more.`;
  }
  return verdictSentence(verdict);
}

function recoverable(until: Instant | undefined, at: Instant): string {
  if (until === undefined || until <= at) return ' and cannot be recovered';
  return ` and can be recovered until ${day(until)}`;
}

function verdictSentence({ outcome, rule, step, due, reasons }: ExplainedVerdict): string {
  const why = reasons.length === 0 ? '' : `, because ${reasons.map(withoutDot).join('; ')}`;
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

function nextOf({ history, verdict, unseen, at }: Situation): string {
  if (history.deleted !== undefined) {
    const { recoverableUntil } = history.deleted;
    return recoverableUntil !== undefined && recoverableUntil > at
      ? `Nothing by itself. Until ${day(recoverableUntil)} \`janitor restore\` brings it back.`
      : 'Nothing: it is gone.';
  }
  if (history.openIntent !== undefined)
    return 'The next sweep looks at AWS and records how the change ended.';
  const hold = holdsAt(history, at).at(-1);
  if (hold !== undefined)
    return `Nothing destructive before ${day(hold.until)}: ${hold.kind} hold ${hold.holdId}.`;
  if (unseen > 0) return 'Nothing: it is no longer there.';
  return nextOfVerdict(verdict, at);
}

function nextOfVerdict(verdict: ExplainedVerdict | undefined, at: Instant): string {
  switch (verdict?.outcome) {
    case 'act': {
      if (verdict.step === undefined) return 'Nothing: every step of the rule is done.';
      const when =
        verdict.due === undefined || verdict.due <= at
          ? 'in the next enforcing sweep'
          : `from ${day(verdict.due)} on`;
      return `With every guard still agreeing, ${passive(verdict.step)} ${when}.`;
    }
    case 'hold':
      return 'Nothing while what holds it lasts; each sweep judges it again.';
    case 'unknown':
      return 'Nothing until what is unknown has been read; each sweep tries again.';
    case 'keep':
      return 'Nothing: each sweep judges it again.';
    default:
      return 'Nothing is planned; the next sweep judges it.';
  }
}

function notesOf(id: string, found: FoundCredential, verdict: ExplainedVerdict | undefined): string[] {
  const notes = [...found.search.notes];
  const alias = lineOf(found)?.credential.alias;
  if (id !== found.credentialId && id === alias)
    notes.push(`${id} is the slot this key was known by before its id was read.`);
  if (verdict !== undefined && !verdict.complete) {
    notes.push('Something of the account could not be read in that sweep; see the sweep itself.');
  }
  const later = verdict === undefined ? [] : found.ownEvents.filter((event) => event.at > verdict.judgedAt);
  const last = later.at(-1);
  if (last !== undefined)
    notes.push(`${count(later.length, 'event')} came after that verdict, the last on ${day(last.at)}.`);
  if (!found.chainsIntact)
    notes.push(
      'A chain behind this is broken; nothing after the break is shown. Run `janitor ledger verify`.',
    );
  return notes;
}
