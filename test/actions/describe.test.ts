import { expect, test } from 'vitest';
import { describeChange } from '../../lib/actions/index.ts';
import { QUARANTINE_STATEMENT } from '../../lib/domain/quarantine-statement.ts';
import { disableScope } from '../builders/history.ts';
import { actingWorld, apply, KEY_ID, scopeOf, seedKey, seedSecret } from './acting-world.ts';

const KEY = `janitor:${KEY_ID}`;

test('an access key, for people (G2)', async () => {
  const { clients, ...rest } = actingWorld();
  const credential = seedKey({ clients, ...rest }, { tags: { 'janitor:AKIAEXAMPLEGONE00000': 'owner=bo' } });
  const labels = { [KEY]: 'owner=ana' };
  const obsolete = ['janitor:AKIAEXAMPLEGONE00000'];
  expect(describeChange(await scopeOf(clients, { change: 'tag', credential, labels, obsolete }))).toBe(
    `Tag user ci/deployer (iam:TagUser+iam:UntagUser ${KEY} = "owner=ana", janitor:AKIAEXAMPLEGONE00000 removed)`,
  );
  const { scope } = await apply(clients, { change: 'disable', credential });
  expect(describeChange(scope)).toBe(
    `Disable access key ${KEY_ID} of user ci/deployer (iam:UpdateAccessKey Status Active -> Inactive)`,
  );
  expect(describeChange(await scopeOf(clients, { change: 'enable', credential, quarantine: scope }))).toBe(
    `Enable access key ${KEY_ID} of user ci/deployer (iam:UpdateAccessKey Status Inactive -> Active)`,
  );
  expect(describeChange(await scopeOf(clients, { change: 'delete', credential }))).toBe(
    `Delete access key ${KEY_ID} of user ci/deployer (iam:DeleteAccessKey, irreversible)`,
  );
});

test('a secret, for people (G2)', async () => {
  const world = actingWorld();
  const { clients } = world;
  const credential = seedSecret(world, {
    resourcePolicy: { Statement: { ...QUARANTINE_STATEMENT, Sid: 'Other', Effect: 'Allow' } },
  });
  const labels = { 'janitor:owner': 'ana' };
  expect(describeChange(await scopeOf(clients, { change: 'tag', credential, labels, obsolete: [] }))).toBe(
    'Tag secret prod/db in eu-central-1 (secretsmanager:TagResource janitor:owner = "ana")',
  );
  const { scope } = await apply(clients, { change: 'disable', credential });
  expect(describeChange(scope)).toBe(
    'Quarantine secret prod/db in eu-central-1 (secretsmanager:PutResourcePolicy adds the Deny CredentialJanitorQuarantine, other statements kept: 1)',
  );
  expect(describeChange(await scopeOf(clients, { change: 'enable', credential, quarantine: scope }))).toBe(
    'Release secret prod/db in eu-central-1 (secretsmanager:PutResourcePolicy removes the Deny CredentialJanitorQuarantine, other statements kept: 1)',
  );
  const deletion = await apply(clients, { change: 'delete', credential });
  expect(describeChange(deletion.scope)).toBe(
    'Delete secret prod/db in eu-central-1 (secretsmanager:DeleteSecret RecoveryWindowInDays 30)',
  );
  const undelete = await scopeOf(clients, { change: 'undelete', credential, deletion: deletion.scope });
  expect(describeChange(undelete)).toBe(
    'Restore secret prod/db in eu-central-1 from planned deletion (secretsmanager:RestoreSecret)',
  );
});

test.each([
  ['an action nobody writes', disableScope({ action: 'iam:DeleteUser' })],
  ['a parameter nobody writes', disableScope({ parameters: { UserName: 'deployer', Status: 'Inactive' } })],
  ['a status nobody writes', disableScope({ after: { status: 'Expired' } })],
])('a stored scope with %s is refused, naming it', (_what, scope) => {
  expect(() => describeChange(scope)).toThrow(expect.objectContaining({ code: 'scope-unknown' }));
});
