import { describe, expect, it } from 'vitest';
import { liveNights } from './break-glass/live-night.ts';
import type { World } from './world.ts';

/** 1,000 histories in two files, so that all workers share them. */
const PER_FILE = 500;

/** Lives one half of the histories of break-glass of `npm test`, and asserts that they were worth living. */
export function livedNights(part: number): void {
  describe(`the simulated world at night, part ${part}`, () => {
    it('I1 I6 I10-I18 I20 hold of break-glass after every step of 500 random histories', async () => {
      const came = new Map<string, number>();
      await liveNights(20_262_000 + part, PER_FILE, (world) => {
        for (const what of happenedIn(world)) came.set(what, (came.get(what) ?? 0) + 1);
      });
      expect(came.get('history')).toBe(PER_FILE);
      // Safety must not be bought by lending nothing, nor by never being in trouble.
      expect(HAPPENED.filter((happened) => !came.has(happened))).toEqual([]);
    }, 900_000);
  });
}

const HAPPENED = [
  'grant.refused',
  'grant.approved',
  'grant.activating',
  'grant.lapsed',
  'grant.activated',
  'grant.errand-done',
  'grant.renewed',
  'grant.issued',
  'grant.end-failed',
  'grant.evidence-attached',
  'grant.reviewed',
  'grant.settled',
  'ending:expired',
  'ending:returned',
  'ending:revoked',
  'ending:never-active',
  'ended:tag-denied',
  'ended:sessions-expired',
  'as one of the emergency group',
  'a second person because of an overdue review',
  'two grants of a role, one ended',
  'answered',
  'AccessDenied',
  'ExpiredToken',
  'finished',
  'failed',
  'a process died',
  'clocks differed',
] as const;

function happenedIn(world: World): string[] {
  const { nights, writes } = world;
  const events = writes.flatMap(({ event }): string[] => {
    if (event.type === 'grant.ending') return [`ending:${event.data.cause}`];
    if (event.type === 'grant.ended') return [`ended:${event.data.proof}`];
    if (event.type !== 'grant.requested') return [event.type];
    const { tier, approvalsNeeded, standing } = event.data;
    return [
      ...(standing === 'emergency' ? ['as one of the emergency group'] : []),
      ...(tier === 'routine' && approvalsNeeded > 0 ? ['a second person because of an overdue review'] : []),
    ];
  });
  const tried = nights.tried.map(({ outcome }) => outcome);
  const rounds = nights.rounds.map(({ outcome }) => outcome);
  return [
    'history',
    ...events,
    ...tried,
    ...rounds,
    ...(hasOverlap(world) ? ['two grants of a role, one ended'] : []),
    ...(nights.died > 0 ? ['a process died'] : []),
    ...(nights.clockSpreadMs > 0 ? ['clocks differed'] : []),
  ];
}

/** Whether somebody could still use a role under one grant after it was denied to them under another. */
function hasOverlap({ nights, writes }: World): boolean {
  const roleOf = (grantId: string) =>
    writes
      .flatMap(({ event }) => (event.type === 'grant.requested' ? [event] : []))
      .find(({ subject }) => subject === `grant#${grantId}`)?.data.role;
  return nights.tried.some(
    (denied) =>
      denied.outcome === 'AccessDenied' &&
      nights.tried.some(
        ({ outcome, at, session }) =>
          outcome === 'answered' &&
          at === denied.at &&
          session.grantId !== denied.session.grantId &&
          roleOf(session.grantId) === roleOf(denied.session.grantId),
      ),
  );
}
