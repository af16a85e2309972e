import os from 'node:os';
import { S3Client } from '@aws-sdk/client-s3';
import type { EvidenceStore } from '../../ledger/index.ts';
import { S3EvidenceStore } from '../../ledger/s3/index.ts';
import { ofRegion } from './of-region.ts';

/** By itself the SDK would write to the console for every object that is there already; errors tell what matters. */
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** One client for all buckets of a Region: each has connections of its own, which are slow to open. */
const clients = ofRegion((region) => new S3Client({ region, logger: SILENT }));

/** Large objects pass through the function's own disk. */
export function bucketStore(region: string, bucket: string): EvidenceStore {
  return new S3EvidenceStore({ client: clients(region), bucket, spoolFolder: os.tmpdir() });
}
