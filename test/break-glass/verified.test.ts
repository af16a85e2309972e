import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, it } from 'vitest';
import { DynamoDecisionLedger, StateProjection, verifyLedger } from '../../lib/ledger/index.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { directClient } from '../world/dynamo/direct-client.ts';
import { AfterUseGround } from './after-use-ground.ts';

/** A use that showed a secret, with everything that follows it. */
async function followed() {
  const scene = await AfterUseGround.open();
  const { ground } = scene;
  ground.aws.account(ACCOUNT).addSecret('eu-central-1', { name: 'orders/db', value: 'a value' });
  const session = await ground.started();
  await new SecretsManagerClient(scene.as(session)).send(
    new GetSecretValueCommand({ SecretId: 'orders/db' }),
  );
  await scene.giveBack();
  ground.pass(40);
  await scene.round();
  const client = directClient(async (operation, input) => ground.dynamo.run(operation, input));
  const verify = () =>
    verifyLedger({
      ledger: new DynamoDecisionLedger({ client, tableName: 'ledger' }),
      state: new StateProjection({ client, tableName: 'state' }),
      evidence: scene.store(),
    });
  return { scene, verify };
}

it('I10: after a use, its evidence, its findings and its notices the ledger verifies', async () => {
  const { verify } = await followed();
  expect(await verify()).toMatchObject({ ok: true, problems: [], repairable: [] });
});

it.each<[string, string, (scene: AfterUseGround, key: string) => void]>([
  ['gone', 'evidence-missing', ({ objects }, key) => objects.delete(key)],
  ['another', 'evidence-altered', ({ objects }, key) => objects.set(key, Buffer.from('{"events":[]}'))],
])('G7: evidence that is %s shows', async (_name, code, alter) => {
  const { scene, verify } = await followed();
  for (const key of [...scene.objects.keys()]) alter(scene, key);
  expect(await verify()).toMatchObject({ ok: false, problems: [{ code }] });
});
