import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Configuration } from '../configuration/schema.ts';
import { AccessLogsBucket, EvidenceBucket, WorkBucket } from './buckets.ts';
import { Keys } from './keys.ts';
import { RecordTables } from './tables.ts';

/** Everything that outlives a run: keys, the ledger and its projection, evidence, and a week of work files. */
export class Stores extends Construct {
  readonly keys: Keys;
  readonly tables: RecordTables;
  readonly evidence: Bucket;
  readonly work: Bucket;

  constructor(scope: Construct, id: string, { sandbox: removable, evidence }: Configuration) {
    super(scope, id);
    this.keys = new Keys(this, 'Keys', { removable });
    const { record, operations } = this.keys;
    this.tables = new RecordTables(this, 'Record', { key: record, removable });
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
