import { describe, expect, test } from 'vitest';
import type { Credential } from '../../lib/domain/credential.ts';
import { knownValue } from '../../lib/domain/fact.ts';
import { DAY_MS, elapsed } from '../../lib/domain/time.ts';
import { NOW, readWorld, rememberedFrom, testWorld } from './world.ts';

/** The account of the peers' measurements: 500 users, 504 keys, 300 secrets in one Region. */
const USERS = 500;
const SECOND_KEYS = 4;
const SECRETS = 300;
const LONG_AGO = '2025-01-01T00:00:00Z';

async function peersAccount(flaggedShare: number) {
  const world = await testWorld();
  const flagged = Math.round(USERS * flaggedShare);
  for (let n = 0; n < USERS; n++) {
    const name = `user-${String(n).padStart(3, '0')}`;
    world.account.addUser({ name, createdAt: LONG_AGO });
    const at = n < flagged ? '2026-01-01T00:00:00Z' : '2026-10-14T00:00:00Z';
    world.account.addAccessKey(name, { createdAt: LONG_AGO, lastUsed: { at } });
  }
  for (let n = 0; n < SECOND_KEYS; n++) {
    const name = `user-${USERS - 1 - n}`;
    world.account.addAccessKey(name, {
      createdAt: '2025-02-01T00:00:00Z',
      lastUsed: { at: '2026-10-14T00:00:00Z' },
    });
  }
  for (let n = 0; n < SECRETS; n++)
    world.account.addSecret('eu-central-1', { name: `secret-${n}`, createdAt: LONG_AGO });
  return { world, flagged };
}

const isIdle = ({ facts }: Credential) =>
  elapsed(knownValue(facts.lastUsedAt) ?? LONG_AGO, NOW) > 45 * DAY_MS;

const judging = {
  worthReading: (keys: readonly Credential[]) => keys.some(isIdle),
  restsOnDisuse: (credential: Credential) => credential.kind === 'access-key' && isIdle(credential),
};

/**
 * The peers' floor: generate, two to poll and get, pages of a thousand users, one listing per user to be
 * listed, one last use per key about to be acted on, pages of a hundred secrets per Region.
 */
function floor(listed: number, confirmed: number): number {
  return 1 + 2 + Math.ceil(USERS / 1000) + listed + confirmed + Math.ceil(SECRETS / 100);
}

const total = (calls: Readonly<Record<string, number>>) =>
  Object.values(calls).reduce((sum, count) => sum + count, 0);

describe.each([
  [0.02, { first: 518, later: 28 }],
  [0.44, { first: 728, later: 448 }],
])(
  'an account of 500 users, 504 keys and 300 secrets in one Region, %d of the users flagged',
  (share, expected) => {
    test('costs the floor of calls, at the first and at a later reading (#6351, #3204, #7265)', async () => {
      const { world, flagged } = await peersAccount(share);
      const first = await readWorld(world, judging);
      expect(first.calls).toEqual({
        'iam:GenerateCredentialReport': 1,
        'iam:GetAccessKeyLastUsed': flagged,
        'iam:GetAccountAuthorizationDetails': 1,
        'iam:GetCredentialReport': 2,
        'iam:ListAccessKeys': USERS,
        'iam:ListServiceSpecificCredentials': 1,
        'secretsmanager:ListSecrets': 3,
      });
      expect(first.keys).toHaveLength(USERS + SECOND_KEYS);
      expect(first.summary).toMatchObject({ complete: true, fullRead: true });
      expect(total(first.calls)).toBe(expected.first);
      expect(total(first.calls)).toBeLessThanOrEqual(1.1 * floor(USERS, flagged));

      world.aws.clock.advance(DAY_MS);
      const later = await readWorld(world, {
        ...judging,
        readAllKeyIds: false,
        remembered: rememberedFrom(first.keys),
      });
      expect(later.calls).toEqual({ ...first.calls, 'iam:ListAccessKeys': flagged });
      expect(later.keys.map(({ id }) => id)).toEqual(first.keys.map(({ id }) => id));
      expect(total(later.calls)).toBe(expected.later);
      expect(total(later.calls)).toBeLessThanOrEqual(1.1 * floor(flagged, flagged));
    });
  },
);

test('all Regions cost one call to list them and one page each: floor plus 17', async () => {
  const { world } = await peersAccount(0.02);
  const { calls } = await readWorld(world, { ...judging, readAllKeyIds: false, allRegions: true });
  expect(calls).toMatchObject({ 'account:ListRegions': 1, 'secretsmanager:ListSecrets': 3 + 16 });
  expect(total(calls)).toBe(28 + 1 + 16);
});
