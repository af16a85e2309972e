import { ASSUMPTIONS, type Assumption } from './assumptions.ts';
import type { Bill } from './calculate.ts';
import { costOf } from './prices.ts';

/** What lending roles adds to a hub, whatever the number of its accounts. */
export const BREAK_GLASS_ASSUMPTIONS = {
  grants: assumed(20, 'grants', 'in a month, each used for half an hour'),
  brokerCalls: assumed(
    8,
    'calls',
    'of grant-access for a grant: taken, renewed every twelve minutes, looked at, given back, evidence read, reviewed',
  ),
  brokerSeconds: assumed(0.6, 's', 'of such a call, a cold start for every second one included'),
  brokerGigabytes: assumed(1, 'GB', 'memory of grant-access'),
  reconcilerCalls: assumed(
    12,
    'calls',
    'of reconcile-grants for a grant beside its looks: its schedule, and what CloudTrail tells of its sessions',
  ),
  evidenceSeconds: assumed(
    120,
    's',
    'of reconcile-grants to look up what a grant did: two look-ups a second in each of 17 Regions, several times',
  ),
  looks: assumed(8_766, 'calls', 'of reconcile-grants in a month: every five minutes'),
  lookSeconds: assumed(0.5, 's', 'of such a call, mostly waiting, when no grant is open'),
  lookReadUnits: assumed(
    100,
    'read units',
    'of such a call: two days of intervals of the ledger, which are half a unit each when empty, and the lists',
  ),
  grantWriteUnits: assumed(
    60,
    'write units',
    'of a grant: some twenty events of a few KB with index and projection',
  ),
  evidenceBytes: assumed(200_000, 'bytes', 'of evidence of a grant'),
  letters: assumed(12, 'mails', 'for a grant: that it was taken, that it ended, and to each reviewer'),
  metrics: assumed(4, 'metrics', 'of reconcile-grants'),
  alarms: assumed(6, 'alarms', 'more'),
} as const satisfies Readonly<Record<string, Assumption>>;

const MONTHS = 12;
const GIGABYTE = 1e9;
const value = (name: keyof typeof BREAK_GLASS_ASSUMPTIONS): number => BREAK_GLASS_ASSUMPTIONS[name].value;

/** A month's bill of lending roles, when a year of evidence is kept. */
export function breakGlassBill(): Bill {
  const grants = value('grants');
  const calls = grants * (value('brokerCalls') + value('reconcilerCalls')) + value('looks');
  const reconcilerSeconds =
    value('looks') * value('lookSeconds') +
    grants * (value('evidenceSeconds') + value('reconcilerCalls') * value('lookSeconds'));
  const gigabyteSeconds =
    grants * value('brokerCalls') * value('brokerSeconds') * value('brokerGigabytes') +
    reconcilerSeconds * ASSUMPTIONS.runGigabytes.value;
  const logGb = (calls * ASSUMPTIONS.callLogBytes.value) / GIGABYTE;
  const letters = grants * value('letters');
  return new Map([
    ['Lambda', costOf('lambdaGbSecond', gigabyteSeconds) + costOf('lambdaRequest', calls)],
    ['API Gateway', costOf('apiRequest', grants * value('brokerCalls'))],
    ['Schedules of ends', costOf('schedule', grants)],
    [
      'DynamoDB requests',
      costOf('readUnit', value('looks') * value('lookReadUnits')) +
        costOf('writeUnit', grants * value('grantWriteUnits')),
    ],
    ['S3', costOf('s3GbMonth', (grants * value('evidenceBytes') * MONTHS) / GIGABYTE)],
    ['KMS', costOf('keyRequest', calls * ASSUMPTIONS.keyRequestsOfCall.value)],
    ['CloudWatch logs', costOf('logGb', logGb) + costOf('logGbMonth', logGb * MONTHS)],
    [
      'CloudWatch metrics and alarms',
      costOf('metricMonth', value('metrics')) + costOf('alarmMonth', value('alarms')),
    ],
    ['X-Ray', costOf('trace', calls)],
    [
      'SES, SNS, EventBridge',
      costOf('letter', letters) + costOf('publish', letters * ASSUMPTIONS.copiesOfLetter.value),
    ],
  ]);
}

function assumed(value: number, unit: string, why: string): Assumption {
  return { value, unit, why };
}
