import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ASSUMPTIONS } from '../../bench/cost/assumptions.ts';
import { BREAK_GLASS_ASSUMPTIONS, breakGlassBill } from '../../bench/cost/break-glass.ts';
import { monthlyBill, runBill, totalOf } from '../../bench/cost/calculate.ts';
import { measuredSchema } from '../../bench/cost/measured.ts';
import { costPage } from '../../bench/cost/page.ts';
import { costOf, PRICES } from '../../bench/cost/prices.ts';
import { METRICS } from '../../lib/domain/metric.ts';
import { configurationSchema } from '../../lib/infrastructure/configuration/schema.ts';
import { CATALOGUE } from '../../lib/infrastructure/functions/catalogue.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const measured = measuredSchema.parse(JSON.parse(read('bench/cost/measured.json')));
const SIZES = [1, 100, 1_000, 10_000];

test('docs/cost.md is what npm run cost writes now', () => {
  expect(read('docs/cost.md')).toBe(costPage(measured));
});

describe('a bill', () => {
  test('is the sum of what is used at its price', () => {
    expect(costOf('writeUnit', 2_000_000)).toBeCloseTo(1.25);
    const dearer = {
      ...measured.runs.first.transitions,
      ofAccount: measured.runs.first.transitions.ofAccount + 1_000,
    };
    const runs = { ...measured.runs, first: { ...measured.runs.first, transitions: dearer } };
    const more =
      totalOf(runBill({ ...measured, runs }, 'first', 10)) - totalOf(runBill(measured, 'first', 10));
    const logs = (10_000 * ASSUMPTIONS.transitionLogBytes.value) / 1e9;
    expect(more).toBeCloseTo(costOf('transition', 10_000) + costOf('logGb', logs), 6);
  });

  test('grows with the accounts, and an account costs less the more there are', () => {
    const totals = SIZES.map((accounts) => totalOf(monthlyBill(measured, accounts)));
    expect(totals).toEqual(totals.toSorted((a, b) => a - b));
    const each = totals.map((all, index) => all / (SIZES[index] ?? 1));
    expect(each).toEqual(each.toSorted((a, b) => b - a));
  });

  test('of a first run is the highest, of a run without changes the lowest', () => {
    const [unchanged, due, first] = (['unchanged', 'due', 'first'] as const).map((run) =>
      totalOf(runBill(measured, run, 100)),
    );
    expect(unchanged).toBeLessThan(due ?? 0);
    expect(due).toBeLessThan(first ?? 0);
  });

  test('of lending roles is small beside that of one account', () => {
    expect(totalOf(breakGlassBill())).toBeGreaterThan(0.5);
    expect(totalOf(breakGlassBill())).toBeLessThan(totalOf(monthlyBill(measured, 1)) / 2);
  });

  test('has a price, a unit and a page to look it up for everything', () => {
    for (const { dollars, units, source } of Object.values(PRICES)) {
      expect(dollars).toBeGreaterThan(0);
      expect(units).toBeGreaterThan(0);
      expect(source).toMatch(/pricing/);
    }
  });
});

describe('what is assumed of the stack is what the stack has', () => {
  test('memory of the functions', () => {
    expect(CATALOGUE['grant-access'].memory / 1024).toBe(BREAK_GLASS_ASSUMPTIONS.brokerGigabytes.value);
    expect(CATALOGUE['reconcile-grants'].memory / 1024).toBe(ASSUMPTIONS.runGigabytes.value);
    for (const name of ['decide-account', 'act-on-account'] as const)
      expect(CATALOGUE[name].memory).toBe(ASSUMPTIONS.accountGigabytes.value * 1024);
    for (const name of ['list-accounts', 'allot-steps', 'finish-run'] as const)
      expect(CATALOGUE[name].memory).toBe(ASSUMPTIONS.runGigabytes.value * 1024);
  });

  test('accounts in work at once', () => {
    expect(configurationSchema.parse({}).concurrency).toBe(ASSUMPTIONS.concurrency.value);
  });

  test('no more metrics than are paid for', () => {
    const { metrics } = BREAK_GLASS_ASSUMPTIONS;
    expect(Object.keys(METRICS).length).toBeLessThanOrEqual(ASSUMPTIONS.metrics.value + metrics.value);
  });
});
