import { accountOf } from '../../domain/credential.ts';
import { bucketOf, bucketsBetween, type LedgerEvent } from '../../domain/event.ts';
import { accountOfNotice, accountOfPlan, credentialOfSubject } from '../../domain/subject.ts';
import { fromMillis, type Instant, MINUTE_MS } from '../../domain/time.ts';
import { askedSubject } from '../asked/asked-kind.ts';
import { explainCredential } from './explain-credential.ts';
import { explainNotice } from './explain-notice.ts';
import { explainPlan } from './explain-plan.ts';
import { explainSweep, findSweep } from './explain-sweep.ts';
import {
  type ExplainDependencies,
  type ExplainOptions,
  type Explanation,
  timelineOf,
} from './explanation.ts';
import { EXPLAIN_ASKED, findAsked } from './find-asked.ts';
import { notFound } from './not-found.ts';
import { count, day } from './say.ts';
import { sentenceOf } from './sentence.ts';

const ACCESS_KEY_ID = /^A[A-Z]{3}[A-Z0-9]{12,124}$/;

/**
 * Explains whatever an id names: a credential (id, slot alias, bare access key id, secret's name), a plan, a notice,
 * a sweep, an account (its newest sweep), an event (what it is about), a request, an exception, a challenge, a grant, or a
 * chain by its subject. Throws `not-found` with the way out, and `ambiguous`.
 */
export async function explain(
  dependencies: ExplainDependencies,
  id: string,
  options: ExplainOptions,
): Promise<Explanation> {
  if (accountOfPlan(id) !== undefined) return explainPlan(dependencies, id, options);
  if (accountOfNotice(id) !== undefined) return explainNotice(dependencies, id, options);
  if (id.includes('#')) return explainSubject(dependencies, id, options);
  if (/^\d{12}$/.test(id)) return explainSweep(dependencies, id, options);
  if (accountOf(id) !== undefined || ACCESS_KEY_ID.test(id))
    return explainCredential(dependencies, id, options);
  const at = options.at ?? options.now;
  if ((await findSweep(dependencies, id, at)) !== undefined) return explainSweep(dependencies, id, options);
  const event = await findEvent(dependencies, id);
  if (event !== undefined) return explainEvent(dependencies, event, options);
  const asked = await findAsked(dependencies, id, at);
  if (asked !== undefined) return EXPLAIN_ASKED[asked](dependencies, id, options);
  return explainCredential(dependencies, id, options);
}

async function explainSubject(
  dependencies: ExplainDependencies,
  subject: string,
  options: ExplainOptions,
): Promise<Explanation> {
  const credentialId = credentialOfSubject(subject);
  if (credentialId !== undefined) return explainCredential(dependencies, credentialId, options);
  const asked = askedSubject(subject);
  if (asked !== undefined) return EXPLAIN_ASKED[asked.kind](dependencies, asked.id, options);
  return explainChain(dependencies, subject, options);
}

/** An event is explained by what it is about. */
async function explainEvent(
  dependencies: ExplainDependencies,
  event: LedgerEvent,
  options: ExplainOptions,
): Promise<Explanation> {
  if (event.at > (options.at ?? options.now)) throw notFound(event.id, options.at ?? options.now);
  const explanation = await explainAbout(dependencies, event, options);
  return { ...explanation, notes: [`Event ${event.id}: ${sentenceOf(event)}`, ...explanation.notes] };
}

function explainAbout(
  dependencies: ExplainDependencies,
  event: LedgerEvent,
  options: ExplainOptions,
): Promise<Explanation> {
  if (event.subject.startsWith('plans#') && 'planId' in event.data && event.data.planId !== undefined) {
    return explainPlan(dependencies, event.data.planId, options);
  }
  if (event.subject.startsWith('notices#') && 'noticeId' in event.data) {
    return explainNotice(dependencies, event.data.noticeId, options);
  }
  if (event.type === 'sweep.finished') return explainSweep(dependencies, event.data.sweepId, options);
  return explainSubject(dependencies, event.subject, options);
}

/** A chain of the account or the organisation as it is: leases, caps, halts, activation. */
async function explainChain(
  { ledger }: ExplainDependencies,
  subject: string,
  { now, at = now }: ExplainOptions,
): Promise<Explanation> {
  const { events, broken } = await ledger.inspect(subject);
  const until = events.filter((event) => event.at <= at);
  const last = until.at(-1);
  if (last === undefined) throw notFound(subject, at);
  return {
    schemaVersion: 1,
    kind: 'chain',
    subject,
    at,
    summary: `${count(until.length, 'event')}, the last on ${day(last.at)}: ${sentenceOf(last)}`,
    facts: [],
    timeline: timelineOf(until),
    holds: [],
    next: 'Nothing.',
    notes: broken === undefined ? [] : [`The chain is broken at event ${broken.seq}: ${broken.reason}.`],
    chainVerified: broken === undefined,
    events: until,
  };
}

const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Finds an event by its id, whose time part leads to its interval, a neighbour included. */
async function findEvent({ ledger }: ExplainDependencies, id: string): Promise<LedgerEvent | undefined> {
  const match = UUID_V7.exec(id);
  if (match === null) return undefined;
  const made = Number.parseInt(`${match[1]}${match[2]}`, 16);
  for await (const event of ledger.inBuckets(around(made))) {
    if (event.id === id) return event;
  }
  return undefined;
}

function around(millis: number): string[] {
  const from: Instant = fromMillis(Math.max(0, millis - 15 * MINUTE_MS));
  const buckets = bucketsBetween(from, fromMillis(millis + 15 * MINUTE_MS));
  const own = bucketOf(fromMillis(millis));
  return [own, ...buckets.filter((bucket) => bucket !== own)];
}
