import { policyWith } from '../../sweep/ground-policy.ts';
import { accountIds, type Company } from './company.ts';
import { measureRuns, type RunFigures, total } from './measure.ts';

/** Accounts in work at once, as the stack has it unless told otherwise. */
export const CONCURRENCY = 40;
/** Destructive steps of the whole organisation within 24 hours, as the shipped policy has it. */
export const ORGANISATION_CAP = 100;
export const SIZES = [10, 100, 1_000] as const;

const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1'];

/** Small accounts with one to three stale keys, and every tenth so large that AWS throttles the reading of it. */
export function companyOf(accounts: number): Company {
  return {
    accounts,
    begins: '2026-01-05T06:00:00.000Z',
    owners: ['alice', 'bob', 'carol', 'dave', 'erin'],
    users: 4,
    secrets: 6,
    regions: REGIONS.slice(0, 2),
    staleKeys: (index) => 1 + (index % 3),
    staleSecrets: 0,
    large: { every: 10, users: 60 },
  };
}

/** An organisation's first run, one in which nothing has changed, and the run in which steps are due. */
export function liveOrganisation(accounts: number): Promise<RunFigures[]> {
  const company = companyOf(accounts);
  const ids = accountIds(company);
  const policy = policyWith({
    janitor: {
      inventory: { regions: REGIONS, fullReadEvery: '60d' },
      enforce: [{ rules: ['access-key-unused', 'secret-unused'], accounts: ids }],
      limits: {
        perAccountPerDay: 10,
        perOrganisationPerDay: ORGANISATION_CAP,
        percentOfKind: 100,
        atLeast: 3,
      },
    },
    directory: { accounts: ids.map((id) => ({ id, name: `account ${id}`, ou: 'ou-ab12-11111111' })) },
  });
  return measureRuns(company, policy, CONCURRENCY, [
    { name: 'first', hours: 1 },
    { name: 'unchanged', hours: 12 },
    { name: 'due', hours: 15 * 24 },
  ]);
}

/** What a run costs for each account, by kind; to be the same however many accounts there are. */
export function perAccount({ calls, dynamo, evidence, work, ran }: RunFigures, accounts: number) {
  return {
    calls: total(calls) / accounts,
    writes: total(dynamo.writes) / accounts,
    reads: dynamo.reads / accounts,
    puts: (evidence.puts + work.puts) / accounts,
    gets: (evidence.gets + work.gets) / accounts,
    transitions: ran.transitions / accounts,
  };
}
