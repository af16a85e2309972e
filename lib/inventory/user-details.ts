import { GetAccountAuthorizationDetailsCommand, type UserDetail } from '@aws-sdk/client-iam';
import { type AwsClients, type AwsFailure, mapAwsError } from '../aws/index.ts';
import { type Fact, known, unknown } from '../domain/fact.ts';
import { withoutSecret } from '../domain/secret-shape.ts';
import { type Clock, fromMillis, type Instant } from '../domain/time.ts';
import { SOURCE } from './source.ts';

/** What the authorization details say of a user, policies left out. */
export interface UserDetails {
  readonly arn: string;
  readonly userId: string | undefined;
  readonly path: string;
  readonly groups: readonly string[];
  readonly createdAt: Instant | undefined;
  readonly tags: Fact<Record<string, string>>;
}

export interface ReadDetails {
  /** By user name. */
  readonly users: ReadonlyMap<string, UserDetails>;
  /** Set when not every page was read: whoever is missing in `users` is unknown, not gone. */
  readonly failure?: AwsFailure;
}

const USERS_PER_PAGE = 1000;

/** All pages of all users; empty pages are pages too. Keeps what it read when a page fails. */
export async function readUserDetails(
  clients: AwsClients,
  clock: Clock,
  onPage: (users: number) => void,
): Promise<ReadDetails> {
  const users = new Map<string, UserDetails>();
  let marker: string | undefined;
  try {
    do {
      const input = { Filter: ['User' as const], MaxItems: USERS_PER_PAGE, Marker: marker };
      const page = await clients.limiter.run(() =>
        clients.iam.send(new GetAccountAuthorizationDetailsCommand(input)),
      );
      const readAt = clock.now();
      for (const user of page.UserDetailList ?? []) keep(users, user, readAt);
      marker = page.IsTruncated === true ? page.Marker : undefined;
      onPage(users.size);
    } while (marker !== undefined);
    return { users };
  } catch (error) {
    return { users, failure: mapAwsError(error, SOURCE.details) };
  }
}

function keep(users: Map<string, UserDetails>, user: UserDetail, readAt: Instant): void {
  const { UserName, Arn, UserId, Path, GroupList, CreateDate, Tags } = user;
  if (UserName === undefined || Arn === undefined) return;
  users.set(UserName, {
    arn: Arn,
    userId: UserId,
    path: Path ?? pathOfUserArn(Arn),
    groups: [...(GroupList ?? [])].sort(),
    createdAt: CreateDate === undefined ? undefined : fromMillis(CreateDate.getTime()),
    tags: known(tagRecord(Tags ?? []), readAt, SOURCE.details),
  });
}

/** Tags as a record; AWS allows each key once. Anybody may tag: what looks like a secret is left out while reading. */
export function tagRecord(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
): Record<string, string> {
  return Object.fromEntries(
    tags.flatMap(({ Key, Value }) =>
      Key === undefined ? [] : [[withoutSecret(Key), withoutSecret(Value ?? '')]],
    ),
  );
}

/** `/ci/` of `arn:aws:iam::111122223333:user/ci/deployer`. */
export function pathOfUserArn(arn: string): string {
  const resource = arn.slice(arn.indexOf(':user/') + ':user'.length);
  return resource.slice(0, resource.lastIndexOf('/') + 1);
}

/** Why a user that the details do not show has unknown tags. */
export function tagsUnread(failure: AwsFailure | undefined) {
  return unknown(
    failure === undefined
      ? `the user is not among the answers of ${SOURCE.details}`
      : `${SOURCE.details} failed (${failure.code})`,
  );
}
