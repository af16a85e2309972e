import { GetAccessKeyLastUsedCommand, type GetAccessKeyLastUsedResponse } from '@aws-sdk/client-iam';
import { type AwsClients, type AwsFailure, mapAwsError } from '../aws/index.ts';
import { type Fact, isKnown, known, unknown } from '../domain/fact.ts';
import { type Clock, fromMillis, type Instant, latest } from '../domain/time.ts';
import { SOURCE } from './source.ts';

export interface LastUse {
  /** null: never used. Unknown whenever anything about the answer is not plain. */
  readonly fact: Fact<Instant | null>;
  readonly failure?: AwsFailure;
}

/**
 * When a key was last used, by IAM itself. An error is unknown, never "never used"; so is an answer that names
 * another user. Never used means that date, service and Region are all absent or N/A.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKeyLastUsed.html
 */
export async function readLastUse(
  clients: AwsClients,
  clock: Clock,
  key: { readonly accessKeyId: string; readonly userName: string },
): Promise<LastUse> {
  try {
    const answer = await clients.limiter.run(() =>
      clients.iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: key.accessKeyId })),
    );
    return { fact: interpret(answer, key.userName, clock.now()) };
  } catch (error) {
    const failure = mapAwsError(error, SOURCE.lastUsed);
    return { fact: unknown(`${SOURCE.lastUsed} failed (${failure.code})`), failure };
  }
}

function interpret(
  { UserName, AccessKeyLastUsed }: GetAccessKeyLastUsedResponse,
  userName: string,
  readAt: Instant,
): Fact<Instant | null> {
  if (UserName !== undefined && UserName !== userName) {
    return unknown(`${SOURCE.lastUsed} speaks of user ${UserName}, not of ${userName}`);
  }
  if (AccessKeyLastUsed === undefined) return unknown(`${SOURCE.lastUsed} said nothing`);
  const { LastUsedDate, ServiceName, Region } = AccessKeyLastUsed;
  if (LastUsedDate !== undefined) return known(fromMillis(LastUsedDate.getTime()), readAt, SOURCE.lastUsed);
  if (ServiceName === 'N/A' && Region === 'N/A') return known(null, readAt, SOURCE.lastUsed);
  return unknown(`${SOURCE.lastUsed} gave no date but names ${ServiceName} in ${Region}`);
}

/** The later use of two sources, as fresh as the confirmation; an unknown confirmation makes it unknown. */
export function laterUse(
  reported: Fact<Instant | null> | undefined,
  confirmed: Fact<Instant | null>,
): Fact<Instant | null> {
  if (!isKnown(confirmed) || reported === undefined || !isKnown(reported)) return confirmed;
  if (reported.value === null) return confirmed;
  if (confirmed.value === null) return known(reported.value, confirmed.asOf, reported.source);
  const later = latest(reported.value, confirmed.value);
  return known(later, confirmed.asOf, later === confirmed.value ? confirmed.source : reported.source);
}
