import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Credential } from '../../lib/domain/credential.ts';
import type { CredentialHistory } from '../../lib/domain/history.ts';
import {
  accessKey,
  type CredentialOverrides,
  daysAgo,
  fact,
  NOW,
  secret,
  userPrincipal,
} from '../builders/credential.ts';
import {
  announcing,
  findings,
  history,
  hold,
  openFinding,
  openIntent,
  quarantine,
} from '../builders/history.ts';
import { findingOf, heldCodes, judged, ruleData } from './policy-fixture.ts';

const owned = { lastUsedAt: fact(daysAgo(100)), tags: fact({ owner: 'ana' }) };
const key = (facts: CredentialOverrides['facts'] = {}) => accessKey({ facts: { ...owned, ...facts } });
const aSecret = (facts: CredentialOverrides['facts'] = {}) => secret({ facts: { ...owned, ...facts } });
const found = (...told: ReturnType<typeof announcing>[]) => ({
  findings: findings(openFinding({ rule: 'unused', told })),
});
const dueToDisable = found(announcing('disable', 14), announcing('disable', 14, { recipient: 'security' }));
const denied = { unknown: 'denied' };

interface Given {
  readonly credential?: Credential;
  readonly past?: Partial<CredentialHistory>;
  readonly rule?: Record<string, unknown>;
  readonly janitor?: Record<string, unknown>;
  readonly directory?: Record<string, unknown>;
}

/** What holds disabling (told long ago), telling (not told yet) and tagging. */
function holds(given: Given) {
  const { credential = key(), past = {}, rule = {}, janitor = {}, directory = {} } = given;
  const asked = (overrides: Record<string, unknown>, notices: Partial<CredentialHistory>) => {
    const rules = [ruleData({ credential: credential.kind, match: { age: '1d' }, ...overrides, ...rule })];
    const judgement = judged(
      { janitor: { ...janitor, rules }, directory, history: history({ ...notices, ...past }) },
      credential,
    );
    return { step: findingOf(judgement)?.step, held: heldCodes(findingOf(judgement)) };
  };
  const disable = asked({}, dueToDisable);
  const notify = asked({}, {});
  const tag = asked({ steps: ['tag'] }, {});
  expect([disable.step, notify.step, tag.step]).toEqual(['disable', 'notify', 'tag']);
  return { disable: disable.held, notify: notify.held, tag: tag.held };
}

const EVERYTHING = { disable: true, notify: true, tag: true };
const CHANGES = { disable: true, notify: false, tag: true };
const TELLING = { disable: true, notify: true, tag: false };
const DISABLING = { disable: true, notify: false, tag: false };

describe('what forbids which step', () => {
  it('nothing does by itself', () => {
    expect(holds({})).toEqual({ disable: [], notify: [], tag: [] });
    expect(holds({ credential: aSecret() })).toEqual({ disable: [], notify: [], tag: [] });
  });

  const protect = [{ why: 'Needed when all else fails.', match: { path: '/ci/' } }];
  const protectByTag = [{ why: 'Needed when all else fails.', match: { tags: { vault: '*' } } }];
  const protectKind = [
    { why: 'Needed when all else fails.', match: { credential: 'secret', account: '111122223333' } },
  ];
  const emergencyIdentities = ['arn:aws:iam::111122223333:user/ci/deployer'];
  const directoryOfNobody = { owners: { default: 'gone' } };

  it.each([
    ['protected by path (I9)', { janitor: { protect } }, 'protected', EVERYTHING],
    [
      'protected by kind and account (I9)',
      { credential: aSecret(), janitor: { protect: protectKind } },
      'protected',
      EVERYTHING,
    ],
    [
      'protected by tag (I9)',
      { credential: key({ tags: fact({ owner: 'ana', Vault: '1' }) }), janitor: { protect: protectByTag } },
      'protected',
      EVERYTHING,
    ],
    ['an emergency identity (I9)', { directory: { emergencyIdentities } }, 'protected', EVERYTHING],
    [
      'perhaps protected: the tag is unknown (I9)',
      { credential: key({ tags: denied }), janitor: { protect: protectByTag } },
      'protection-unknown',
      EVERYTHING,
    ],
    [
      'owned by an AWS service',
      { credential: aSecret({ owningService: fact('rds') }) },
      'service-owned',
      CHANGES,
    ],
    [
      'perhaps owned by an AWS service',
      { credential: aSecret({ owningService: denied }) },
      'service-owned',
      CHANGES,
    ],
    [
      'owning service never read',
      { credential: secret({ facts: owned, omit: ['owningService'] }) },
      'service-owned',
      CHANGES,
    ],
    ['a replica', { credential: aSecret({ primaryRegion: fact('us-east-1') }) }, 'replica', CHANGES],
    ['perhaps a replica', { credential: aSecret({ primaryRegion: denied }) }, 'replica', CHANGES],
    ['on hold (I21)', { past: { holds: [hold()] } }, 'on-hold', TELLING],
    ['an act without outcome (I7)', { past: { openIntent: openIntent() } }, 'unreconciled', CHANGES],
    [
      'a rule not reviewed in time (G16, I18)',
      { rule: { reviewedOn: '2026-04-18' } },
      'review-overdue',
      DISABLING,
    ],
    ['status unknown (I2)', { credential: key({ status: denied }) }, 'status-unknown', DISABLING],
    ['tags unknown (I2)', { credential: key({ tags: denied }) }, 'tags-unknown', CHANGES],
    ['access key id unknown (I2)', { credential: key({ accessKeyId: denied }) }, 'id-not-read', CHANGES],
    [
      'access key id never read (I2)',
      { credential: accessKey({ facts: owned, omit: ['accessKeyId'] }) },
      'id-not-read',
      CHANGES,
    ],
    [
      'evidence of everything too old (I2)',
      { credential: key({ status: fact('active', daysAgo(3)) }) },
      'status-unknown',
      DISABLING,
    ],
  ])('%s', (_what, given: Given, code, steps) => {
    const held = holds(given);
    expect({
      disable: held.disable.includes(code),
      notify: held.notify.includes(code),
      tag: held.tag.includes(code),
    }).toEqual(steps);
  });

  it('nobody to tell: neither told nor disabled', () => {
    const past = { bounced: ['ana', 'security', 'risk'] };
    const told = { ...found(announcing('disable', 14, { recipient: '' })), ...past };
    expect(heldCodes(findingOf(judged({ history: history(past), directory: {} }, key())))).toEqual([
      'no-route',
    ]);
    expect(heldCodes(findingOf(judged({ history: history(told) }, key())))).toEqual(['no-route']);
    expect(
      judged({ directory: directoryOfNobody, history: history({ bounced: ['ana', 'risk'] }) }, key())
        .recipient,
    ).toBe('');
  });

  it('everything about a key that somebody made active again', () => {
    const past = history({ quarantine: quarantine({ since: daysAgo(5) }) });
    expect(heldCodes(findingOf(judged({ history: past }, key())))).toEqual(['quarantine-undone']);
  });

  it.each([
    ['2026-04-19', []],
    ['2026-04-18', ['review-overdue']],
  ])('a review of %s, good for 180 days, on the 15th of October', (reviewedOn, expected) => {
    expect(holds({ rule: { reviewedOn } }).disable).toEqual(expected);
  });

  it('a hold that has ended holds nothing (I12, I14)', () => {
    expect(holds({ past: { holds: [hold({ until: NOW })] } }).disable).toEqual([]);
  });

  it('a hold on one rule does not silence another', () => {
    const rules = [ruleData({ reviewedOn: '2020-01-01' }), ruleData({ id: 'other', steps: ['notify'] })];
    const judgement = judged({ janitor: { rules }, history: history(dueToDisable) }, key());
    expect(judgement.verdict).toMatchObject({ outcome: 'act', rule: 'other', step: 'notify' });
    expect(heldCodes(findingOf(judgement))).toEqual(['review-overdue']);
  });

  it('every reason names the thing and is a sentence of its own', () => {
    const judgement = judged(
      { janitor: { protect }, history: history({ ...dueToDisable, holds: [hold()] }) },
      key(),
    );
    expect(findingOf(judgement)?.held).toEqual([
      { code: 'protected', reason: 'Needed when all else fails. (path /ci/ is under /ci/)' },
      { code: 'on-hold', reason: 'manual hold until 2026-10-25 09:00Z: asked by its owner' },
    ]);
  });
});

describe('more holds never free a step (monotonicity)', () => {
  const additions: readonly ((given: Given) => Given)[] = [
    (given) => ({ ...given, past: { ...given.past, holds: [hold()] } }),
    (given) => ({ ...given, past: { ...given.past, openIntent: openIntent() } }),
    (given) => ({ ...given, rule: { ...given.rule, reviewedOn: '2020-01-01' } }),
    (given) => ({
      ...given,
      janitor: {
        ...given.janitor,
        protect: [{ why: 'All of continuous delivery.', match: { path: '/ci/' } }],
      },
    }),
    (given) => ({ ...given, directory: { ...given.directory, emergencyIdentities: [userPrincipal().arn] } }),
    (given) => ({ ...given, credential: key({ accessKeyId: denied }) }),
  ];

  it('whatever is added, every code that held before still holds', () => {
    fc.assert(
      fc.property(fc.subarray([...additions.keys()]), fc.nat(additions.length - 1), (present, next) => {
        const before = present.reduce<Given>((given, index) => additions[index]?.(given) ?? given, {});
        const after = additions[next]?.(before) ?? before;
        const [first, second] = [holds(before), holds(after)];
        expect(second.disable).toEqual(expect.arrayContaining(first.disable));
        expect(second.notify).toEqual(expect.arrayContaining(first.notify));
        expect(second.tag).toEqual(expect.arrayContaining(first.tag));
        expect(second.disable.length).toBeGreaterThan(0);
      }),
      { numRuns: 40 },
    );
  });
});
