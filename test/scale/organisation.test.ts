import { describe, expect, test } from 'vitest';
import { accountIds } from './organisation/company.ts';
import {
  CONCURRENCY,
  companyOf,
  liveOrganisation,
  ORGANISATION_CAP,
  perAccount,
  SIZES,
} from './organisation/growing.ts';
import type { RunFigures } from './organisation/measure.ts';
import { organisationTable } from './organisation/table.ts';

const FEW_PERCENT = 0.05;
/** List, barrier and end of a run belong to no account: among ten accounts they show, among a hundred hardly. */
const SHARED_AMONG_TEN = 0.2;
const SECOND_MS = 1_000;

const lives = new Map<number, RunFigures[]>();
for (const accounts of SIZES) lives.set(accounts, await liveOrganisation(accounts));
process.stdout.write(`${organisationTable(lives)}\n`);

function run(accounts: number, name: string): RunFigures {
  const found = lives.get(accounts)?.find((figures) => figures.name === name);
  if (found === undefined) throw new TypeError(`no run "${name}" over ${accounts} accounts`);
  return found;
}

describe('the simulation is worth its name', () => {
  test.each(SIZES)(
    '%i accounts: AWS throttles the reading of large accounts, and all of them are read',
    (accounts) => {
      const { throttled, ran } = run(accounts, 'first');
      expect(throttled).toBeGreaterThanOrEqual(accounts / 10);
      expect(ran.invocations.filter(({ name }) => name === 'decide-account')).toHaveLength(accounts);
    },
  );

  test('a thousand accounts want more than the organisation allows', () => {
    const { demanded } = run(1_000, 'due').ran;
    expect(demanded).toBeGreaterThan(10 * ORGANISATION_CAP);
  });
});

describe('what an account costs does not depend on how many there are', () => {
  const cases = ['first', 'unchanged'].flatMap((name) => [
    { name, few: 10, many: 100, less: SHARED_AMONG_TEN },
    { name, few: 100, many: 1_000, less: FEW_PERCENT },
  ]);

  test.each(cases)(
    'the $name run: one of $many accounts against one of $few',
    ({ name, few, many, less }) => {
      const costs: Record<string, number> = perAccount(run(many, name), many);
      for (const [what, cost] of Object.entries(perAccount(run(few, name), few))) {
        const ratio = (costs[what] ?? 0) / cost;
        expect(ratio, what).toBeLessThan(1 + FEW_PERCENT);
        expect(ratio, what).toBeGreaterThan(what === 'calls' ? 1 - FEW_PERCENT : 1 - less);
      }
    },
  );
});

describe('accounts in work at once', () => {
  test.each(SIZES)('%i accounts: as many as the map allows, never more', (accounts) => {
    for (const { ran } of lives.get(accounts) ?? []) expect(ran.peak).toBe(Math.min(CONCURRENCY, accounts));
  });

  test('ten times the accounts take no more than ten times as long', () => {
    const [some, many] = [run(100, 'first').ran.wallMs, run(1_000, 'first').ran.wallMs];
    expect(many / some).toBeLessThan(10.5);
    expect(many).toBeLessThan(600 * SECOND_MS);
  });

  test('the busiest second of the ledger is that of the accounts in work, however many there are', () => {
    const [some, many] = [100, 1_000].map((accounts) => run(accounts, 'first').dynamo.eventsInBusiestSecond);
    expect(many ?? 0).toBeLessThan(1.6 * (some ?? 0));
  });
});

describe('I5 the cap of the whole organisation, with 40 accounts acting at once', () => {
  const { ran, changes } = run(1_000, 'due');

  test('holds to the last step', () => {
    expect(ran.allotted).toBe(ORGANISATION_CAP);
    expect([...changes.values()].reduce((sum, count) => sum + count, 0)).toBe(ORGANISATION_CAP);
  });

  test('is fair: nobody gets two while somebody who asked gets none', () => {
    expect(Math.max(...ran.allowances.values())).toBe(1);
    for (const [accountId, allowance] of ran.allowances) expect(changes.get(accountId) ?? 0).toBe(allowance);
  });

  test('stops nobody where it suffices: each of ten accounts does all it has to do', () => {
    const ten = run(10, 'due');
    const company = companyOf(10);
    const wanted = accountIds(company).map((id, index) => [id, company.staleKeys(index)]);
    expect([...ten.changes].toSorted()).toEqual(wanted);
    expect(ten.ran.allotted).toBe(ten.ran.demanded);
  });
});
