import { ASSUMPTIONS } from './assumptions.ts';
import { BREAK_GLASS_ASSUMPTIONS, breakGlassBill } from './break-glass.ts';
import { amounts, type Bill, gigabyteSeconds, monthlyBill, runBill, totalOf } from './calculate.ts';
import type { Measured, Quantity } from './measured.ts';
import { PRICES, PRICES_AS_OF, PRICES_REGION } from './prices.ts';

const SIZES = [1, 100, 1_000, 10_000];

const NAMES: Readonly<Record<Quantity, string>> = {
  accountCalls: 'calls of decide-account and act-on-account',
  runCalls: 'calls of list-accounts, allot-steps and finish-run',
  accountWaitMs: 'milliseconds those of an account wait for the network',
  runWaitMs: 'milliseconds those of a run wait for the network',
  cpuMs: 'milliseconds of processor time, the simulated AWS included',
  transitions: 'state transitions, one for the start of each child included',
  ledgerWriteUnits: 'write units of the ledger and its index',
  stateWriteUnits: 'write units of the projection and its indexes',
  readUnits: 'read units',
  ledgerBytes: 'bytes written to the ledger',
  s3Puts: 'PUT and LIST requests',
  s3Gets: 'GET and HEAD requests',
  evidenceBytes: 'bytes of evidence',
  workBytes: 'bytes of work files, kept for a week',
  secretsManagerCalls: 'calls to Secrets Manager',
  otherCalls: 'calls to IAM, STS and others, which cost nothing',
  letters: 'mails to owners',
};

/** docs/cost.md, from nothing but what is in the repository. */
export function costPage(measured: Measured): string {
  const { account, latencyMs } = measured;
  return `# What it costs

Written by \`npm run cost\`; a test holds this page to what the command writes. The bill of an organisation can differ: change what you know
better in bench/cost and run it again.

**Prices are list prices of ${PRICES_REGION} written down from memory (${PRICES_AS_OF}) and not fetched: check each against the page named
beside it before you rely on a sum.** Free tiers, discounts, taxes and data transfer are left out.

## A month

After a year of operation, when a year of logs and evidence is kept. Dollars.

${billTable(SIZES.map((accounts) => monthlyBill(measured, accounts)))}

Not in the table: calls that a run makes in an account are management events, of which CloudTrail keeps the first copy free of charge;
further copies, and services that analyse them, cost what they cost. Labelling the newborn, decisions of people and bounces are a call of a
function and a few writes each.

## Lending roles

What break-glass access adds in a month where the policy lends roles, whatever the number of accounts. Nothing of it is measured.

${breakGlassTable()}

CloudTrail looks events up free of charge, and AssumeRole and IAM cost nothing.

## A run

Dollars. The first run reads every key id, records and labels everything; a typical later one finds nothing changed.

| accounts | first run | nothing changed | steps due |
| ---: | ---: | ---: | ---: |
${SIZES.map((accounts) => line([count(accounts), ...(['first', 'unchanged', 'due'] as const).map((run) => dollars(totalOf(runBill(measured, run, accounts))))])).join('\n')}

## What is measured

\`npm run cost -- --measure\` runs the whole workflow on the embedded AWS over a few and over more accounts and writes
bench/cost/measured.json; \`npm run test:scale\` measures again and compares. An account has ${account.users} users with a key each, ${account.secrets} secrets in two of
${account.regions} Regions, ${account.staleKeys} keys and ${account.staleSecrets} secrets that nobody uses; the shipped policy is enforced. Calls take ${latencyMs.aws} ms to AWS, ${latencyMs.dynamodb} ms to DynamoDB,
${latencyMs.s3} ms to S3: those are assumed, what is waited for them is measured.

For each account:

| in a run | first | nothing changed | steps due |
| --- | ---: | ---: | ---: |
${quantityRows(measured).join('\n')}

## What is assumed

| so much | of what |
| ---: | --- |
${[...Object.values(ASSUMPTIONS), ...Object.values(BREAK_GLASS_ASSUMPTIONS)]
  .map(({ value, unit, why }) => line([`${count(value)} ${unit}`, why]))
  .join('\n')}

## Prices

| what | dollars | per | look it up at |
| --- | ---: | --- | --- |
${Object.values(PRICES)
  .map(({ what, dollars: price, per, source }) => line([what, String(price), per, source]))
  .join('\n')}
`;
}

function billTable(bills: readonly Bill[]): string {
  const names = [...(bills[0]?.keys() ?? [])];
  const rows = names.map((name) => line([name, ...bills.map((bill) => dollars(bill.get(name) ?? 0))]));
  const totals = bills.map(totalOf);
  return [
    line(['', ...SIZES.map((accounts) => (accounts === 1 ? '1 account' : `${count(accounts)} accounts`))]),
    line(['---', ...SIZES.map(() => '---:')]),
    ...rows,
    line(['**all**', ...totals.map((all) => `**${dollars(all)}**`)]),
    line(['an account', ...totals.map((all, index) => dollars(all / (SIZES[index] ?? 1)))]),
  ].join('\n');
}

function breakGlassTable(): string {
  const bill = breakGlassBill();
  return [
    line(['', 'dollars']),
    line(['---', '---:']),
    ...[...bill].map(([name, dollarsOf]) => line([name, dollars(dollarsOf)])),
    line(['**all**', `**${dollars(totalOf(bill))}**`]),
  ].join('\n');
}

function quantityRows({ runs }: Measured): string[] {
  const all = [runs.first, runs.unchanged, runs.due];
  const [one, none] = [all.map((run) => amounts(run, 1)), all.map((run) => amounts(run, 0))];
  const billed = one.map((amount, index) => {
    const shared = none[index];
    return gigabyteSeconds(amount, 0) - (shared === undefined ? 0 : gigabyteSeconds(shared, 0));
  });
  return [
    ...Object.entries(NAMES).flatMap(([name, text]) => {
      const shares = all.map(
        (run) => Object.entries(run).find(([quantity]) => quantity === name)?.[1].ofAccount ?? 0,
      );
      return shares.some((share) => share > 0) ? [line([text, ...shares.map(count)])] : [];
    }),
    line(['billed GB-seconds of Lambda, cold starts aside', ...billed.map((each) => each.toFixed(2))]),
  ];
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function count(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 2 });
}

function dollars(value: number): string {
  const digits =
    value < 10
      ? { minimumFractionDigits: 4, maximumFractionDigits: 4 }
      : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return value.toLocaleString('en', digits);
}
