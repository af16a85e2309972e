import {
  CONCURRENCY,
  liveOrganisation,
  ORGANISATION_CAP,
  SIZES,
} from '../test/scale/organisation/growing.ts';
import { LATENCY_MS } from '../test/scale/organisation/hub.ts';
import type { RunFigures } from '../test/scale/organisation/measure.ts';
import { organisationTable } from '../test/scale/organisation/table.ts';

/** Runs over organisations of growing size in simulated time; the section of the page. */
export async function measureOrganisations(): Promise<string> {
  const lives = new Map<number, RunFigures[]>();
  for (const accounts of SIZES) lives.set(accounts, await liveOrganisation(accounts));
  const table = organisationTable(lives);
  console.log(table);
  return `The whole workflow (list, decide, allot, act, finish) over many accounts at once on the embedded AWS, which throttles as
its token buckets say, in simulated time: ${CONCURRENCY} accounts in work, a call to AWS takes ${LATENCY_MS.aws} ms, to DynamoDB ${LATENCY_MS.dynamodb} ms, to S3
${LATENCY_MS.s3} ms; judging takes none, so that wall time is that of the network. Every account has 4 users, 6 secrets in two of three
Regions and one to three stale keys; every tenth has 60 users, so that AWS throttles the reading of it. The organisation
allows ${ORGANISATION_CAP} destructive steps within 24 hours. \`npm run test:scale\` asserts what this shows: what an account costs does not
depend on how many there are, and the cap holds. All events of a quarter of an hour share one partition of the ledger's
index, which takes about 1,000 a second: a first run over ${CONCURRENCY} accounts at once comes near it, so raise \`concurrency\` only after that.

${table}`;
}
