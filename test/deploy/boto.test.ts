import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { EmbeddedAws, startEmbeddedServer } from '../../lib/embedded-aws/index.ts';
import { pythonOf } from './emulator-process.ts';

const ACCOUNT_ID = '123456789012';

it('an unmodified boto3 works against the embedded server', async () => {
  const aws = new EmbeddedAws();
  const account = aws.account(ACCOUNT_ID);
  for (const name of ['ann', 'bob', 'eve']) account.addUser({ name });
  account.addSecret('eu-central-1', { name: 'db', value: 'planted' });
  const server = await startEmbeddedServer(aws, { port: 0 });
  const { accessKeyId, secretAccessKey } = account.credentials();
  const env = {
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_DEFAULT_REGION: 'eu-central-1',
  };
  const { stdout } = await promisify(execFile)(
    pythonOf('moto'),
    [join(import.meta.dirname, 'boto_client.py')],
    {
      env,
    },
  );
  await server.close();
  expect(JSON.parse(stdout)).toEqual({
    account: ACCOUNT_ID,
    users: [['ann', 'bob'], ['eve']],
    reportRows: 5,
    refused: 'NoSuchEntity',
    secret: 'planted',
    regions: 5,
    item: { subject: { S: 'a' } },
  });
});
