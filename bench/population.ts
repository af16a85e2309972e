import { accessKeyLabels, secretLabels } from '../lib/domain/label.ts';
import { DAY_MS, plus } from '../lib/domain/time.ts';
import type { EmbeddedAws } from '../lib/embedded-aws/index.ts';

/** An account of a given size in which a given share of keys and secrets has not been used for long. */
export interface Population {
  readonly users: number;
  readonly secrets: number;
  /** Share of users and secrets that a rule flags, 0 to 1. */
  readonly flagged: number;
}

export const ACCOUNT_ID = '111122223333';
export const NOW = '2026-11-01T00:00:00.000Z';
export const REGIONS = ['us-east-1', 'eu-west-1'] as const;

/** Of the shipped policy, for keys and secrets. */
const LIFETIME_MS = 90 * DAY_MS;
const LONG_AGO = '2026-04-01T00:00:00.000Z';
const LAST_MONTH = '2026-10-05T00:00:00.000Z';
const YESTERDAY = '2026-10-31T00:00:00.000Z';
const NEXT_YEAR = '2027-01-05T00:00:00.000Z';
const ROTATOR = `arn:aws:lambda:us-east-1:${ACCOUNT_ID}:function:rotator`;
const SPRING = '2026-05-01T00:00:00.000Z';

/** Fills the account evenly: every n-th user and secret is stale, everything has an owner. */
export function populate(aws: EmbeddedAws, population: Population): void {
  const account = aws.account(ACCOUNT_ID);
  for (let i = 0; i < population.users; i += 1) {
    const stale = isFlagged(i, population.flagged);
    const name = `user-${String(i).padStart(5, '0')}`;
    const created = stale ? LONG_AGO : LAST_MONTH;
    const id = `AKIABENCH${String(i).padStart(11, '0')}`;
    const labels = accessKeyLabels(id, 'platform', plus(created, LIFETIME_MS));
    account.addUser({ name, path: '/ci/', tags: { owner: 'platform', ...labels }, createdAt: created });
    account.addAccessKey(name, {
      id,
      createdAt: created,
      lastUsed: { at: stale ? SPRING : YESTERDAY, service: 's3', region: 'us-east-1' },
    });
  }
  for (let i = 0; i < population.secrets; i += 1) {
    const stale = isFlagged(i, population.flagged);
    account.addSecret(REGIONS[i % REGIONS.length] ?? 'us-east-1', {
      name: `app/${String(i).padStart(6, '0')}`,
      tags: { owner: 'platform', ...secretLabels('platform', plus(LAST_MONTH, LIFETIME_MS)) },
      createdAt: LAST_MONTH,
      lastChangedAt: LAST_MONTH,
      lastAccessedAt: stale ? SPRING : YESTERDAY,
      lastRotatedAt: LAST_MONTH,
      nextRotationAt: NEXT_YEAR,
      rotation: { enabled: true, rules: { AutomaticallyAfterDays: 90 }, lambdaArn: ROTATOR },
    });
  }
}

function isFlagged(index: number, share: number): boolean {
  return Math.floor((index + 1) * share) > Math.floor(index * share);
}

export function flaggedOf(count: number, share: number): number {
  return Math.floor(count * share);
}
