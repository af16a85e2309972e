import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedDynamo, embeddedDynamo } from '../../lib/embedded-aws/index.ts';
import { errorName, oneAccount, thrown } from './one-account.ts';

const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
const retryStrategy = new ConfiguredRetryStrategy(1, 0);

function clientOf(
  destination: Pick<EmbeddedDynamo, 'requestHandler'> | { endpoint: string },
): DynamoDBClient {
  const { requestHandler } = { requestHandler: undefined, ...destination };
  const endpoint = 'endpoint' in destination ? { endpoint: destination.endpoint } : {};
  return new DynamoDBClient({
    region: 'us-east-1',
    credentials,
    retryStrategy,
    ...endpoint,
    ...(requestHandler ? { requestHandler } : {}),
  });
}

async function createLedger(client: DynamoDBClient): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: 'ledger',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'subject', KeyType: 'HASH' },
        { AttributeName: 'seq', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'subject', AttributeType: 'S' },
        { AttributeName: 'seq', AttributeType: 'S' },
      ],
    }),
  );
}

function append(client: DynamoDBClient, seq: number, id: string) {
  return client.send(
    new PutItemCommand({
      TableName: 'ledger',
      Item: { subject: { S: 'credential#1' }, seq: { S: String(seq).padStart(10, '0') }, id: { S: id } },
      ConditionExpression: 'attribute_not_exists(subject)',
    }),
  );
}

async function head(client: DynamoDBClient): Promise<string | undefined> {
  const { Items } = await client.send(
    new QueryCommand({
      TableName: 'ledger',
      KeyConditionExpression: 'subject = :subject',
      ExpressionAttributeValues: { ':subject': { S: 'credential#1' } },
      ScanIndexForward: false,
      Limit: 1,
      ConsistentRead: true,
    }),
  );
  return Items?.[0]?.id?.S;
}

describe('DynamoDB without sockets', () => {
  it('keeps one writer per sequence and finds the head of a chain', async () => {
    const client = clientOf(await embeddedDynamo());
    await createLedger(client);
    for (let seq = 0; seq < 12; seq++) await append(client, seq, `event-${seq}`);
    const [won, lost] = await Promise.allSettled([append(client, 12, 'mine'), append(client, 12, 'yours')]);
    expect(won.status).toBe('fulfilled');
    expect(lost).toMatchObject({ reason: { name: 'ConditionalCheckFailedException' } });
    expect(await head(client)).toBe('mine');
  });

  it('makes a table that is there when CreateTable answers', async () => {
    const client = clientOf(await embeddedDynamo());
    await createLedger(client);
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'ledger' }));
    expect(Table?.TableStatus).toBe('ACTIVE');
    expect(await errorName(createLedger(client))).toBe('ResourceInUseException');
  });

  it('refuses as DynamoDB does what it has not or does not understand', async () => {
    const dynamo = await embeddedDynamo();
    const client = clientOf(dynamo);
    const get = new GetItemCommand({ TableName: 'absent', Key: { subject: { S: 'x' } } });
    expect(await errorName(client.send(get))).toBe('ResourceNotFoundException');
    const ask = (target: string, body: string) =>
      dynamo.serve({ method: 'POST', path: '/', query: {}, headers: { 'x-amz-target': target }, body });
    expect((await ask('DynamoDB_20120810.TransactWriteItems', '{}')).body).toContain(
      'UnknownOperationException',
    );
    expect((await ask('DynamoDB_20120810.GetItem', '{')).body).toContain('SerializationException');
    expect((await ask('DynamoDB_20120810.GetItem', '{}')).statusCode).toBe(400);
  });

  it('answers 500 when its storage fails, and this process goes on', async () => {
    const dynamo = await embeddedDynamo();
    const client = clientOf(dynamo);
    await createLedger(client);
    await dynamo.close();
    expect(await thrown(append(client, 0, 'late'))).toMatchObject({
      name: 'InternalServerError',
      $metadata: { httpStatusCode: 500 },
    });
  });

  it('is one set of tables with its loopback port', async () => {
    const dynamo = await embeddedDynamo();
    await createLedger(clientOf(dynamo));
    const overHttp = clientOf({ endpoint: await dynamo.listen() });
    expect((await overHttp.send(new ListTablesCommand({}))).TableNames).toEqual(['ledger']);
    await dynamo.close();
  });
});

describe('DynamoDB in a folder', () => {
  let path: string;
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'embedded-dynamo-'));
  });
  afterEach(() => rm(path, { recursive: true }));

  it('is there again when opened again', async () => {
    const before = await embeddedDynamo({ path });
    await createLedger(clientOf(before));
    await append(clientOf(before), 0, 'kept');
    await before.close();
    const after = await embeddedDynamo({ path });
    expect(await head(clientOf(after))).toBe('kept');
    await after.close();
  });

  it.each([
    ['CURRENT', 'garbage'],
    ['MANIFEST-000002', 'garbage'],
  ])('with a damaged %s says that its files are damaged, not that somebody holds it', async (name, text) => {
    const before = await embeddedDynamo({ path });
    await createLedger(clientOf(before));
    await before.close();
    await writeFile(join(path, name), text);
    expect(await thrown(embeddedDynamo({ path }))).toMatchObject({
      code: 'dynamo-folder-damaged',
      message: expect.stringContaining(path),
    });
  });

  it('is held by one at a time: the second is told so', async () => {
    const first = await embeddedDynamo({ path });
    expect(await thrown(embeddedDynamo({ path }))).toMatchObject({
      name: 'JanitorError',
      code: 'dynamo-folder-unusable',
      message: expect.stringContaining(path),
      hint: expect.stringMatching(/Another process/),
    });
    await first.close();
  });
});

describe('DynamoDB under the faults of an embedded AWS', () => {
  async function wrapped() {
    const { aws, account } = oneAccount();
    const dynamo = await embeddedDynamo();
    const wrap = (process: string) =>
      new DynamoDBClient({
        region: 'us-east-1',
        credentials: account.credentials(),
        retryStrategy,
        requestHandler: aws.faults.wrap(dynamo.requestHandler, { process, service: 'dynamodb' }),
      });
    await createLedger(clientOf(dynamo));
    return { aws, wrap };
  }

  it('an append whose answer is lost is applied', async () => {
    const { aws, wrap } = await wrapped();
    const client = wrap('sweep-1');
    aws.faults.add({ match: { service: 'dynamodb', operation: 'PutItem' }, effect: 'answer-lost' });
    expect(await errorName(append(client, 0, 'mine'))).toBe('TimeoutError');
    expect(await head(client)).toBe('mine');
    expect(aws.calls.counts()).toEqual({ 'dynamodb:PutItem': 1, 'dynamodb:Query': 1 });
    expect(aws.calls.all[0]).toMatchObject({
      outcome: 'answer-lost',
      accountId: '111122223333',
      process: 'sweep-1',
    });
  });

  it('a process that crashes at AWS is dead at DynamoDB, and its append did not happen', async () => {
    const { aws, wrap } = await wrapped();
    const dead = wrap('sweep-1');
    aws.faults.add({ match: { service: 'dynamodb', nth: 2 }, effect: 'crash' });
    await append(dead, 0, 'first');
    expect(await errorName(append(dead, 1, 'second'))).toBe('ProcessCrash');
    expect(await errorName(head(dead))).toBe('ProcessCrash');
    expect(await head(wrap('sweep-2'))).toBe('first');
  });

  it.each([
    ['throttle', 'ProvisionedThroughputExceededException'],
    ['error', 'InternalServerError'],
  ] as const)('%s has the error of DynamoDB', async (effect, name) => {
    const { aws, wrap } = await wrapped();
    aws.faults.add({ match: { service: 'dynamodb' }, effect });
    expect(await errorName(append(wrap('p'), 0, 'x'))).toBe(name);
  });

  it('one handler serves DynamoDB together with the rest, and knows its callers', async () => {
    const { aws, account } = oneAccount();
    const requestHandler = aws.requestHandler({ process: 'p', dynamo: await embeddedDynamo() });
    const config = { region: 'us-east-1', retryStrategy, requestHandler };
    await createLedger(new DynamoDBClient({ ...config, credentials: account.credentials() }));
    const stranger = new DynamoDBClient({ ...config, credentials });
    expect(await errorName(stranger.send(new ListTablesCommand({})))).toBe('UnrecognizedClientException');
  });
});
