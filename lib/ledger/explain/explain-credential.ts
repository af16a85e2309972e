import type { Facts } from '../../domain/credential.ts';
import { type Fact, isKnown } from '../../domain/fact.ts';
import { foldCredential } from '../../domain/history.ts';
import { holdsAt } from '../../domain/hold.ts';
import type { Instant } from '../../domain/time.ts';
import { relatedOf } from './asked-chain.ts';
import { nextOf, notesOf, type Situation, summaryOf } from './credential-narrative.ts';
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
import { replacementIn } from './replacement.ts';
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
  const facts = factsOf(lineOf(found)?.credential.facts, at);
  const { related, notes } = await askedAbout(dependencies, found, at);
  const replacement = replacementIn(found.credentialId, history, { events: found.ownEvents, facts });
  return {
    schemaVersion: 1,
    kind: 'credential',
    subject: found.credentialId,
    at,
    summary: summaryOf(situation),
    ...(verdict === undefined ? {} : { verdict }),
    facts,
    timeline: timelineOf(found.events),
    ...(replacement === undefined ? {} : { replacement }),
    ...(related.length === 0 ? {} : { related }),
    holds: holdsAt(history, at),
    next: nextOf(situation),
    notes: [...notesOf(id, found, { verdict, alias: lineOf(found)?.credential.alias }), ...notes],
    chainVerified: found.chainsIntact && found.search.intact,
    events: found.events,
  };
}

/** Requests, exceptions and challenges about it: those that its own chain names, and those the projection lists. */
async function askedAbout(
  dependencies: ExplainDependencies,
  { credentialId, ownEvents }: FoundCredential,
  at: Instant,
) {
  const named = ownEvents.flatMap((event) =>
    event.type === 'hold.placed' && event.data.ref !== undefined ? [event.data.ref] : [],
  );
  const listed = await dependencies.state.requests.byCredential(credentialId);
  return relatedOf(dependencies, [...named, ...listed], at);
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
