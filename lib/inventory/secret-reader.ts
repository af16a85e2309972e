import { ListSecretsCommand, type SecretListEntry } from '@aws-sdk/client-secrets-manager';
import { type AwsClients, type AwsFailure, mapAwsError } from '../aws/index.ts';
import type { Credential } from '../domain/credential.ts';
import type { Clock, Instant } from '../domain/time.ts';
import type { Brake } from './brake.ts';
import { inOrder } from './in-order.ts';
import type { RegionPlace, Resumption } from './position.ts';
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
  readonly resume?: Resumption;
  readonly brake: Brake;
  readonly onPage: (region: string, secrets: number) => void;
}

const SECRETS_PER_PAGE = 100;
/** Pages of a Region fetched before they are taken: Regions overlap, memory stays bounded. */
const PAGES_AHEAD = 3;

interface Page {
  readonly entries: readonly SecretListEntry[];
  readonly readAt: Instant;
  /** Of the page that follows; null after the last one. */
  readonly next: string | null;
}

/** A page of secrets, and where the Regions stand behind it. */
export interface SecretPage {
  readonly credentials: readonly Credential[];
  readonly regions: readonly RegionPlace[];
}

/** The secrets of several Regions, being read. */
export interface SecretsReading {
  readonly pages: () => AsyncGenerator<SecretPage>;
  /** Where they stand behind the page taken last. */
  readonly regions: () => readonly RegionPlace[];
}

/** The listing forgot where it was; it begins anew and what was read before is left out. */
const TOKEN_REFUSED = 'InvalidNextToken';

/**
 * Begins to read at once, from where the Regions stand, and yields all secrets by page, Region by Region as given, within
 * one in the order of the service's listing. Regions are read at the same time, each a few pages ahead; what was read
 * before a page failed is kept. With the brake pulled only what was fetched ahead is yielded, of every Region.
 */
export function readSecrets(reading: SecretReading, from: readonly RegionPlace[]): SecretsReading {
  const feeds = from.map((place) => new RegionFeed(reading, place));
  for (const feed of feeds) feed.fill();
  const regions = () => feeds.map(({ place }) => place);
  async function* pages(): AsyncGenerator<SecretPage> {
    for (const feed of feeds) {
      for await (const credentials of secretsOf(reading, feed)) yield { credentials, regions: regions() };
      feed.report();
    }
  }
  return { pages, regions };
}

/** Regions of which nothing was read. */
export function unread(names: readonly string[]): RegionPlace[] {
  return names.map((name) => ({ name, token: null, isRead: false }));
}

async function* secretsOf(reading: SecretReading, feed: RegionFeed) {
  const seen = new Set<string>();
  const isNew = (arn: string | undefined) =>
    arn !== undefined && !seen.has(arn) && reading.resume?.wasRead(arn) !== true && seen.add(arn);
  let count = 0;
  for (let page = await feed.take(); page !== undefined; page = await feed.take()) {
    const { readAt } = page;
    const fresh = page.entries.filter(({ ARN }) => isNew(ARN));
    count += fresh.length;
    reading.onPage(feed.region, count);
    const credentials: Credential[] = [];
    const most = reading.clients.limiter.most;
    for await (const each of inOrder(fresh, most, (entry) =>
      readSecret(reading, feed.region, entry, readAt),
    )) {
      credentials.push(each);
    }
    yield credentials;
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
  const failure = described.ok ? described.silentReplica : described.failure;
  if (failure !== undefined) {
    reading.log.failed({
      code: 'replicas-unread',
      subject: `the replicas of secret ${place.name} in ${region}`,
      failure,
      region,
      affects: ['secret'],
    });
  }
  return described.ok ? described.credential : withUnreadReplicas(listed, described.failure);
}

/** The pages of one Region, fetched one after the other and a few ahead of being taken. */
class RegionFeed {
  readonly region: string;
  readonly #reading: SecretReading;
  readonly #ahead: Page[] = [];
  #place: RegionPlace;
  #fetching: Promise<void> | undefined;
  #token: string | undefined;
  #mayBeStale: boolean;
  #isAtEnd: boolean;
  #failure: AwsFailure | undefined;

  constructor(reading: SecretReading, place: RegionPlace) {
    this.#reading = reading;
    this.#place = place;
    this.region = place.name;
    this.#token = place.token ?? undefined;
    this.#mayBeStale = place.token !== null;
    this.#isAtEnd = place.isRead;
  }

  /** Behind the page taken last. */
  get place(): RegionPlace {
    return this.#place;
  }

  /** Fetches on until enough is ahead; never rejects. */
  fill(): void {
    if (this.#reading.brake.isPulled || this.#isAtEnd) return;
    if (this.#fetching !== undefined || this.#ahead.length >= PAGES_AHEAD) return;
    this.#fetching = this.#fetch().then(() => {
      this.#fetching = undefined;
      this.fill();
    });
  }

  /** The next page; undefined at the end, where a page could not be read, or when nothing more is fetched. */
  async take(): Promise<Page | undefined> {
    while (this.#ahead.length === 0 && this.#fetching !== undefined) await this.#fetching;
    const page = this.#ahead.shift();
    this.fill();
    if (page !== undefined) this.#place = { ...this.#place, token: page.next, isRead: page.next === null };
    else if (this.#isAtEnd) this.#place = { ...this.#place, isRead: true };
    return page;
  }

  async #fetch(): Promise<void> {
    const { clients, clock } = this.#reading;
    const input = { MaxResults: SECRETS_PER_PAGE, IncludePlannedDeletion: true, NextToken: this.#token };
    try {
      const answer = await clients.limiter.run(() =>
        clients.secretsManager(this.region).send(new ListSecretsCommand(input)),
      );
      this.#token = answer.NextToken === '' ? undefined : answer.NextToken;
      this.#isAtEnd = this.#token === undefined;
      const next = this.#token ?? null;
      this.#ahead.push({ entries: answer.SecretList ?? [], readAt: clock.now(), next });
    } catch (error) {
      this.#ended(mapAwsError(error, SOURCE.secrets, this.region));
    }
    this.#mayBeStale = false;
  }

  /** A token that another process was given may be too old. */
  #ended(failure: AwsFailure): void {
    if (this.#mayBeStale && failure.code === TOKEN_REFUSED) {
      this.#token = undefined;
      return;
    }
    this.#isAtEnd = true;
    this.#failure = failure;
  }

  /** Logs why the Region could not be read to its end, if so; to be told once its pages were taken. */
  report(): void {
    const { region } = this;
    if (this.#failure === undefined) return;
    const what = this.#token === undefined ? 'secrets' : 'the rest of the secrets';
    this.#reading.log.failed({
      code: 'secrets-unread',
      subject: `${what} in ${region}`,
      failure: this.#failure,
      region,
      affects: ['secret'],
    });
  }
}
