import { describe, expect, test } from 'vitest';
import type { Actor } from '../../lib/domain/actor.ts';
import { TIERS } from '../../lib/domain/step.ts';
import {
  type Agent,
  distinctActors,
  mayAsk,
  mayDecide,
  personsBehind,
  type ResolvedCaller,
} from '../../lib/identity/index.ts';
import { HOME } from './caller-directory.ts';

const person = (id: string, overrides: Partial<Actor> = {}): ResolvedCaller => ({
  actor: { kind: 'person', arn: `arn:aws:iam::${HOME}:user/${id}`, person: id, ...overrides },
  accountId: HOME,
});
const workload = (name: string, agent?: Agent): ResolvedCaller => ({
  actor: { kind: 'workload', arn: `arn:aws:sts::${HOME}:assumed-role/${name}/run-1`, claimed: 'run-1' },
  accountId: HOME,
  ...(agent === undefined ? {} : { agent }),
});

const ana = person('ana');
const anaElsewhere = person('ana', { arn: 'arn:aws:iam::222233334444:user/ana' });
const anaOutside = person('ana', { outsideParty: 'acme' });
const deploy = workload('deploy');
const planner = workload('planner', { id: 'planner', sponsor: 'bob' });
const orphan = workload('orphan', { id: 'orphan' });

describe('who may ask at which tier (G20)', () => {
  const needed = { ok: false, reason: 'sponsor-needed' };
  const free = { ok: true };
  test.each([
    ['a person', { caller: ana, hops: [] }, free, free],
    ['a workload', { caller: deploy, hops: [] }, free, free],
    ['an agent without a sponsor', { caller: orphan, hops: [] }, free, needed],
    [
      'an agent with a registered sponsor',
      { caller: planner, hops: [] },
      { ok: true, sponsor: 'bob' },
      { ok: true, sponsor: 'bob' },
    ],
    [
      'an agent whose request a person signed',
      { caller: orphan, hops: [ana] },
      { ok: true, sponsor: 'ana' },
      { ok: true, sponsor: 'ana' },
    ],
    ['an agent behind a workload', { caller: deploy, hops: [orphan] }, free, needed],
    ['two agents, the first without a sponsor', { caller: planner, hops: [orphan] }, free, needed],
    ['two agents, the second without a sponsor', { caller: orphan, hops: [planner] }, free, needed],
    ['an agent sent by somebody outside', { caller: orphan, hops: [anaOutside] }, free, needed],
  ])('%s', (_who, involved, routine, above) => {
    expect(TIERS.map((tier) => mayAsk(involved, tier))).toEqual([routine, above, above]);
  });
});

describe('who may decide (I11, I16)', () => {
  test.each([
    ['a person', { caller: ana, hops: [] }, { ok: true, person: 'ana' }],
    ['a workload', { caller: deploy, hops: [] }, { ok: false, reason: 'not-a-person' }],
    ['an agent', { caller: planner, hops: [] }, { ok: false, reason: 'not-a-person' }],
    ['a workload sent by a person', { caller: deploy, hops: [ana] }, { ok: false, reason: 'not-a-person' }],
    ['a person sent by another', { caller: ana, hops: [person('bob')] }, { ok: false, reason: 'delegated' }],
    [
      'a person by an outside account',
      { caller: anaOutside, hops: [] },
      { ok: false, reason: 'outside-party' },
    ],
  ])('%s', (_who, involved, expected) => {
    expect(mayDecide(involved)).toEqual(expected);
  });
});

describe('everybody behind a call (I11)', () => {
  test('two ARNs of one person count once', () => {
    expect(distinctActors({ caller: anaElsewhere, hops: [ana, deploy] })).toEqual([ana.actor, deploy.actor]);
  });

  test('persons of the chain and sponsors of its agents', () => {
    const involved = { caller: planner, hops: [ana, deploy, anaElsewhere, orphan] };
    expect(personsBehind(involved)).toEqual(['ana', 'bob']);
  });
});
