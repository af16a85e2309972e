import type { Scope } from '../../lib/domain/event.ts';
import {
  type CredentialHistory,
  EMPTY_HISTORY,
  type OpenFinding,
  type OpenIntent,
  type Told,
} from '../../lib/domain/history.ts';
import type { Hold } from '../../lib/domain/hold.ts';
import type { StepKind } from '../../lib/domain/step.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { daysAgo, NOW } from './credential.ts';

/** What the ledger says of a credential: nothing, unless overridden. */
export function history(overrides: Partial<CredentialHistory> = {}): CredentialHistory {
  return { ...EMPTY_HISTORY, ...overrides };
}

/** Findings by rule id, as a history holds them. */
export function findings(...open: readonly OpenFinding[]): CredentialHistory['findings'] {
  return Object.fromEntries(open.map((finding) => [finding.rule, finding]));
}

/** A finding opened 20 days ago of which nobody was told. */
export function openFinding(overrides: Partial<OpenFinding> = {}): OpenFinding {
  return { rule: 'access-key-unused', openedAt: daysAgo(20), told: [], done: [], ...overrides };
}

/** A notice accepted 20 days ago for `ana`, announcing nothing. */
export function told(overrides: Partial<Told> = {}): Told {
  return { noticeId: 'notice/111122223333/1', recipient: 'ana', at: daysAgo(20), ...overrides };
}

/** A notice that announced a step `wait` days after it was accepted. */
export function announcing(step: StepKind, waitDays: number, overrides: Partial<Told> = {}): Told {
  const at = overrides.at ?? daysAgo(20);
  return told({ at, announces: { step, notBefore: plus(at, waitDays * DAY_MS) }, ...overrides });
}

/** A manual hold placed by somebody, in force until ten days after NOW. */
export function hold(overrides: Partial<Hold> = {}): Hold {
  return {
    holdId: 'hold-1',
    kind: 'manual',
    reason: 'asked by its owner',
    until: plus(NOW, 10 * DAY_MS),
    ...overrides,
  };
}

/** The exact change that disabling an access key is. */
export function disableScope(overrides: Partial<Scope> = {}): Scope {
  return {
    action: 'iam:UpdateAccessKey',
    resource: 'arn:aws:iam::111122223333:user/ci/deployer',
    parameters: { UserName: 'deployer', AccessKeyId: 'AKIAEXAMPLEDEPLOYER0', Status: 'Inactive' },
    before: { status: 'Active' },
    after: { status: 'Inactive' },
    ...overrides,
  };
}

/** Our own verified quarantine, 40 days old. */
export function quarantine(
  overrides: Partial<NonNullable<CredentialHistory['quarantine']>> = {},
): NonNullable<CredentialHistory['quarantine']> {
  return { since: daysAgo(40), seq: 4, rule: 'access-key-unused', scope: disableScope(), ...overrides };
}

/** An intent of a minute ago without an outcome. */
export function openIntent(overrides: Partial<OpenIntent> = {}): OpenIntent {
  return {
    seq: 3,
    change: 'disable',
    rule: 'access-key-unused',
    at: plus(NOW, -60_000),
    actBefore: plus(NOW, 60_000),
    scope: disableScope(),
    ...overrides,
  };
}

/** A rotation that began 40 days ago and finished 39 days ago: another key took this one's place. */
export function rotation(
  overrides: Partial<NonNullable<CredentialHistory['rotation']>> = {},
): NonNullable<CredentialHistory['rotation']> {
  return {
    rotationId: '6f1c2d3e-0000-4000-8000-000000000001',
    secretId: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:/iam-users/deployer-AbCdEf',
    by: 'janitor',
    state: 'finished',
    begunAt: daysAgo(40),
    attempts: [daysAgo(40)],
    at: daysAgo(39),
    created: ['AKIAEXAMPLENEWKEY000'],
    accessKeyId: 'AKIAEXAMPLENEWKEY000',
    ...overrides,
  };
}

/** A rotation that has begun and not ended, or that failed. */
export function unfinishedRotation(
  overrides: Partial<NonNullable<CredentialHistory['rotation']>> = {},
): NonNullable<CredentialHistory['rotation']> {
  const { accessKeyId: _none, ...begun } = rotation({ state: 'begun', at: daysAgo(40), created: [] });
  return { ...begun, ...overrides };
}
