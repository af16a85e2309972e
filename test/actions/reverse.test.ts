import { TagUserCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { GetResourcePolicyCommand, PutResourcePolicyCommand } from '@aws-sdk/client-secrets-manager';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChangeRequest, prepareChange, reverseRequest } from '../../lib/actions/index.ts';
import type { Credential } from '../../lib/domain/credential.ts';
import type { Scope } from '../../lib/domain/event.ts';
import { QUARANTINE_SID } from '../../lib/domain/quarantine-statement.ts';
import {
  type ActingWorld,
  actingWorld,
  apply,
  KEY_ID,
  REGION,
  seedKey,
  seedSecret,
  stateOf,
  USER,
} from './acting-world.ts';

const RUNS = { numRuns: 60 };

/** Undoes what was done, newest first, as the stored scopes say. */
async function undoAll(
  { clients }: ActingWorld,
  credential: Credential,
  done: readonly Awaited<ReturnType<typeof apply>>[],
  changes: readonly ChangeRequest['change'][],
): Promise<void> {
  for (const [index, { scope }] of [...done.entries()].toReversed()) {
    const change = changes[index];
    const request = change === undefined ? null : reverseRequest(change, credential, scope);
    if (request === null) throw new Error(`${change} has no reverse`);
    await apply(clients, request);
  }
}

const tagValue = fc.constantFrom('a', 'owner=bo', '');
const userTag = fc.constantFrom(
  'team',
  KEY_ID,
  `janitor:${KEY_ID}`,
  'janitor:AKIAEXAMPLEGONE00000',
  'janitor:protected',
);
const userTags = fc.dictionary(userTag, tagValue);

const principal = fc.constantFrom(
  '*',
  { AWS: '*' },
  { AWS: ['111122223333', '444455556666'] },
  { Service: 'rds.amazonaws.com' },
);
const statement = fc.record(
  {
    Sid: fc.constantFrom('A', 'B', 'C'),
    Effect: fc.constantFrom('Allow', 'Deny'),
    Principal: principal,
    Action: fc.constantFrom(
      'secretsmanager:*',
      ['secretsmanager:GetSecretValue'],
      'secretsmanager:DescribeSecret',
    ),
    Resource: fc.constantFrom('*', ['*']),
    Condition: fc.constantFrom(
      { StringEquals: { 'aws:PrincipalTag/team': ['x', 'é'] } },
      { Bool: { k: 'true' } },
    ),
  },
  { requiredKeys: ['Effect', 'Principal', 'Action'] },
);
const policy = fc.record(
  {
    Version: fc.constantFrom('2012-10-17', '2008-10-17'),
    Id: fc.string({ maxLength: 5 }),
    Statement: fc.oneof(statement, fc.array(statement, { minLength: 1, maxLength: 4 })),
  },
  { requiredKeys: ['Statement'] },
);

describe('G12: a change and its reverse give back the world as it was', () => {
  test('tagging and disabling an access key, whatever its user carries', async () => {
    const property = fc.asyncProperty(
      userTags,
      fc.subarray(['tag', 'disable'] as const),
      async (tags, changes) => {
        const world = actingWorld();
        const credential = seedKey(world, { tags });
        const before = stateOf(world.aws);
        const labels = { [`janitor:${KEY_ID}`]: 'owner=ana' };
        const done = [];
        for (const change of changes) {
          const obsolete = ['janitor:AKIAEXAMPLEGONE00000'];
          const request =
            change === 'tag' ? { change, credential, labels, obsolete } : { change, credential };
          done.push(await apply(world.clients, request));
        }
        await undoAll(world, credential, done, changes);
        expect(stateOf(world.aws)).toEqual(before);
      },
    );
    await fc.assert(property, RUNS);
  });

  test('quarantine and deletion of a secret, whatever its resource policy', async () => {
    const changes = fc.constantFrom(['disable'] as const, ['disable', 'delete'] as const);
    const property = fc.asyncProperty(fc.option(policy), changes, async (resourcePolicy, steps) => {
      const world = actingWorld();
      const credential = seedSecret(world, resourcePolicy === null ? {} : { resourcePolicy });
      const before = stateOf(world.aws);
      const done = [];
      for (const change of steps) done.push(await apply(world.clients, { change, credential }));
      await undoAll(world, credential, done, steps);
      expect(stateOf(world.aws)).toEqual(before);
    });
    await fc.assert(property, RUNS);
  });
});

describe('I8: what an owner changes in between survives the reverse', () => {
  test('statements added to, and removed from, the policy of a quarantined secret', async () => {
    const property = fc.asyncProperty(fc.array(statement), fc.array(statement), async (first, later) => {
      const world = actingWorld();
      const credential = seedSecret(
        world,
        first.length === 0 ? {} : { resourcePolicy: { Statement: first } },
      );
      const { scope } = await apply(world.clients, { change: 'disable', credential });
      const client = world.clients.secretsManager(REGION);
      const read = async (): Promise<{ Statement: { Sid?: string }[] } | undefined> => {
        const { ResourcePolicy } = await client.send(
          new GetResourcePolicyCommand({ SecretId: credential.id }),
        );
        return ResourcePolicy === undefined ? undefined : JSON.parse(ResourcePolicy);
      };
      const ours = (await read())?.Statement.filter(({ Sid }) => Sid === QUARANTINE_SID) ?? [];
      const edited = { Version: '2012-10-17', Statement: [...later, ...ours] };
      await client.send(
        new PutResourcePolicyCommand({ SecretId: credential.id, ResourcePolicy: JSON.stringify(edited) }),
      );
      await apply(world.clients, { change: 'enable', credential, quarantine: scope });
      expect(await read()).toEqual(later.length === 0 ? undefined : { ...edited, Statement: later });
    });
    await fc.assert(property, RUNS);
  });

  const edits = fc.record({
    status: fc.boolean(),
    label: fc.boolean(),
    tags: fc.dictionary(userTag, tagValue),
  });

  test("an owner's tags and status win", async () => {
    const property = fc.asyncProperty(edits, async (edit) => {
      const world = actingWorld();
      const credential = seedKey(world);
      const tagged = await apply(world.clients, { change: 'tag', credential, labels: LABELS, obsolete: [] });
      const disabled = await apply(world.clients, { change: 'disable', credential });
      await editAsOwner(world, edit);
      const untag = await prepareReverse(world, 'tag', credential, tagged.scope);
      const enable = await prepareReverse(world, 'disable', credential, disabled.scope);
      expect(untag).toMatchObject(edit.label ? { code: 'changed-since' } : { ok: true });
      expect(enable).toMatchObject(edit.status ? { code: 'changed-since' } : { ok: true });
    });
    await fc.assert(property, RUNS);
  });
});

const LABELS = { [`janitor:${KEY_ID}`]: 'owner=ana' };

async function editAsOwner(
  { clients }: ActingWorld,
  { status, label, tags }: { status: boolean; label: boolean; tags: Record<string, string> },
): Promise<void> {
  const set = Object.entries({ ...tags, ...LABELS, ...(label ? { [`janitor:${KEY_ID}`]: 'mine' } : {}) });
  const Tags = set.map(([Key, Value]) => ({ Key, Value }));
  await clients.iam.send(new TagUserCommand({ UserName: USER.name, Tags }));
  if (!status) return;
  const key = { UserName: USER.name, AccessKeyId: KEY_ID, Status: 'Active' } as const;
  await clients.iam.send(new UpdateAccessKeyCommand(key));
}

async function prepareReverse(
  { clients }: ActingWorld,
  change: ChangeRequest['change'],
  credential: Credential,
  scope: Scope,
) {
  const request = reverseRequest(change, credential, scope);
  if (request === null) throw new Error(`${change} has no reverse`);
  return prepareChange(clients, request);
}
