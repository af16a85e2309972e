import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Actor } from '../../lib/domain/actor.ts';
import type { LedgerEvent } from '../../lib/domain/event.ts';
import {
  explanationProblem,
  foldIncident,
  type Incident,
  incidentReviewProblem,
  incidentState,
} from '../../lib/domain/incident.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { incidentChains } from '../builders/asked-chains.ts';
import { NOW } from '../builders/credential.ts';
import { chainOf, draft, person, workload } from '../builders/event.ts';
import { INCIDENT_ID } from '../builders/incident-drafts.ts';

const SUBJECT = `grant#incident/${INCIDENT_ID}`;

function folded(...drafts: Parameters<typeof chainOf>[1]): Incident {
  const found = foldIncident(chainOf(SUBJECT, drafts));
  if (found === undefined) throw new Error('it did not begin');
  return found;
}

/** ana and dora keep it; bo, cy and dora review. */
const OPENED = draft('incident.opened');
const EXPLAINED = draft('incident.explained');
const SESSION = draft('incident.opened', {
  data: {
    kind: 'session-without-grant',
    custodians: [],
    person: 'bo',
    principal: person('cy').arn,
  },
});
const reviewedBy = (actor: Actor, verdict: 'closed' | 'finding' = 'closed') =>
  draft('incident.reviewed', { actor, data: { verdict } });

describe('I17: what was found afterwards is reviewed by somebody else', () => {
  it.each<[string, Incident, Actor, string | undefined]>([
    ['a reviewer may', folded(OPENED), person('bo'), undefined],
    ['no workload may (I16)', folded(OPENED), workload(), 'not-a-person'],
    ['nobody may who is no reviewer', folded(OPENED), person('zoe'), 'not-a-reviewer'],
    ['no custodian may: it may have been them', folded(OPENED), person('dora'), 'custodian'],
    [
      'whoever said that it was them may not',
      folded(
        draft('incident.opened', { data: { custodians: [], reviewers: ['ana', 'bo'] } }),
        draft('incident.explained', { actor: person('ana') }),
      ),
      person('ana'),
      'own-use',
    ],
    ['whom a session claims to be of may not', folded(SESSION), person('bo'), 'own-use'],
    ['whoever made the call may not', folded(SESSION), person('cy'), 'own-use'],
    ['once is enough', folded(OPENED, reviewedBy(person('bo'))), person('cy'), 'settled'],
  ])('%s', (_what, incident, by, problem) => {
    expect(incidentReviewProblem(incident, by)).toBe(problem);
  });

  it.each<[string, Incident, Actor, string | undefined]>([
    ['a custodian', folded(OPENED), person('ana'), undefined],
    ['the person a session claims to be of', folded(SESSION), person('bo'), undefined],
    ['nobody else', folded(OPENED), person('bo'), 'not-a-custodian'],
    ['no workload', folded(OPENED), workload(), 'not-a-person'],
    ['once', folded(OPENED, EXPLAINED), person('dora'), 'explained'],
    ['not after the review', folded(OPENED, reviewedBy(person('bo'))), person('ana'), 'settled'],
  ])('says what it was for: %s', (_what, incident, by, problem) => {
    expect(explanationProblem(incident, by)).toBe(problem);
  });

  it('open, explained, overdue, reviewed', () => {
    const at = (days: number) => plus(NOW, days * DAY_MS);
    expect(incidentState(folded(OPENED), at(1))).toBe('open');
    expect(incidentState(folded(OPENED, EXPLAINED), at(1))).toBe('explained');
    expect(incidentState(folded(OPENED, EXPLAINED), at(3))).toBe('overdue');
    expect(incidentState(folded(OPENED, EXPLAINED, reviewedBy(person('bo'))), at(9))).toBe('closed');
    expect(incidentState(folded(OPENED, reviewedBy(person('bo'), 'finding')), at(9))).toBe('finding');
  });
});

describe('whatever is written, in whatever order and by whomever', () => {
  const states = (events: readonly LedgerEvent[]) =>
    events.map((_event, index) => {
      const incident = foldIncident(events.slice(0, index + 1));
      return incident === undefined ? undefined : incidentState(incident, events[index]?.at ?? NOW);
    });

  it('a review stays, and nothing after it counts', () => {
    fc.assert(
      fc.property(incidentChains, (events) => {
        const seen = states(events);
        const settled = seen.findIndex((state) => state === 'closed' || state === 'finding');
        if (settled < 0) return;
        expect(new Set(seen.slice(settled)).size).toBe(1);
        expect(foldIncident(events)).toEqual(foldIncident(events.slice(0, settled + 1)));
      }),
    );
  });

  it('nobody who may have used it reviewed it, and the day of its review never moves (I12)', () => {
    fc.assert(
      fc.property(incidentChains, (events) => {
        const incident = foldIncident(events);
        const [first] = events;
        if (incident === undefined || first?.type !== 'incident.opened') throw new Error('it did not begin');
        expect(incident.reviewBy).toBe(first.data.reviewBy);
        const { review, explanation, custodians, reviewers } = incident;
        if (review === undefined) return;
        expect(custodians).not.toContain(review.by.person);
        expect(reviewers).toContain(review.by.person);
        expect(review.by.person).not.toBe(explanation?.by.person);
      }),
    );
  });

  it('overdue comes by the clock, and only a review ends it', () => {
    fc.assert(
      fc.property(incidentChains, fc.integer({ min: 3, max: 400 }), (events, days) => {
        const incident = foldIncident(events);
        if (incident === undefined) throw new Error('it did not begin');
        const expected = incident.review === undefined ? 'overdue' : incident.review.verdict;
        expect(incidentState(incident, plus(NOW, days * DAY_MS))).toBe(expected);
      }),
    );
  });
});
