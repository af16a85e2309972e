import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';
import { checkPolicyTexts, compilePolicy, policyInvalid } from '../../lib/policy/index.ts';
import { accountIds, type Company } from '../../test/scale/organisation/company.ts';
import { LATENCY_MS } from '../../test/scale/organisation/hub.ts';
import { measureRuns, type RunFigures, total } from '../../test/scale/organisation/measure.ts';
import type { WorldPolicy } from '../../test/world/policies.ts';
import { type Measured, type MeasuredRun, measuredSchema, QUANTITIES, type Quantity } from './measured.ts';

const FEW = 5;
const MANY = 25;
const CONCURRENCY = 40;
/** What a new account has enabled. */
const REGIONS = 17;
/** Digits worth writing down. */
const PRECISION = 4;

const ACCOUNT = { users: 12, secrets: 40, staleKeys: 2, staleSecrets: 2 } as const;

function companyOf(accounts: number): Company {
  return {
    ...ACCOUNT,
    accounts,
    begins: '2026-11-02T06:00:00.000Z',
    owners: ['platform', 'ana', 'chloe'],
    regions: ['eu-central-1', 'us-east-1'],
    staleKeys: () => ACCOUNT.staleKeys,
  };
}

/**
 * Runs the workflow over few and over more accounts, with the shipped policy enforced, and tells what is of a run and what
 * of an account: every quantity but processor time grows in a straight line.
 */
export async function measure(): Promise<Measured> {
  const few = await live(FEW);
  const many = await live(MANY);
  const runs = Object.fromEntries(
    [...many].map(([name, figures]) => [name, shares(few.get(name) ?? figures, figures)]),
  );
  const { users, secrets, staleKeys, staleSecrets } = ACCOUNT;
  return measuredSchema.parse({
    account: { users, secrets, regions: REGIONS, staleKeys, staleSecrets },
    latencyMs: LATENCY_MS,
    runs,
  });
}

async function live(accounts: number): Promise<Map<string, RunFigures>> {
  const company = companyOf(accounts);
  const figures = await measureRuns(company, enforcedPolicy(accountIds(company)), CONCURRENCY, [
    { name: 'first', hours: 0 },
    { name: 'unchanged', hours: 24 },
    { name: 'due', hours: 14 * 24 },
  ]);
  return new Map(figures.map((each) => [each.name, each]));
}

const documentSchema = z.looseObject({ rules: z.array(z.looseObject({ id: z.string() })) });

/** The shipped policy, with every rule enforced in every account. */
function enforcedPolicy(accounts: readonly string[]): WorldPolicy {
  const text = (name: string): string =>
    readFileSync(new URL(`../../policy/${name}`, import.meta.url), 'utf8');
  const janitor = documentSchema.parse(parse(text('janitor.yaml')));
  const directory = z.looseObject({}).parse(parse(text('directory.yaml')));
  const enforce = [{ rules: janitor.rules.map(({ id }) => id), accounts }];
  const named = accounts.map((id) => ({ id, name: `account ${id}`, ou: 'ou-ab12-11111111' }));
  const checked = checkPolicyTexts(
    JSON.stringify({ ...janitor, mode: 'enforce', enforce }),
    JSON.stringify({ ...directory, accounts: named }),
  );
  if (!checked.ok) throw policyInvalid(checked.problems);
  return { name: 'base', policy: checked.policy, judge: compilePolicy(checked.policy) };
}

function shares(few: RunFigures, many: RunFigures): MeasuredRun {
  const [small, large] = [quantities(few), quantities(many)];
  const share = (name: Quantity) => {
    // Noise makes no straight line: all of it is the accounts'.
    const ofAccount = name === 'cpuMs' ? large[name] / MANY : (large[name] - small[name]) / (MANY - FEW);
    return { ofRun: rounded(large[name] - ofAccount * MANY), ofAccount: rounded(ofAccount) };
  };
  const entries = QUANTITIES.map((name) => [name, share(name)]);
  return measuredSchema.shape.runs.shape.first.parse(Object.fromEntries(entries));
}

function rounded(value: number): number {
  return Number(Math.max(0, value).toPrecision(PRECISION));
}

function quantities({
  ran,
  calls,
  dynamo,
  evidence,
  work,
  letters,
  cpuMs,
}: RunFigures): Record<Quantity, number> {
  const ofAccount = ran.invocations.filter(({ name }) => /^(decide|act)/.test(name));
  const ofRun = ran.invocations.filter(({ name }) => !/^(decide|act)/.test(name));
  const waited = (some: typeof ofRun) => some.reduce((sum, { tookMs }) => sum + tookMs, 0);
  const secretsManagerCalls = total(
    Object.fromEntries(Object.entries(calls).filter(([name]) => name.startsWith('secretsmanager:'))),
  );
  return {
    accountCalls: ofAccount.length,
    runCalls: ofRun.length,
    accountWaitMs: waited(ofAccount),
    runWaitMs: waited(ofRun),
    cpuMs,
    transitions: ran.transitions,
    ledgerWriteUnits: dynamo.writes.ledger ?? 0,
    stateWriteUnits: dynamo.writes.state ?? 0,
    readUnits: dynamo.reads,
    ledgerBytes: dynamo.ledgerBytes,
    s3Puts: evidence.puts + work.puts,
    s3Gets: evidence.gets + work.gets,
    evidenceBytes: evidence.bytes,
    workBytes: work.bytes,
    secretsManagerCalls,
    otherCalls: total(calls) - secretsManagerCalls,
    letters,
  };
}
