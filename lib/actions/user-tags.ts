import { type IAMClient, paginateListUserTags, TagUserCommand, UntagUserCommand } from '@aws-sdk/client-iam';
import * as z from '../domain/zod.ts';
import { keyAddress, userLabel } from './access-key-holder.ts';
import { type ActingClients, attempt, mustNotRetry, read } from './attempt.ts';
import type { ChangeReader, Prepared } from './change.ts';
import { tagList, tagMap, tagStateSchema } from './tag-plan.ts';
import {
  describeTags,
  isTagAction,
  prepareTags,
  readBackTags,
  sendTags,
  type TagHolder,
  type TagRequest,
} from './tagging.ts';

const SET = 'iam:TagUser';
const REMOVE = 'iam:UntagUser';
const scopeSchema = z.lazy(() =>
  z.strictObject({
    action: z.string().check(z.refine((action) => isTagAction(action, SET, REMOVE))),
    resource: z.string(),
    parameters: z.strictObject({
      UserName: z.string(),
      Tags: z.record(z.string(), z.string()),
      TagKeys: z.array(z.string()),
    }),
    before: tagStateSchema,
    after: tagStateSchema,
  }),
);

function userTags(iam: IAMClient, userName: string): TagHolder {
  return {
    setAction: SET,
    removeAction: REMOVE,
    rule: 'insensitive',
    read: () =>
      read('iam:ListUserTags', async () => {
        const tags = [];
        for await (const page of paginateListUserTags({ client: iam }, { UserName: userName })) {
          tags.push(...(page.Tags ?? []));
        }
        return tagMap(tags);
      }),
    set: (tags, options) =>
      attempt(SET, options, (http) =>
        iam.send(new TagUserCommand({ UserName: userName, Tags: tagList(tags) }), http),
      ),
    remove: (keys, options) =>
      attempt(REMOVE, options, (http) =>
        iam.send(new UntagUserCommand({ UserName: userName, TagKeys: [...keys] }), http),
      ),
  };
}

/**
 * Access keys cannot be tagged: their tags sit on the user, one per key (`janitor:<access key id>`). The tag whose
 * key is the bare access key id is the console's description of the key and is never touched.
 */
export async function prepareUserTags(clients: ActingClients, request: TagRequest): Promise<Prepared> {
  const key = keyAddress(request.credential);
  if (!key.ok) return key.refusal;
  const { userArn, userName } = key.address;
  const prepared = await prepareTags(userTags(clients.iam, userName), request);
  if (!prepared.ok) return prepared;
  const parameters = { UserName: userName, Tags: prepared.plan.set, TagKeys: prepared.plan.remove };
  return { ok: true, scope: { ...prepared.scope, resource: userArn, parameters } };
}

export const readUserTagChange: ChangeReader = (scope) => {
  const parsed = scopeSchema.safeParse(scope);
  if (!parsed.success) return undefined;
  const { action, resource, parameters, before, after } = parsed.data;
  const { UserName, Tags: set, TagKeys: remove } = parameters;
  const tags = { action, set, remove, before: before.tags, after: after.tags };
  return {
    async perform(clients, options) {
      await mustNotRetry(clients.iam);
      return sendTags(tags, userTags(clients.iam, UserName), options);
    },
    readBack: (clients) => readBackTags(tags, userTags(clients.iam, UserName)),
    describe: () => describeTags(tags, `user ${userLabel(resource)}`),
  };
};
