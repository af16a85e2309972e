import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { explain, renderExplanation, verifyLedger } from '../../lib/ledger/index.ts';
import { approvePlan, placeHold, restoreCredential } from '../../lib/sweep/index.ts';
import { TABLES } from '../world/janitor-process.ts';
import { MAIN } from '../world/places.ts';
import { Ground } from './ground.ts';

const VALUE = 'planted-secret-value-of-the-database-7Gq';
const KEY_SECRET = 'x7Qp2Lm9Zt4Rk8Vb3Nc6Ws1Jd5Hf0GyTAeXuIoBC';

/** Whatever was stored or said, as text; compressed objects unpacked. */
function everythingStored(ground: Ground): string[] {
  const items = Object.values(TABLES).flatMap((name) => ground.dynamo.table(name).all());
  const objects = [...ground.evidence].map(([key, bytes]) => `${key} ${unpacked(bytes).toString('latin1')}`);
  const letters = ground.outbox.letters.map(({ notice }) => JSON.stringify(notice));
  return [
    ...items.map((item) => JSON.stringify(item)),
    ...objects,
    ...letters,
    JSON.stringify(ground.aws.calls.all),
  ];
}

function unpacked(bytes: Uint8Array): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : Buffer.from(bytes);
}

function said(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error);
  const { cause } = error;
  return `${error.stack} ${JSON.stringify({ ...error })} ${cause === undefined ? '' : said(cause)}`;
}

test('I20 G7 no secret value is ever written or said: ledger, state, manifests, notices, results, errors', async () => {
  const ground = await Ground.create();
  const key = ground.key({ user: 'deployer', secretAccessKey: KEY_SECRET });
  const secret = ground.secret({ name: 'app/db', value: VALUE });
  const results: unknown[] = [];
  const sweepAll = async () => results.push(await ground.sweep());

  await sweepAll();
  await ground.wait(15);
  await sweepAll();
  await ground.wait(31);
  const { plans } = await ground.sweep();
  for (const { planId } of plans) results.push(await approvePlan(ground.desk('bob'), planId));
  await sweepAll();
  results.push(
    await restoreCredential(await ground.context({ by: 'dave' }), secret, { reason: 'it is needed' }),
  );

  const failures: unknown[] = [];
  for (const operation of ['ListSecrets', 'PutItem', 'Put']) {
    const fault = ground.aws.faults.add({
      match: { process: 'sweeper', operation },
      effect: 'error',
      times: Infinity,
    });
    await ground.wait(1);
    await ground.sweep().then(
      (result) => results.push(result),
      (error: unknown) => failures.push(error),
    );
    fault.remove();
  }
  expect(failures.length).toBeGreaterThan(0);

  const context = await ground.context();
  results.push(await verifyLedger(context));
  for (const id of [key.id, key.keyId, secret, `notice/${MAIN}/1`, plans[0]?.planId ?? '']) {
    const explanation = await explain(context, id, { now: ground.now() });
    results.push(explanation, renderExplanation(explanation));
  }

  const texts = [
    ...everythingStored(ground),
    ...results.map((result) => JSON.stringify(result)),
    ...failures.map(said),
  ];
  expect(texts.some((text) => text.includes(key.keyId))).toBe(true);
  expect(ground.of('step.done').map(({ data }) => data.change)).toContain('undelete');
  for (const planted of [
    VALUE,
    KEY_SECRET,
    Buffer.from(VALUE).toString('base64'),
    encodeURIComponent(KEY_SECRET),
  ]) {
    expect(texts.filter((text) => text.includes(planted))).toEqual([]);
  }
});

test('the search would find a value: it finds the names of what was planted', async () => {
  const ground = await Ground.create();
  ground.secret({ name: 'app/db' });
  await ground.sweep();
  const texts = everythingStored(ground);
  expect(texts.filter((text) => text.includes('app/db')).length).toBeGreaterThan(2);
  expect(texts.some((text) => text.startsWith('manifests/') && text.includes('app/db'))).toBe(true);
});

test('what somebody types is refused when it looks like a secret, and the refusal does not repeat it', async () => {
  const ground = await Ground.create();
  const key = ground.key({ user: 'deployer' });
  await ground.sweep();
  const before = ground.written.length;
  const hold = {
    kind: 'manual',
    reason: `the key is ${KEY_SECRET}`,
    until: plus(ground.now(), DAY_MS),
  } as const;
  const refusal = await placeHold(ground.desk('dave'), key.id, hold).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'secret-shaped' });
  expect(said(refusal)).not.toContain(KEY_SECRET);
  expect(ground.written).toHaveLength(before);
});
