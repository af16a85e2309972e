import { LABEL_PREFIX } from './label.ts';
import * as z from './zod.ts';

/**
 * The store of an IAM user's access key: a secret whose value is a JSON document with the key. It is recognised by its
 * tag `janitor:iam-user` (the user's name or ARN) or, when the policy has one, by a rule for its name.
 */
export const STORE_USER_TAG = `${LABEL_PREFIX}iam-user`;
/** Id of the key that is current in the store, set by each finished rotation: sweeps need not read the value. */
export const STORE_KEY_TAG = `${LABEL_PREFIX}access-key-id`;
/** Tag and value of users whose keys the janitor may make. */
export const MANAGED_TAG = `${LABEL_PREFIX}rotation`;
export const MANAGED = 'managed';

/** What the fields of a store's document are called. Every other field of a document is kept as it is. */
export const documentFieldsSchema = z.lazy(() =>
  z.strictObject({
    accessKeyId: z.string().check(z.minLength(1)),
    secretAccessKey: z.string().check(z.minLength(1)),
    userName: z.string().check(z.minLength(1)),
  }),
);
export type DocumentFields = z.infer<typeof documentFieldsSchema>;
export const DOCUMENT_FIELDS: DocumentFields = {
  accessKeyId: 'accessKeyId',
  secretAccessKey: 'secretAccessKey',
  userName: 'userName',
};

/** How stores are recognised beside their tag: `/iam-users/{userName}`. */
export interface StoreRules {
  readonly name?: string | undefined;
}

const PLACE = '{userName}';

/** A secret as a listing shows it. */
export interface StoreCandidate {
  /** ARN. */
  readonly secretId: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface StoredUser {
  readonly userName: string;
  readonly arn: string;
}

/** What says which user a secret is for, and the user's name or ARN as it says it; undefined when nothing does. */
export function userOfStore(
  { tags, name }: Pick<StoreCandidate, 'name' | 'tags'>,
  rules: StoreRules,
): { readonly by: 'tag' | 'name'; readonly user: string } | undefined {
  const tagged = tags[STORE_USER_TAG];
  if (tagged !== undefined && tagged !== '') return { by: 'tag', user: tagged };
  const named = rules.name === undefined ? undefined : userInName(name, rules.name);
  return named === undefined ? undefined : { by: 'name', user: named };
}

/** Whether `said`, the name or ARN of a user, means this one. Names of users are unique without regard to case. */
export function meansUser(said: string, { userName, arn }: StoredUser): boolean {
  return said.startsWith('arn:') ? said === arn : said.toLowerCase() === userName.toLowerCase();
}

function userInName(name: string, rule: string): string | undefined {
  const [before = '', after = ''] = rule.split(PLACE);
  if (!name.startsWith(before) || !name.endsWith(after)) return undefined;
  const user = name.slice(before.length, name.length - after.length);
  return /^[\w+=,.@-]{1,64}$/.test(user) && name.length === before.length + user.length + after.length
    ? user
    : undefined;
}

export type FoundStore =
  | { readonly outcome: 'found'; readonly by: 'tag' | 'name'; readonly store: StoreCandidate }
  | { readonly outcome: 'none' }
  /** The only store of the user says that it holds another of the user's keys. */
  | { readonly outcome: 'other-key'; readonly store: StoreCandidate; readonly holds: string }
  /** Several secrets are for this user, and none says that it holds this key. */
  | { readonly outcome: 'several'; readonly stores: readonly StoreCandidate[] };

/**
 * The store of one key of a user among secrets, without reading any value. A secret that says it holds the key is its
 * store; else the only one that is for the user, unless it says that it holds another key. Tags come before names.
 */
export function findStore(
  user: StoredUser,
  accessKeyId: string,
  candidates: readonly StoreCandidate[],
  rules: StoreRules,
): FoundStore {
  const ofUser = candidates.flatMap((store) => {
    const named = userOfStore(store, rules);
    return named !== undefined && meansUser(named.user, user) ? [{ store, by: named.by }] : [];
  });
  const tagged = ofUser.filter(({ by }) => by === 'tag');
  const considered = tagged.length > 0 ? tagged : ofUser;
  const holding = considered.filter(({ store }) => store.tags[STORE_KEY_TAG] === accessKeyId);
  const [only, ...others] = holding.length > 0 ? holding : considered;
  if (only === undefined) return { outcome: 'none' };
  if (others.length > 0) return { outcome: 'several', stores: [only, ...others].map(({ store }) => store) };
  const holds = only.store.tags[STORE_KEY_TAG];
  if (holds !== undefined && holds !== accessKeyId) return { outcome: 'other-key', store: only.store, holds };
  return { outcome: 'found', ...only };
}
