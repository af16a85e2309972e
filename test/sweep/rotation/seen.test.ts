import { describe, expect, test } from 'vitest';
import type { RotationSight } from '../../../lib/actions/index.ts';
import type { CredentialHistory } from '../../../lib/domain/history.ts';
import { HOUR_MS, MINUTE_MS, plus } from '../../../lib/domain/time.ts';
import { abandonedRotations } from '../../../lib/sweep/rotation/resume.ts';
import { rotationSeen } from '../../../lib/sweep/rotation/seen.ts';
import { NOW } from '../../builders/credential.ts';
import { findings, history, openFinding, openIntent, unfinishedRotation } from '../../builders/history.ts';

const AN_HOUR_AGO = plus(NOW, -HOUR_MS);
const rotation = unfinishedRotation({ by: 'secrets-manager', begunAt: AN_HOUR_AGO, at: AN_HOUR_AGO });
const ID = rotation.rotationId;
const NEW_KEY = 'AKIAEXAMPLENEWKEY000';
const started = history({
  findings: findings(openFinding({ done: [{ step: 'rotate', at: plus(AN_HOUR_AGO, MINUTE_MS) }] })),
});

interface Given {
  readonly rotation?: Partial<typeof rotation>;
  readonly history?: CredentialHistory;
  readonly sight?: Partial<RotationSight> | null;
  readonly timeoutMs?: number;
}

function seen({
  rotation: changed = {},
  history: past = started,
  sight = {},
  timeoutMs = 24 * HOUR_MS,
}: Given) {
  const labels = { before: ['AWSCURRENT'], [ID]: ['AWSPENDING'] };
  const whole = sight === null ? undefined : { deleted: false, rotates: true, labels, tags: {}, ...sight };
  return rotationSeen({ rotation: { ...rotation, ...changed }, history: past, now: NOW, timeoutMs }, whole);
}

const current = { labels: { before: ['AWSPREVIOUS'], [ID]: ['AWSCURRENT', 'AWSPENDING'] } };
const janitor = { by: 'janitor' } as const;

describe('where a rotation stands, as the labels of its secret show it', () => {
  test.each([
    ['its version is pending', {}],
    [
      'asked for a moment ago, not shown yet',
      { sight: { labels: {} }, history: history(), rotation: { at: NOW } },
    ],
    ['the janitor walks it and died before the tag', { rotation: janitor, sight: current }],
    ['the janitor walks it and may take it up after any time', { rotation: janitor, timeoutMs: 0 }],
  ] satisfies [string, Given][])('running: %s', (_what, given) => {
    expect(seen(given)).toEqual({ is: 'running' });
  });

  test.each([
    ['a secret', {}, undefined],
    ['a key, by its record', { created: [NEW_KEY] }, NEW_KEY],
  ])('finished: the version of %s is the current one', (_what, changed, accessKeyId) => {
    const expected = { is: 'finished', ...(accessKeyId === undefined ? {} : { accessKeyId }) };
    expect(seen({ rotation: changed, sight: current, timeoutMs: 0 })).toEqual(expected);
  });

  test.each([
    ['secret-gone', 'there is no such secret', { sight: null }],
    ['secret-scheduled-for-deletion', 'it was deleted meanwhile', { sight: { deleted: true } }],
    [
      'secret-scheduled-for-deletion',
      'of the janitor’s own walk, too',
      { sight: { deleted: true }, rotation: janitor },
    ],
    ['rotation-disabled', 'rotation was switched off', { sight: { rotates: false } }],
    ['stuck', 'another version is pending', { sight: { labels: { other: ['AWSPENDING'], [ID]: [] } } }],
    ['cancelled', 'its version carries no label any more', { sight: { labels: { [ID]: ['AWSPREVIOUS'] } } }],
    ['cancelled', 'its version, once seen, is gone', { sight: { labels: {} } }],
    [
      'cancelled',
      'it had made a key',
      { sight: { labels: {} }, history: history(), rotation: { created: [NEW_KEY] } },
    ],
    ['not-started', 'AWS never showed it', { sight: { labels: {} }, history: history() }],
    ['overdue', 'it takes longer than it may', { timeoutMs: HOUR_MS }],
  ] satisfies [string, string, Given][])('%s: %s', (code, _what, given) => {
    expect(seen(given)).toMatchObject({ is: 'failed', code });
  });
});

describe('a walk is taken up only when nobody walks it any more', () => {
  const walked = unfinishedRotation({ by: 'janitor', at: plus(NOW, -15 * MINUTE_MS) });
  const found = (past: Partial<CredentialHistory>) =>
    abandonedRotations(new Map([['key', history(past)]]), NOW).map(({ credentialId }) => credentialId);

  test.each([
    ['nothing was recorded for a quarter of an hour', { rotation: walked }, ['key']],
    ['somebody recorded something since', { rotation: { ...walked, at: plus(NOW, -14 * MINUTE_MS) } }, []],
    ['Secrets Manager walks it', { rotation: { ...walked, by: 'secrets-manager' as const } }, []],
    ['it failed: a new attempt is another step', { rotation: { ...walked, state: 'failed' as const } }, []],
    ['the outcome of an act is not known yet', { rotation: walked, openIntent: openIntent() }, []],
  ])('%s', (_what, past, expected) => {
    expect(found(past)).toEqual(expected);
  });
});
