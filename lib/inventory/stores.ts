import { type Filter, ListSecretsCommand, type SecretListEntry } from '@aws-sdk/client-secrets-manager';
import { type AwsClients, awsError } from '../aws/index.ts';
import { JanitorError } from '../domain/error.ts';
import { STORE_USER_TAG, type StoreCandidate, type StoreRules } from '../domain/rotation-store.ts';
import { ReadingLog } from './problem.ts';
import { regionsToRead } from './regions.ts';

export interface StoresPlace {
  readonly partition: string;
  /** Regions to look in; undefined: all that are enabled. */
  readonly regions: readonly string[] | undefined;
  readonly rules: StoreRules;
}

/**
 * Secrets that say whose key they hold, by their tag or by the policy's naming rule: names and tags, no value. Those that
 * are scheduled for deletion are left out. Throws what keeps a Region from being read, for a store might be there (G22);
 * a secret of the last five minutes may not be listed yet.
 */
export async function listStores(
  clients: AwsClients,
  { partition, regions: given, rules }: StoresPlace,
): Promise<StoreCandidate[]> {
  const log = new ReadingLog();
  const regions = await regionsToRead(clients, partition, given, log);
  const [problem] = log.problems();
  if (problem !== undefined) throw unread(problem.message);
  const stores = new Map<string, StoreCandidate>();
  for (const filters of searches(rules)) {
    for (const region of regions) {
      for (const store of await listed(clients, region, filters)) stores.set(store.secretId, store);
    }
  }
  return [...stores.values()];
}

/** All filters of a search must fit: two searches, one by tag and one by the beginning of the name. */
function searches({ name }: StoreRules): Filter[][] {
  const byTag: Filter[] = [{ Key: 'tag-key', Values: [STORE_USER_TAG] }];
  if (name === undefined) return [byTag];
  const beginning = name.split('{userName}')[0] ?? '';
  return [byTag, beginning === '' ? [] : [{ Key: 'name', Values: [beginning] }]];
}

function unread(why: string): JanitorError {
  return new JanitorError(`whether a secret holds the key cannot be told: ${why}`, {
    code: 'stores-unread',
    source: 'access',
    hint: 'Name the Regions to look in (inventory.regions of the policy), or allow account:ListRegions.',
  });
}

async function listed(clients: AwsClients, region: string, filters: Filter[]): Promise<StoreCandidate[]> {
  const stores: StoreCandidate[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const input = { MaxResults: 100, NextToken, Filters: filters };
      const page = await clients.limiter.run(() =>
        clients.secretsManager(region).send(new ListSecretsCommand(input)),
      );
      stores.push(...(page.SecretList ?? []).flatMap(candidate));
      NextToken = page.NextToken === '' ? undefined : page.NextToken;
    } while (NextToken !== undefined);
    return stores;
  } catch (error) {
    throw awsError(error, 'secretsmanager:ListSecrets', region);
  }
}

/** A replica says the same as its primary, which is the store. */
function candidate({ ARN, Name, Tags, PrimaryRegion }: SecretListEntry): StoreCandidate[] {
  if (ARN === undefined || Name === undefined) return [];
  if (PrimaryRegion !== undefined && PrimaryRegion !== ARN.split(':')[3]) return [];
  const tags = Object.fromEntries((Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  return [{ secretId: ARN, name: Name, tags }];
}
