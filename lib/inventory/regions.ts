import { ListRegionsCommand } from '@aws-sdk/client-account';
import { type AwsClients, type AwsFailure, mapAwsError } from '../aws/index.ts';
import { compare, type ReadingLog } from './problem.ts';

/** Regions that every account has without opting in; the others are found by account:ListRegions only. */
const DEFAULT_REGIONS: Readonly<Record<string, readonly string[]>> = {
  aws: [
    'ap-northeast-1',
    'ap-northeast-2',
    'ap-northeast-3',
    'ap-south-1',
    'ap-southeast-1',
    'ap-southeast-2',
    'ca-central-1',
    'eu-central-1',
    'eu-north-1',
    'eu-west-1',
    'eu-west-2',
    'eu-west-3',
    'sa-east-1',
    'us-east-1',
    'us-east-2',
    'us-west-1',
    'us-west-2',
  ],
  'aws-cn': ['cn-north-1', 'cn-northwest-1'],
  'aws-us-gov': ['us-gov-east-1', 'us-gov-west-1'],
};

const OPERATION = 'account:ListRegions';
const REGIONS_PER_PAGE = 50;

/**
 * The Regions to read, sorted: those given, else all that are enabled in the account. Where the endpoint does
 * not offer the listing the default ones are read with a note; where it fails, the same with a problem.
 */
export async function regionsToRead(
  clients: AwsClients,
  partition: string,
  given: readonly string[] | undefined,
  log: ReadingLog,
): Promise<string[]> {
  if (given !== undefined) return [...new Set(given)].sort(compare);
  try {
    return (await enabledRegions(clients)).sort(compare);
  } catch (error) {
    const failure = mapAwsError(error, OPERATION);
    const fallback = DEFAULT_REGIONS[partition] ?? [clients.region];
    report(log, failure, partition, clients);
    return [...fallback];
  }
}

async function enabledRegions(clients: AwsClients): Promise<string[]> {
  const regions: string[] = [];
  let token: string | undefined;
  do {
    const input = {
      RegionOptStatusContains: ['ENABLED' as const, 'ENABLED_BY_DEFAULT' as const],
      MaxResults: REGIONS_PER_PAGE,
      NextToken: token,
    };
    const page = await clients.limiter.run(() => clients.account.send(new ListRegionsCommand(input)));
    for (const { RegionName } of page.Regions ?? []) {
      if (RegionName !== undefined) regions.push(RegionName);
    }
    token = page.NextToken === '' ? undefined : page.NextToken;
  } while (token !== undefined);
  return regions;
}

function report(log: ReadingLog, failure: AwsFailure, partition: string, clients: AwsClients): void {
  if (isMissingInEmulator(clients, 'account', failure)) {
    log.note(
      `The endpoint does not offer ${OPERATION}: the Regions that partition ${partition} enables by default were read.`,
    );
    return;
  }
  log.failed({
    code: 'regions-unread',
    subject: 'the list of enabled Regions (the default ones were read)',
    failure,
    affects: ['secret'],
  });
}

/** AWS itself offers every operation: there, such an answer is a problem and no property of the endpoint. */
export function isMissingInEmulator(
  clients: AwsClients,
  service: 'account' | 'iam',
  failure: AwsFailure,
): boolean {
  const endpoint = clients.endpoints().find((each) => each.service === service);
  return failure.kind === 'not-offered' && endpoint?.origin !== 'aws';
}
