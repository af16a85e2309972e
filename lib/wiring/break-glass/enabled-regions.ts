import { ListRegionsCommand } from '@aws-sdk/client-account';
import type { AwsClients } from '../../aws/index.ts';

/** Regions that are enabled in the clients' account, sorted: wherever a grant may have been used. */
export async function enabledRegions({ account }: Pick<AwsClients, 'account'>): Promise<readonly string[]> {
  const regions: string[] = [];
  let token: string | undefined;
  do {
    const page = await account.send(
      new ListRegionsCommand({
        RegionOptStatusContains: ['ENABLED', 'ENABLED_BY_DEFAULT'],
        MaxResults: 50,
        NextToken: token,
      }),
    );
    regions.push(...(page.Regions ?? []).flatMap(({ RegionName }) => RegionName ?? []));
    token = page.NextToken === '' ? undefined : page.NextToken;
  } while (token !== undefined);
  return regions.toSorted();
}
