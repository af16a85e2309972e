import { ListSecretsCommand, type SecretListEntry } from '@aws-sdk/client-secrets-manager';
import { type AwsClients, type AwsFailure, mapAwsError } from '../aws/index.ts';
import type { Credential } from '../domain/credential.ts';
import type { Clock, Instant } from '../domain/time.ts';
import { inOrder } from './in-order.ts';
import type { ReadingLog } from './problem.ts';
import { isReplicatedPrimary, secretCredential } from './secret-facts.ts';
import { describeSecret, withoutReplicaUse, withUnreadReplicas } from './secret-replicas.ts';
import { SOURCE } from './source.ts';

export interface SecretReading {
  readonly clients: AwsClients;
  readonly clock: Clock;
  readonly accountId: string;
  readonly restsOnDisuse: (credential: Credential) => boolean;
  readonly log: ReadingLog;
  readonly onPage: (region: string, secrets: number) => void;
}

const SECRETS_PER_PAGE = 100;
/** Pages of a Region fetched before they are taken: Regions overlap, memory stays bounded. */
const PAGES_AHEAD = 3;

interface Page {
  readonly entries: readonly SecretListEntry[];
  readonly readAt: Instant;
}

/**
 * Begins to read at once and yields all secrets, Region by Region as given, within one in the order of the
 * service's listing. Regions are read at the same time, each a few pages ahead; what was read before a page
 * failed is kept.
 */
export function readSecrets(reading: SecretReading, regions: readonly string[]): AsyncGenerator<Credential> {
  const feeds = regions.map((region) => new RegionFeed(reading, region));
  for (const feed of feeds) feed.fill();
  return secretsOfAll(reading, feeds);
}

async function* secretsOfAll(
  reading: SecretReading,
  feeds: readonly RegionFeed[],
): AsyncGenerator<Credential> {
  for (const feed of feeds) yield* secretsOf(reading, feed);
}

async function* secretsOf(reading: SecretReading, feed: RegionFeed): AsyncGenerator<Credential> {
  const seen = new Set<string>();
  let count = 0;
  for (let page = await feed.take(); page !== undefined; page = await feed.take()) {
    const { readAt } = page;
    const fresh = page.entries.filter(({ ARN }) => ARN !== undefined && !seen.has(ARN) && seen.add(ARN));
    count += fresh.length;
    reading.onPage(feed.region, count);
    yield* inOrder(fresh, reading.clients.limiter.most, (entry) =>
      readSecret(reading, feed.region, entry, readAt),
    );
  }
}

/**
 * One listed secret. A replicated one is judged by the use in all Regions: when a step rests on its disuse it
 * is described, otherwise its last use stays unknown unless it was used just now.
 */
async function readSecret(
  reading: SecretReading,
  region: string,
  entry: SecretListEntry,
  readAt: Instant,
): Promise<Credential> {
  const arn = entry.ARN ?? '';
  const place = { arn, name: entry.Name ?? arn, accountId: reading.accountId, region };
  const shape = { ...entry, stages: entry.SecretVersionsToStages ?? {} };
  const listed = secretCredential(place, shape, readAt, SOURCE.secrets);
  if (!isReplicatedPrimary(entry, region)) return listed;
  if (!reading.restsOnDisuse(listed)) return withoutReplicaUse(listed);
  const described = await describeSecret(reading.clients, reading.clock, place);
  if (described.ok) return described.credential;
  reading.log.failed({
    code: 'replicas-unread',
    subject: `the replicas of secret ${place.name} in ${region}`,
    failure: described.failure,
    region,
    affects: ['secret'],
  });
  return withUnreadReplicas(listed, described.failure);
}

/** The pages of one Region, fetched one after the other and a few ahead of being taken. */
class RegionFeed {
  readonly region: string;
  readonly #reading: SecretReading;
  readonly #ahead: Page[] = [];
  #fetching: Promise<void> | undefined;
  #token: string | undefined;
  #isAtEnd = false;

  constructor(reading: SecretReading, region: string) {
    this.#reading = reading;
    this.region = region;
  }

  /** Fetches on until enough is ahead; never rejects. */
  fill(): void {
    if (this.#isAtEnd || this.#fetching !== undefined || this.#ahead.length >= PAGES_AHEAD) return;
    this.#fetching = this.#fetch().then(() => {
      this.#fetching = undefined;
      this.fill();
    });
  }

  /** The next page; undefined at the end, or where a page could not be read. */
  async take(): Promise<Page | undefined> {
    while (this.#ahead.length === 0 && this.#fetching !== undefined) await this.#fetching;
    const page = this.#ahead.shift();
    this.fill();
    return page;
  }

  async #fetch(): Promise<void> {
    const { clients, clock } = this.#reading;
    const input = { MaxResults: SECRETS_PER_PAGE, IncludePlannedDeletion: true, NextToken: this.#token };
    try {
      const answer = await clients.limiter.run(() =>
        clients.secretsManager(this.region).send(new ListSecretsCommand(input)),
      );
      this.#ahead.push({ entries: answer.SecretList ?? [], readAt: clock.now() });
      this.#token = answer.NextToken === '' ? undefined : answer.NextToken;
      this.#isAtEnd = this.#token === undefined;
    } catch (error) {
      this.#isAtEnd = true;
      this.#failed(mapAwsError(error, SOURCE.secrets, this.region));
    }
  }

  #failed(failure: AwsFailure): void {
    const { region } = this;
    const what = this.#token === undefined ? 'secrets' : 'the rest of the secrets';
    this.#reading.log.failed({
      code: 'secrets-unread',
      subject: `${what} in ${region}`,
      failure,
      region,
      affects: ['secret'],
    });
  }
}
