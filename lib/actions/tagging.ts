import type { Credential } from '../domain/credential.ts';
import type { Scope } from '../domain/event.ts';
import type { Attempt, AttemptOptions, Read } from './attempt.ts';
import { type ChangeRequest, type Performed, type Prepared, type ReadBack, refused } from './change.ts';
import {
  observedTags,
  planTags,
  type TagCase,
  type TagPlan,
  type TagState,
  type Tags,
  tagStateSchema,
  tagsMatch,
} from './tag-plan.ts';

/** What carries tags: a user or a secret, with the two calls that change them. */
export interface TagHolder {
  readonly setAction: string;
  readonly removeAction: string;
  readonly rule: TagCase;
  readonly read: () => Promise<Read<Tags>>;
  readonly set: (tags: Tags, options: AttemptOptions) => Promise<Attempt<unknown>>;
  readonly remove: (keys: readonly string[], options: AttemptOptions) => Promise<Attempt<unknown>>;
}

export type TagRequest = Extract<ChangeRequest, { change: 'tag' }>;

/** The calls of an action such as `iam:TagUser+iam:UntagUser`, in the order they are sent. */
const JOIN = '+';

/** The action, before and after of a tag change; the caller adds resource and parameters. */
export async function prepareTags(
  holder: Omit<TagHolder, 'set' | 'remove'>,
  request: TagRequest,
): Promise<
  | { readonly ok: true; readonly plan: TagPlan; readonly scope: Pick<Scope, 'action' | 'before' | 'after'> }
  | Extract<Prepared, { ok: false }>
> {
  const left = tagStateSchema.safeParse(request.undoes?.after).data?.tags;
  const current = await holder.read();
  if (!current.ok) return refused(current.code === 'not-found' ? 'gone' : 'unreadable', current.reason);
  const { labels, obsolete } = request;
  const wanted = { labels, obsolete, ...(left === undefined ? {} : { left }) };
  const planned = planTags(current.value, wanted, holder.rule);
  if (!planned.ok) return planned;
  const { plan } = planned;
  const calls = [
    ...(Object.keys(plan.set).length > 0 ? [holder.setAction] : []),
    ...(plan.remove.length > 0 ? [holder.removeAction] : []),
  ];
  if (plan.removeFirst) calls.reverse();
  const scope = { action: calls.join(JOIN), before: { tags: plan.before }, after: { tags: plan.after } };
  return { ok: true, plan, scope };
}

/** What a stored tag scope says, once its own module has understood it. */
export interface TagScope {
  readonly action: string;
  readonly set: Tags;
  readonly remove: readonly string[];
  readonly before: TagState;
  readonly after: TagState;
}

/** Whether an action is made of these two calls. */
export function isTagAction(action: string, setAction: string, removeAction: string): boolean {
  return action.split(JOIN).every((call) => call === setAction || call === removeAction);
}

/**
 * Two calls are two attempts: when the first was accepted and the second was not, the change is neither made nor
 * refused, which is `unknown` and for the read-back to tell.
 */
export async function sendTags(
  scope: TagScope,
  holder: TagHolder,
  options: AttemptOptions,
): Promise<Performed> {
  const requestIds: string[] = [];
  for (const call of scope.action.split(JOIN)) {
    const answer =
      call === holder.setAction
        ? await holder.set(scope.set, options)
        : await holder.remove(scope.remove, options);
    if (answer.outcome === 'unknown') return answer;
    if (answer.outcome === 'rejected' && requestIds.length > 0) {
      return {
        outcome: 'unknown',
        reason: `only the first call of ${scope.action} was accepted; ${answer.reason}`,
      };
    }
    if (answer.outcome === 'rejected') return answer;
    requestIds.push(...answer.requestIds);
  }
  return { outcome: 'accepted', requestIds };
}

export async function readBackTags(scope: TagScope, holder: TagHolder): Promise<ReadBack> {
  const current = await holder.read();
  if (!current.ok) {
    const state = current.code === 'not-found' ? 'other' : 'unreadable';
    return { state, observed: { reason: current.reason } };
  }
  const observed = { tags: observedTags(current.value, [scope.before, scope.after], holder.rule) };
  if (tagsMatch(current.value, scope.after, holder.rule)) return { state: 'applied', observed };
  return { state: tagsMatch(current.value, scope.before, holder.rule) ? 'not-applied' : 'other', observed };
}

export function describeTags({ action, after }: TagScope, label: string): string {
  const tags = Object.entries(after).map(([key, value]) =>
    value === null ? `${key} removed` : `${key} = "${value}"`,
  );
  return `Tag ${label} (${action} ${tags.join(', ')})`;
}

/** The request that undoes a tag change: the old values back, what was new removed. */
export function undoTags(credential: Credential, scope: Scope): TagRequest {
  const before = Object.entries(tagStateSchema.parse(scope.before).tags);
  const labels = Object.fromEntries(before.flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
  const obsolete = before.flatMap(([key, value]) => (value === null ? [key] : []));
  return { change: 'tag', credential, labels, obsolete, undoes: scope };
}
