import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { createProofTable } from '../../lib/identity/index.ts';
import { createLedgerTables } from '../../lib/ledger/index.ts';
import { hubTemplate, resourcesOf } from './synthesised.ts';

const kept = await hubTemplate();
const compliance = await hubTemplate({ evidence: { objectLock: 'compliance', retentionDays: 2557 } });
const sandbox = await hubTemplate({ sandbox: true });

/** What a room asks DynamoDB for when it makes its tables itself. */
async function tablesMadeBy(
  make: (client: DynamoDBClient) => Promise<void>,
): Promise<Record<string, unknown>[]> {
  const inputs: Record<string, unknown>[] = [];
  const client = new DynamoDBClient({ region: 'eu-central-1' });
  client.middlewareStack.add(
    () =>
      async ({ input }) => {
        if ('KeySchema' in input) inputs.push({ ...input });
        return { response: {}, output: { $metadata: {}, Table: { TableStatus: 'ACTIVE' } } };
      },
    { step: 'initialize' },
  );
  await make(client);
  return inputs;
}

const allTables = (template: Template) => resourcesOf(template, 'AWS::DynamoDB::Table');
const isProofs = ([id]: readonly [string, unknown]) => id.startsWith('StoresProofs');
const tables = (template: Template) => allTables(template).filter((table) => !isProofs(table));

const shape = (from: Readonly<Record<string, unknown>>) => ({
  BillingMode: from.BillingMode,
  KeySchema: from.KeySchema,
  GlobalSecondaryIndexes: from.GlobalSecondaryIndexes,
  attributes: new Set(JSON.stringify(from.AttributeDefinitions).match(/"AttributeName":"\w+"/g)),
});

describe('ledger and state tables', () => {
  it('have exactly the keys and indexes that lib/ledger works with', async () => {
    const made = await tablesMadeBy((client) =>
      createLedgerTables(client, { ledger: 'ledger', state: 'state' }),
    );
    const wanted = made.map(shape);
    expect(wanted).toHaveLength(2);
    expect(tables(kept).map(([, { Properties }]) => shape(Properties))).toEqual(wanted);
  });

  it('G7 can be restored to any second, are protected from deletion, encrypted with our key, and outlive the stack', () => {
    expect(tables(kept)).toHaveLength(2);
    for (const [, table] of tables(kept)) {
      expect(table.DeletionPolicy).toBe('Retain');
      expect(table.Properties).toMatchObject({
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      });
      expect(table.Properties).not.toHaveProperty('TimeToLiveSpecification');
    }
  });

  it('in a sandbox they go with the stack', () => {
    for (const [, table] of tables(sandbox)) {
      expect(table.DeletionPolicy).toBe('Delete');
      expect(table.Properties).toMatchObject({ DeletionProtectionEnabled: false });
    }
  });
});

describe('the table of used proofs', () => {
  const [[, proofs] = []] = allTables(kept).filter(isProofs);

  it('has exactly the key that lib/identity works with, and forgets a claim when its proof has ended', async () => {
    const [wanted = {}] = await tablesMadeBy((client) => createProofTable(client, 'proofs'));
    expect(shape(proofs?.Properties ?? {})).toEqual(shape(wanted));
    expect(proofs?.Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'until', Enabled: true });
  });

  it('is encrypted with the key of the record, and is none: it goes with the stack', () => {
    expect(proofs?.Properties.SSESpecification).toEqual(tables(kept)[0]?.[1].Properties.SSESpecification);
    expect(proofs?.DeletionPolicy).toBe('Delete');
  });
});

describe('evidence bucket', () => {
  it.each([
    ['governance, by default', kept, 'GOVERNANCE', 400],
    ['compliance, by choice', compliance, 'COMPLIANCE', 2557],
  ])('G7 every version is locked: %s', (_name, template, Mode, Days) => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        ObjectLockEnabled: true,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode, Days } } },
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
          ],
        },
      },
    });
  });

  it('nothing of the evidence ends by itself', () => {
    const locked = resourcesOf(kept, 'AWS::S3::Bucket').filter(
      ([, { Properties }]) => Properties.ObjectLockEnabled,
    );
    expect(locked).toHaveLength(1);
    expect(JSON.stringify(locked)).not.toContain('Expiration');
  });

  it('in a sandbox nothing is locked and objects go with the bucket', () => {
    expect(JSON.stringify(resourcesOf(sandbox, 'AWS::S3::Bucket'))).not.toContain('ObjectLock');
    sandbox.resourceCountIs('Custom::S3AutoDeleteObjects', 3);
    kept.resourceCountIs('Custom::S3AutoDeleteObjects', 0);
  });
});

describe('every bucket', () => {
  it('is closed to the public, and to everything but TLS 1.2', () => {
    for (const [id, { Properties }] of resourcesOf(kept, 'AWS::S3::Bucket')) {
      expect(Properties.PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      const denied = (Condition: object) => ({
        Effect: 'Deny',
        Action: 's3:*',
        Principal: { AWS: '*' },
        Condition,
      });
      kept.hasResourceProperties('AWS::S3::BucketPolicy', {
        Bucket: { Ref: id },
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike(denied({ Bool: { 'aws:SecureTransport': 'false' } })),
            Match.objectLike(denied({ NumericLessThan: { 's3:TlsVersion': 1.2 } })),
          ]),
        },
      });
    }
  });

  it('work files last a week', () => {
    kept.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [Match.objectLike({ Id: 'a-week', ExpirationInDays: 7, Status: 'Enabled' })],
      },
    });
  });
});

describe('keys', () => {
  it('are rotated, and only the one for operations lets AWS services in', () => {
    const keys = resourcesOf(kept, 'AWS::KMS::Key');
    expect(keys).toHaveLength(2);
    for (const [, { Properties }] of keys) expect(Properties.EnableKeyRotation).toBe(true);
    const open = keys.filter(([, key]) => JSON.stringify(key.Properties.KeyPolicy).includes('"Service"'));
    expect(open.map(([, { Properties }]) => Properties.Description)).toEqual([
      'Credential Janitor: logs, notices and work files',
    ]);
  });
});
