import type { Change } from './chronicle.ts';
import type { WorldCredential } from './scenery.ts';

/** What AWS durably holds of a credential, by its own change log. */
export interface Truth {
  readonly status: 'Active' | 'Inactive' | 'Absent';
  /** A secret's resource policy. */
  readonly policy: string | null;
  /** A secret in its recovery window. */
  readonly deleted: boolean;
}

/** The state right before a place in the order of things; without one, now. */
export function truthOf(
  changes: readonly Change[],
  credential: WorldCredential,
  before = Number.POSITIVE_INFINITY,
): Truth {
  let truth: Truth = { ...credential.initial, deleted: false };
  for (const change of changes) {
    if (change.tick >= before) break;
    if (change.credential?.id === credential.id) truth = applied(truth, change);
  }
  return truth;
}

function applied(truth: Truth, { record: { after } }: Change): Truth {
  if (after === null) return { ...truth, status: 'Absent' };
  if (typeof after !== 'object' || Array.isArray(after)) return truth;
  const { status, policy, deleted } = { status: undefined, policy: undefined, deleted: undefined, ...after };
  return {
    status: status === 'Active' || status === 'Inactive' ? status : truth.status,
    policy: typeof policy === 'string' || policy === null ? policy : truth.policy,
    deleted: typeof deleted === 'boolean' ? deleted : truth.deleted,
  };
}

/** The values a tag of a credential's holder had between two places in the order of things, the first one included. */
export function tagValuesBetween(
  changes: readonly Change[],
  credential: WorldCredential,
  tag: string,
  from: number,
  to: number,
): ReadonlySet<string | undefined> {
  let value = tag === 'owner' ? credential.owner : undefined;
  const values = new Set<string | undefined>();
  for (const change of changes) {
    if (change.tick > to) break;
    const tags = isHolder(change, credential) ? tagsAfter(change) : undefined;
    if (tags === undefined) continue;
    if (change.tick > from) values.add(value);
    value = tags[tag];
  }
  return values.add(value);
}

function isHolder({ record: { target, accountId } }: Change, credential: WorldCredential): boolean {
  return accountId === credential.accountId && target === (credential.user ?? credential.target);
}

/** All tags after a change that sets tags. */
export function tagsAfter({
  record: { after },
}: Pick<Change, 'record'>): Readonly<Record<string, string>> | undefined {
  return tagsIn(after);
}

export function tagsBefore({
  record: { before },
}: Pick<Change, 'record'>): Readonly<Record<string, string>> | undefined {
  return tagsIn(before);
}

/** The tags in a description of a holder; undefined when it describes something else. */
export function tagsIn(description: Change['record']['after']): Readonly<Record<string, string>> | undefined {
  if (typeof description !== 'object' || description === null || !('tags' in description)) return undefined;
  const { tags } = description;
  if (typeof tags !== 'object' || tags === null) return undefined;
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]));
}
