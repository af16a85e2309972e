import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { HttpHandler } from '@smithy/core/protocols';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedDynamo, embeddedDynamo } from '../../../lib/embedded-aws/index.ts';
import { createProofTable, DynamoProofStore } from '../../../lib/identity/index.ts';
import { chainOf, openScene, present } from './scene.ts';

const TABLE = 'proofs';
const UNTIL = '2026-03-01T10:10:00.000Z';

let dynamo: EmbeddedDynamo;

function storeOver(requestHandler: HttpHandler, maxAttempts = 1): DynamoProofStore {
  const credentials = { accessKeyId: 'AKIAEXAMPLEEXAMPLE00', secretAccessKey: 'example' };
  const client = new DynamoDBClient({ region: 'eu-central-1', credentials, requestHandler, maxAttempts });
  return new DynamoProofStore({ client, tableName: TABLE });
}

/** DynamoDB that does the first Put and loses its answer; `reads` says whether it can be read afterwards. */
function losingFirstPut({ reads }: { readonly reads: boolean }): HttpHandler {
  let lost = false;
  return {
    ...dynamo.requestHandler,
    async handle(request, options) {
      const isPut = request.headers['x-amz-target']?.endsWith('PutItem') === true;
      if (!isPut && !reads) throw new Error('no connection');
      const answer = await dynamo.requestHandler.handle(request, options);
      if (!isPut || lost) return answer;
      lost = true;
      throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
    },
  };
}

beforeAll(async () => {
  dynamo = await embeddedDynamo();
  const client = new DynamoDBClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIAEXAMPLEEXAMPLE00', secretAccessKey: 'example' },
    requestHandler: dynamo.requestHandler,
  });
  await createProofTable(client, TABLE);
  await createProofTable(client, TABLE);
});
afterAll(() => dynamo.close());

describe('a proof is used once (G18)', () => {
  test('the second claim is refused, whoever makes it', async () => {
    const [one, other] = [storeOver(dynamo.requestHandler), storeOver(dynamo.requestHandler)];
    expect(await one.claim('first', UNTIL)).toBe(true);
    expect(await one.claim('first', UNTIL)).toBe(false);
    expect(await other.claim('first', UNTIL)).toBe(false);
    expect(await other.claim('second', UNTIL)).toBe(true);
  });

  test('a claim whose answer was lost is still ours, also when the SDK repeats it', async () => {
    expect(await storeOver(losingFirstPut({ reads: true })).claim('lost', UNTIL)).toBe(true);
    expect(await storeOver(losingFirstPut({ reads: true }), 2).claim('repeated', UNTIL)).toBe(true);
    expect(await storeOver(dynamo.requestHandler).claim('lost', UNTIL)).toBe(false);
  });

  test('a claim that cannot be settled decides nothing', async () => {
    await expect(storeOver(losingFirstPut({ reads: false })).claim('open', UNTIL)).rejects.toMatchObject({
      name: 'JanitorError',
      code: 'proof-store-unavailable',
    });
  });

  test('of five who present one delegation at once, exactly one gets through', async () => {
    const scene = await openScene();
    const delegation = await chainOf([scene.ana, scene.portal, scene.planner], scene.gateway.arn);
    const proofs = storeOver(dynamo.requestHandler);
    const verified = await Promise.all(
      Array.from({ length: 5 }, () => present(scene, { delegation, proofs })),
    );
    expect(verified.map((each) => (each.ok ? 'ok' : each.reason)).sort()).toEqual([
      'ok',
      ...Array(4).fill('replayed'),
    ]);
  });
});
