import {
  DescribeSecretCommand,
  type SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import * as z from '../domain/zod.ts';
import { type ActingClients, attempt, mustNotRetry, read } from './attempt.ts';
import type { ChangeReader, Prepared } from './change.ts';
import { secretLabel, untouchable } from './secret-holder.ts';
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

const SET = 'secretsmanager:TagResource';
const REMOVE = 'secretsmanager:UntagResource';
const scopeSchema = z.lazy(() =>
  z.strictObject({
    action: z.string().check(z.refine((action) => isTagAction(action, SET, REMOVE))),
    resource: z.string(),
    region: z.string(),
    parameters: z.strictObject({
      SecretId: z.string(),
      Tags: z.record(z.string(), z.string()),
      TagKeys: z.array(z.string()),
    }),
    before: tagStateSchema,
    after: tagStateSchema,
  }),
);

function secretTags(client: SecretsManagerClient, arn: string): TagHolder {
  return {
    setAction: SET,
    removeAction: REMOVE,
    rule: 'sensitive',
    read: () =>
      read('secretsmanager:DescribeSecret', async () => {
        const secret = await client.send(new DescribeSecretCommand({ SecretId: arn }));
        return tagMap(secret.Tags ?? []);
      }),
    set: (tags, options) =>
      attempt(SET, options, (http) =>
        client.send(new TagResourceCommand({ SecretId: arn, Tags: tagList(tags) }), http),
      ),
    remove: (keys, options) =>
      attempt(REMOVE, options, (http) =>
        client.send(new UntagResourceCommand({ SecretId: arn, TagKeys: [...keys] }), http),
      ),
  };
}

export async function prepareSecretTags(clients: ActingClients, request: TagRequest): Promise<Prepared> {
  const { id, region } = request.credential;
  const refusal = untouchable(request.credential);
  if (refusal !== undefined) return refusal;
  const prepared = await prepareTags(secretTags(clients.secretsManager(region), id), request);
  if (!prepared.ok) return prepared;
  const parameters = { SecretId: id, Tags: prepared.plan.set, TagKeys: prepared.plan.remove };
  return { ok: true, scope: { ...prepared.scope, resource: id, region, parameters } };
}

export const readSecretTagChange: ChangeReader = (scope) => {
  const parsed = scopeSchema.safeParse(scope);
  if (!parsed.success) return undefined;
  const { action, resource, region, parameters, before, after } = parsed.data;
  const { SecretId, Tags: set, TagKeys: remove } = parameters;
  const tags = { action, set, remove, before: before.tags, after: after.tags };
  return {
    async perform(clients, options) {
      const client = clients.secretsManager(region);
      await mustNotRetry(client);
      return sendTags(tags, secretTags(client, SecretId), options);
    },
    readBack: (clients) => readBackTags(tags, secretTags(clients.secretsManager(region), SecretId)),
    describe: () => describeTags(tags, secretLabel(resource)),
  };
};
