import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Configuration } from '../configuration/schema.ts';
import { AccessLogsBucket, EvidenceBucket, WorkBucket } from './buckets.ts';
import { Keys } from './keys.ts';
import { ProofTable } from './proofs.ts';
import { RecordTables } from './tables.ts';

/** Everything that outlives a run: keys, the ledger and its projection, used proofs, evidence, and a week of work files. */
export class Stores extends Construct {
  readonly keys: Keys;
  readonly tables: RecordTables;
  readonly proofs: ITable;
  readonly evidence: Bucket;
  readonly work: Bucket;

  constructor(scope: Construct, id: string, { sandbox: removable, evidence }: Configuration) {
    super(scope, id);
    this.keys = new Keys(this, 'Keys', { removable });
    const { record, operations } = this.keys;
    this.tables = new RecordTables(this, 'Record', { key: record, removable });
    this.proofs = new ProofTable(this, 'Proofs', { key: record }).table;
    const accessLogs = new AccessLogsBucket(this, 'AccessLogs', { removable }).bucket;
    this.evidence = new EvidenceBucket(this, 'Evidence', {
      key: record,
      accessLogs,
      removable,
      ...evidence,
    }).bucket;
    this.work = new WorkBucket(this, 'Work', { key: operations, accessLogs, removable }).bucket;
  }
}
