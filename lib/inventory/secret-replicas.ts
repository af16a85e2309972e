import { DescribeSecretCommand, type DescribeSecretResponse } from '@aws-sdk/client-secrets-manager';
import { type AwsClients, type AwsFailure, mapAwsError } from '../aws/index.ts';
import type { Credential } from '../domain/credential.ts';
import { type Fact, isKnown, known, unknown } from '../domain/fact.ts';
import { type Clock, DAY_MS, type Instant, isBefore, latest, plus } from '../domain/time.ts';
import { lastUse, type SecretPlace, secretCredential } from './secret-facts.ts';
import { SOURCE } from './source.ts';

export type Described =
  | {
      readonly ok: true;
      readonly credential: Credential;
      /** A replica that does not tell whether it is used: the last use is unknown, and the reading incomplete. */
      readonly silentReplica?: AwsFailure;
    }
  | { readonly ok: false; readonly failure: AwsFailure };

/** One secret by DescribeSecret: fresher than the listing, and with the last use in every replica Region. */
export async function describeSecret(
  clients: AwsClients,
  clock: Clock,
  place: SecretPlace,
): Promise<Described> {
  try {
    const answer = await clients.limiter.run(() =>
      clients.secretsManager(place.region).send(new DescribeSecretCommand({ SecretId: place.arn })),
    );
    if (answer.ARN !== place.arn) return { ok: false, failure: notItsName(place) };
    const silent = (answer.ReplicationStatus ?? []).find(isSilent);
    return {
      ok: true,
      credential: described(place, answer, clock.now()),
      ...(silent === undefined ? {} : { silentReplica: silence(silent) }),
    };
  } catch (error) {
    return { ok: false, failure: mapAwsError(error, SOURCE.secret, place.region) };
  }
}

function described(place: SecretPlace, answer: DescribeSecretResponse, asOf: Instant): Credential {
  const shape = { ...answer, stages: answer.VersionIdsToStages ?? {} };
  const credential = secretCredential(place, shape, asOf, SOURCE.secret);
  const replicas = answer.ReplicationStatus ?? [];
  const regions = replicas.flatMap(({ Region }) => (Region === undefined ? [] : [Region])).sort();
  return {
    ...credential,
    facts: {
      ...credential.facts,
      lastUsedAt: lastUseAnywhere(lastUse(answer.LastAccessedDate) ?? null, replicas, asOf),
      replicaRegions: known(regions, asOf, SOURCE.secret),
    },
  };
}

/** Secrets Manager answers to a name and to a part of an ARN, too; an id is the whole of it. */
function notItsName({ arn }: SecretPlace): AwsFailure {
  return {
    kind: 'other',
    code: 'ResourceNotFound',
    message: `no secret has exactly the ARN ${arn}`,
    hint: 'Name it by its whole ARN.',
  };
}

type Replica = NonNullable<DescribeSecretResponse['ReplicationStatus']>[number];

/** The latest use in any Region; a Region that does not tell makes it unknown: idle here may be busy there. */
function lastUseAnywhere(
  here: Instant | null,
  replicas: readonly Replica[],
  asOf: Instant,
): Fact<Instant | null> {
  let use = here;
  for (const replica of replicas) {
    if (isSilent(replica)) return unknown(notInSync(replica));
    const { LastAccessedDate } = replica;
    const there = lastUse(LastAccessedDate);
    if (there !== undefined) use = use === null ? there : latest(use, there);
  }
  return known(use, asOf, SOURCE.secret);
}

function isSilent({ Status }: Replica): boolean {
  return Status !== 'InSync';
}

function notInSync({ Region, Status }: Replica): string {
  return `the replica in ${Region ?? 'another Region'} is not in sync (${Status ?? 'no status'})`;
}

function silence(replica: Replica): AwsFailure {
  return {
    kind: 'other',
    code: 'ReplicaNotInSync',
    message: `${notInSync(replica)}, so that its use there is not known`,
    hint: 'Repair or remove the replica: see its status message in Secrets Manager.',
  };
}

/** How long after a use in its own Region nobody needs to know about the others. */
const RECENT_MS = 2 * DAY_MS;

/** The listing does not show the use of replicas: unless it was used just now, its last use is not known. */
export function withoutReplicaUse(listed: Credential): Credential {
  const { lastUsedAt } = listed.facts;
  const isRecent =
    lastUsedAt !== undefined &&
    isKnown(lastUsedAt) &&
    lastUsedAt.value !== null &&
    isBefore(lastUsedAt.asOf, plus(lastUsedAt.value, RECENT_MS));
  const facts = {
    ...listed.facts,
    replicaRegions: unknown(`${SOURCE.secrets} does not name replicas`),
    ...(isRecent ? {} : { lastUsedAt: unknown('its replicas may be in use: they are read before a step') }),
  };
  return { ...listed, facts };
}

/** The listed secret with the use of its replicas unknown because they could not be read. */
export function withUnreadReplicas(listed: Credential, failure: AwsFailure): Credential {
  const unread = unknown(`its replicas were not read: ${SOURCE.secret} failed (${failure.code})`);
  return { ...listed, facts: { ...listed.facts, lastUsedAt: unread, replicaRegions: unread } };
}
