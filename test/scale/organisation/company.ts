import { DAY_MS, type Instant, plus } from '../../../lib/domain/time.ts';
import type { EmbeddedAws } from '../../../lib/embedded-aws/index.ts';

/** What every account has; every so many are large. */
export interface Company {
  readonly accounts: number;
  /** The instant at which everything begins. */
  readonly begins: Instant;
  /** Values of the tag `owner`, taken in turn. */
  readonly owners: readonly string[];
  readonly users: number;
  readonly secrets: number;
  readonly regions: readonly string[];
  /** Keys nobody has used for long, by the account's place among the accounts. */
  readonly staleKeys: (index: number) => number;
  /** Secrets nobody has read for long, in every account. */
  readonly staleSecrets: number;
  /** Every so many accounts has so many users instead; its reading is throttled. */
  readonly large?: { readonly every: number; readonly users: number };
}

export function accountIds({ accounts }: Pick<Company, 'accounts'>): string[] {
  return Array.from({ length: accounts }, (_, index) => String(100_000_000_000 + index));
}

/** Fills the accounts of an organisation. */
export function populate(aws: EmbeddedAws, company: Company): void {
  for (const [index, id] of accountIds(company).entries()) {
    addUsers(aws.account(id), company, index);
    addSecrets(aws.account(id), company);
  }
}

type Account = ReturnType<EmbeddedAws['account']>;

/** Of each user one key; the first ones are stale. */
function addUsers(account: Account, company: Company, index: number): void {
  const { large, begins } = company;
  const ago = (days: number) => plus(begins, -days * DAY_MS);
  const users = large !== undefined && index % large.every === 0 ? large.users : company.users;
  const stale = company.staleKeys(index);
  for (let n = 0; n < users; n += 1) {
    const isStale = n < stale;
    const tags = { owner: ownerOf(company, n) };
    account.addUser({ name: `user-${n}`, path: '/ci/', createdAt: ago(200), tags });
    account.addAccessKey(`user-${n}`, {
      createdAt: ago(isStale ? 200 : 20),
      lastUsed: { at: ago(isStale ? 120 : 1), service: 's3', region: 'us-east-1' },
    });
  }
}

/** All of them rotate. */
function addSecrets(account: Account, company: Company): void {
  const { secrets, staleSecrets, regions, begins } = company;
  const ago = (days: number) => plus(begins, -days * DAY_MS);
  for (let n = 0; n < secrets; n += 1) {
    account.addSecret(regions[n % regions.length] ?? '', {
      name: `app/${n}`,
      value: 'ordinary',
      createdAt: ago(200),
      lastAccessedAt: ago(n < staleSecrets ? 120 : 1),
      lastRotatedAt: ago(20),
      nextRotationAt: ago(-70),
      rotation: { enabled: true, rules: { AutomaticallyAfterDays: 90 }, lambdaArn: ROTATOR },
      tags: { owner: ownerOf(company, n) },
    });
  }
}

const ROTATOR = 'arn:aws:lambda:us-east-1:111122223333:function:rotator';

function ownerOf({ owners }: Company, index: number): string {
  return owners[index % owners.length] ?? '';
}
