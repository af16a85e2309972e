import fc from 'fast-check';
import type { Credential, Facts } from '../../lib/domain/credential.ts';
import type { Fact } from '../../lib/domain/fact.ts';
import type { CredentialHistory } from '../../lib/domain/history.ts';
import { DAY_MS, HOUR_MS, plus } from '../../lib/domain/time.ts';
import { accessKey, consolePassword, fact, NOW, secret, userPrincipal } from '../builders/credential.ts';
import { person, workload } from '../builders/event.ts';
import {
  announcing,
  disableScope,
  findings,
  history,
  hold,
  openFinding,
  openIntent,
  quarantine,
} from '../builders/history.ts';

/** An instant up to so many days before NOW, in hours. */
const ago = (days: number) => fc.nat(days * 24).map((hours) => plus(NOW, -hours * HOUR_MS));
const asOf = fc.oneof({ arbitrary: ago(1), weight: 40 }, { arbitrary: ago(4), weight: 1 });
const dated = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Fact<T>> =>
  fc.tuple(value, asOf).map(([known, at]) => fact(known, at));
/** Present in one of so many cases and one. */
const seldom = <T>(value: fc.Arbitrary<T>, of: number) =>
  fc.oneof({ arbitrary: value, weight: 1 }, { arbitrary: fc.constant(undefined), weight: of });
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 4 });

const RECIPIENTS = ['ana', 'ben', 'security', 'risk', 'platform', 'chloe'] as const;

const knownTags = fc.constantFrom<Record<string, string>>(
  {},
  { owner: 'ana' },
  { owner: 'gone' },
  { owner: 'nobody' },
  { vendor: 'acme' },
  { keep: 'yes' },
  { owner: 'ben', keep: 'yes' },
);

/** Facts that are all known. */
const knownFacts: fc.Arbitrary<Facts> = fc.record({
  status: dated(fc.constantFrom('active', 'active', 'inactive', 'inactive', 'pending-deletion')),
  createdAt: dated(ago(400)),
  lastUsedAt: dated(orNull(ago(300))),
  accessKeyId: dated(fc.constant('AKIAEXAMPLEDEPLOYER0')),
  tags: dated(knownTags),
  lastChangedAt: dated(orNull(ago(100))),
  lastRotatedAt: dated(orNull(ago(100))),
  mfaActive: dated(fc.boolean()),
  rotation: dated(fc.constantFrom('off', 'ok', 'overdue', 'failed')),
  owningService: dated(fc.constantFrom(null, null, null, null, null, 'rds')),
  primaryRegion: dated(
    fc.constantFrom('eu-central-1', 'eu-central-1', 'eu-central-1', 'eu-central-1', 'us-east-1'),
  ),
});

/** The same credential twice: as it is, and as it is read, with some facts unknown. */
export const readings: fc.Arbitrary<{ readonly real: Credential; readonly read: Credential }> = fc
  .record({
    kind: fc.constantFrom(accessKey, accessKey, accessKey, secret, secret, consolePassword),
    path: fc.constantFrom(
      '/ci/',
      '/people/',
      '/people/',
      '/vendors/acme/',
      '/vendors/old-agency/',
      '/break-glass/',
    ),
    facts: knownFacts,
    unread: fc.subarray(
      [
        'status',
        'createdAt',
        'lastUsedAt',
        'accessKeyId',
        'tags',
        'lastRotatedAt',
        'mfaActive',
        'rotation',
        'owningService',
        'primaryRegion',
      ] as const,
      { maxLength: 3 },
    ),
  })
  .map(({ kind, path, facts, unread }) => {
    const name = kind === secret ? { name: `${path.slice(1)}token` } : { principal: userPrincipal({ path }) };
    const denied = Object.fromEntries(unread.map((fact) => [fact, { unknown: 'the call was denied' }]));
    return { real: kind({ ...name, facts }), read: kind({ ...name, facts: { ...facts, ...denied } }) };
  });

/** Notices of one step to everybody, or to some: who the recipient is depends on the facts. */
const notices = fc
  .record({
    step: fc.constantFrom('disable', 'delete'),
    wait: fc.nat(40),
    at: ago(60),
    to: fc.subarray([...RECIPIENTS], { minLength: 4 }),
  })
  .map(({ step, wait, at, to }) =>
    to.map((recipient) => announcing(step === 'disable' ? 'disable' : 'delete', wait, { at, recipient })),
  );

/** What the ledger may say of a credential under the rules with these ids. */
export function histories(rules: readonly string[]): fc.Arbitrary<CredentialHistory> {
  return fc
    .record({
      open: fc.subarray([...rules], { minLength: Math.ceil(rules.length / 2) }),
      openedAt: ago(80),
      told: fc.array(notices, { maxLength: 4 }).map((told) => told.flat()),
      quarantined: seldom(ago(50), 1),
      deleted: seldom(ago(3), 15),
      held: seldom(fc.constant(true), 5),
      intent: seldom(fc.constant(true), 5),
      bounced: seldom(fc.subarray(['ana', 'ben', 'security', 'risk', 'platform', 'chloe']), 4),
      before: fc.constantFrom('Active', 'Active', 'Inactive'),
      createdBy: seldom(fc.constantFrom(person('ana'), person('gone'), workload()), 2),
    })
    .map((given) =>
      history({
        findings: findings(
          ...given.open.map((rule) => openFinding({ rule, openedAt: given.openedAt, told: given.told })),
        ),
        holds: given.held === true ? [hold({ until: plus(NOW, DAY_MS) })] : [],
        bounced: given.bounced ?? [],
        ...(given.createdBy === undefined ? {} : { createdBy: given.createdBy }),
        ...(given.intent === true ? { openIntent: openIntent() } : {}),
        ...(given.quarantined === undefined
          ? {}
          : {
              quarantine: quarantine({
                since: given.quarantined,
                scope: disableScope({ before: { status: given.before } }),
              }),
            }),
        ...(given.deleted === undefined ? {} : { deleted: { at: given.deleted, scope: disableScope() } }),
      }),
    );
}
