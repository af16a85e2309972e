import {
  ListServiceSpecificCredentialsCommand,
  type ServiceSpecificCredentialMetadata,
} from '@aws-sdk/client-iam';
import { type AwsClients, type AwsFailure, mapAwsError } from '../aws/index.ts';
import {
  type Credential,
  type Facts,
  type Principal,
  serviceSpecificCredentialId,
} from '../domain/credential.ts';
import { type Fact, known, unknown } from '../domain/fact.ts';
import { type Clock, fromMillis, type Instant } from '../domain/time.ts';
import { SOURCE } from './source.ts';
import { statusWord } from './status-word.ts';

/** One service-specific credential as listed. */
export interface ListedServiceCredential {
  readonly credentialId: string;
  readonly status: string | undefined;
  readonly createdAt: Instant | undefined;
  /** null: no expiry. */
  readonly expiresAt: Instant | null;
  readonly service: string | undefined;
  readonly readAt: Instant;
}

export interface ReadServiceCredentials {
  /** By user name. */
  readonly byUser: ReadonlyMap<string, readonly ListedServiceCredential[]>;
  readonly failure?: AwsFailure;
}

/** All users in one listing, all pages. Keeps what it read when a page fails. */
export async function readServiceCredentials(
  clients: AwsClients,
  clock: Clock,
): Promise<ReadServiceCredentials> {
  const byUser = new Map<string, ListedServiceCredential[]>();
  let marker: string | undefined;
  try {
    do {
      const input = { AllUsers: true, Marker: marker };
      const page = await clients.limiter.run(() =>
        clients.iam.send(new ListServiceSpecificCredentialsCommand(input)),
      );
      const readAt = clock.now();
      for (const each of page.ServiceSpecificCredentials ?? []) keep(byUser, each, readAt);
      marker = page.IsTruncated === true ? page.Marker : undefined;
    } while (marker !== undefined);
    return { byUser };
  } catch (error) {
    return { byUser, failure: mapAwsError(error, SOURCE.serviceSpecific) };
  }
}

function keep(
  byUser: Map<string, ListedServiceCredential[]>,
  each: ServiceSpecificCredentialMetadata,
  readAt: Instant,
): void {
  const { UserName, ServiceSpecificCredentialId } = each;
  if (UserName === undefined || ServiceSpecificCredentialId === undefined) return;
  const listed = byUser.get(UserName) ?? [];
  byUser.set(UserName, listed);
  listed.push({
    credentialId: ServiceSpecificCredentialId,
    status: each.Status,
    createdAt: each.CreateDate === undefined ? undefined : fromMillis(each.CreateDate.getTime()),
    expiresAt: each.ExpirationDate === undefined ? null : fromMillis(each.ExpirationDate.getTime()),
    service: each.ServiceName,
    readAt,
  });
}

export function serviceSpecificCredential(
  accountId: string,
  principal: Principal,
  tags: Facts['tags'],
  listed: ListedServiceCredential,
): Credential {
  const fact = <T>(value: T | undefined, what: string): Fact<T> =>
    value === undefined
      ? unknown(`${SOURCE.serviceSpecific} gave no ${what}`)
      : known(value, listed.readAt, SOURCE.serviceSpecific);
  return {
    id: serviceSpecificCredentialId(principal.arn, listed.credentialId),
    kind: 'service-specific-credential',
    accountId,
    region: 'global',
    name: listed.credentialId,
    principal,
    facts: {
      status: fact(listed.status === undefined ? undefined : statusWord(listed.status), 'status'),
      createdAt: fact(listed.createdAt, 'creation date'),
      expiresAt: known(listed.expiresAt, listed.readAt, SOURCE.serviceSpecific),
      service: fact(listed.service, 'service'),
      tags,
    },
  };
}
