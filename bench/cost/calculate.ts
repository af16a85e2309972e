import { ASSUMPTIONS } from './assumptions.ts';
import type { Measured, MeasuredRun, Quantity, RunName } from './measured.ts';
import { costOf } from './prices.ts';

/** Dollars by what they are for, in the order of the page. */
export type Bill = ReadonlyMap<string, number>;

const GIGABYTE = 1e9;
const MONTHS = 12;
const DAYS_OF_WORK_FILES = 7;
const DAYS_IN_MONTH = 30;
const value = (name: keyof typeof ASSUMPTIONS): number => ASSUMPTIONS[name].value;

/** What happens in so many accounts, by quantity. */
type Amounts = Readonly<Record<Quantity, number>>;

/** A month's bill after a year of operation, when logs and evidence of a year are kept. */
export function monthlyBill({ runs }: Measured, accounts: number): Bill {
  const due = value('dueRunsInMonth');
  const month = sum(
    times(amounts(runs.unchanged, accounts), value('runsInMonth') - due),
    times(amounts(runs.due, accounts), due),
  );
  const environments = environmentsOf(runs.unchanged, accounts) * (value('runsInMonth') - due);
  return bill(month, environments + environmentsOf(runs.due, accounts) * due, {
    months: MONTHS,
    standing: true,
  });
}

/** What one run adds. */
export function runBill({ runs }: Measured, run: RunName, accounts: number): Bill {
  return bill(amounts(runs[run], accounts), environmentsOf(runs[run], accounts), {
    months: 0,
    standing: false,
  });
}

export function totalOf(lines: Bill): number {
  return [...lines.values()].reduce((all, dollars) => all + dollars, 0);
}

/** Environments that start cold in a run: one for each account in work at once, in each of its maps. */
function environmentsOf({ accountCalls }: MeasuredRun, accounts: number): number {
  return Math.min(accounts, value('concurrency')) * accountCalls.ofAccount;
}

/** Billed GB-seconds. */
export function gigabyteSeconds(amount: Amounts, coldStarts: number): number {
  const accountMs =
    amount.accountWaitMs + amount.cpuMs / value('processors') + coldStarts * value('coldStartMs');
  return (accountMs * value('accountGigabytes') + amount.runWaitMs * value('runGigabytes')) / 1_000;
}

interface Keeping {
  /** Months of what a month leaves behind that are kept. */
  readonly months: number;
  /** Whether keys, alarms and the like are paid for. */
  readonly standing: boolean;
}

function bill(amount: Amounts, coldStarts: number, { months, standing }: Keeping): Bill {
  const once = standing ? 1 : 0;
  const looks = value('looks') * once;
  const calls = amount.accountCalls + amount.runCalls + looks;
  const logGb = (calls * value('callLogBytes') + amount.transitions * value('transitionLogBytes')) / GIGABYTE;
  const recordGb = (amount.ledgerBytes * (1 + value('indexShare')) * months) / GIGABYTE;
  const evidenceGb = (amount.evidenceBytes * months) / GIGABYTE;
  const workGb = (amount.workBytes * (DAYS_OF_WORK_FILES / DAYS_IN_MONTH)) / GIGABYTE;
  return new Map([
    [
      'Lambda',
      costOf(
        'lambdaGbSecond',
        gigabyteSeconds(amount, coldStarts) + looks * value('lookSeconds') * value('runGigabytes'),
      ) + costOf('lambdaRequest', calls),
    ],
    ['Step Functions', costOf('transition', amount.transitions)],
    [
      'DynamoDB requests',
      costOf('writeUnit', amount.ledgerWriteUnits + amount.stateWriteUnits) +
        costOf('readUnit', amount.readUnits + looks * value('lookReadUnits')),
    ],
    [
      'DynamoDB storage, with recovery',
      costOf('tableGbMonth', recordGb) + costOf('recoveryGbMonth', recordGb),
    ],
    [
      'S3',
      costOf('s3Put', amount.s3Puts) +
        costOf('s3Get', amount.s3Gets) +
        costOf('s3GbMonth', evidenceGb + workGb * once),
    ],
    [
      'KMS',
      costOf('keyMonth', value('keys') * once) + costOf('keyRequest', calls * value('keyRequestsOfCall')),
    ],
    ['CloudWatch logs', costOf('logGb', logGb) + costOf('logGbMonth', logGb * months)],
    [
      'CloudWatch metrics, alarms, dashboard',
      once *
        (costOf('metricMonth', value('metrics')) +
          costOf('alarmMonth', value('alarms')) +
          costOf('dashboardMonth', 1)),
    ],
    ['X-Ray', costOf('trace', calls)],
    [
      'SES, SNS, EventBridge',
      costOf('letter', amount.letters) + costOf('publish', amount.letters * value('copiesOfLetter')),
    ],
    [
      'Secrets Manager, billed to the accounts that are swept',
      costOf('secretsCall', amount.secretsManagerCalls),
    ],
  ]);
}

export function amounts(run: MeasuredRun, accounts: number): Amounts {
  return mapQuantities(run, ({ ofRun, ofAccount }) => ofRun + ofAccount * accounts);
}

function times(amount: Amounts, factor: number): Amounts {
  return mapQuantities(amount, (each) => each * factor);
}

function sum(a: Amounts, b: Amounts): Amounts {
  return mapQuantities(a, (each, name) => each + b[name]);
}

function mapQuantities<T>(
  all: Readonly<Record<Quantity, T>>,
  change: (each: T, name: Quantity) => number,
): Amounts {
  return {
    accountCalls: change(all.accountCalls, 'accountCalls'),
    runCalls: change(all.runCalls, 'runCalls'),
    accountWaitMs: change(all.accountWaitMs, 'accountWaitMs'),
    runWaitMs: change(all.runWaitMs, 'runWaitMs'),
    cpuMs: change(all.cpuMs, 'cpuMs'),
    transitions: change(all.transitions, 'transitions'),
    ledgerWriteUnits: change(all.ledgerWriteUnits, 'ledgerWriteUnits'),
    stateWriteUnits: change(all.stateWriteUnits, 'stateWriteUnits'),
    readUnits: change(all.readUnits, 'readUnits'),
    ledgerBytes: change(all.ledgerBytes, 'ledgerBytes'),
    s3Puts: change(all.s3Puts, 's3Puts'),
    s3Gets: change(all.s3Gets, 's3Gets'),
    evidenceBytes: change(all.evidenceBytes, 'evidenceBytes'),
    workBytes: change(all.workBytes, 'workBytes'),
    secretsManagerCalls: change(all.secretsManagerCalls, 'secretsManagerCalls'),
    otherCalls: change(all.otherCalls, 'otherCalls'),
    letters: change(all.letters, 'letters'),
  };
}
