import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { brokerRoleArn, trustDocument } from '../../lib/domain/break-glass-documents.ts';
import { breakGlassRoleArn, GRANT_TAG } from '../../lib/domain/break-glass-names.ts';
import { EmbeddedAws } from '../../lib/embedded-aws/index.ts';
import { ACCOUNT, NOW } from '../builders/credential.ts';

const HUB = '444455556666';
const PLACE = {
  partition: 'aws',
  accountId: ACCOUNT,
  hubAccount: HUB,
  prefix: 'credential-janitor',
  stackName: 'CredentialJanitor',
};
const EVERYBODY = { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' };
const REQUEST = {
  RoleArn: breakGlassRoleArn(PLACE, 'database-admin'),
  RoleSessionName: 'grant-number-one',
  SourceIdentity: 'ana',
  Tags: [{ Key: GRANT_TAG, Value: 'grant-number-one' }],
};

/** A hub with the broker and another function, and a member with a break-glass role as it is deployed. */
async function assuming(as: string, change: Partial<AssumeRoleCommandInput> = {}): Promise<string> {
  const aws = new EmbeddedAws({ now: NOW });
  const roles = ['credential-janitor-grant-access', 'credential-janitor-answer-requests'];
  for (const name of roles) {
    aws.account(HUB).addRole({ name, trust: { Version: '2012-10-17', Statement: [EVERYBODY] } });
  }
  aws
    .account(ACCOUNT)
    .addRole({ name: 'database-admin', path: '/janitor/break-glass/', trust: { ...trustDocument(PLACE) } });
  const client = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
    new STSClient({ region: 'eu-central-1', credentials, requestHandler: aws.requestHandler() });
  const { Credentials: given } = await client(aws.account(HUB).credentials()).send(
    new AssumeRoleCommand({ RoleArn: as, RoleSessionName: 'function' }),
  );
  const session = client({
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  });
  return session.send(new AssumeRoleCommand({ ...REQUEST, ...change })).then(
    () => 'assumed',
    (error: Error) => error.name,
  );
}

describe('a break-glass role as it is deployed, on the embedded STS', () => {
  const broker = brokerRoleArn(PLACE);

  it('is assumed by the broker, for somebody and under a grant', async () => {
    expect(await assuming(broker)).toBe('assumed');
  });

  it.each<[string, string, Partial<AssumeRoleCommandInput>]>([
    ['by another function of the hub', broker.replace('grant-access', 'answer-requests'), {}],
    ['without the tag of a grant', broker, { Tags: undefined }],
    ['with an empty tag', broker, { Tags: [{ Key: GRANT_TAG, Value: '' }] }],
    ['with another tag', broker, { Tags: [{ Key: 'grant', Value: 'grant-number-one' }] }],
    ['without saying for whom', broker, { SourceIdentity: undefined }],
  ])('is not assumed %s', async (_name, as, change) => {
    expect(await assuming(as, change)).toBe('AccessDenied');
  });
});
