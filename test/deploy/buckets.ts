import {
  GetBucketPolicyCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import type { MiniStack } from './ministack-server.ts';
import { HUB, present } from './organisation.ts';

const policySchema = z.looseObject({ Statement: z.array(z.unknown()) });

/** Forbids everybody to write objects whose key contains a text, as a wrong policy would; returns how to end it. */
export async function forbidWriting(
  ministack: MiniStack,
  bucket: string,
  keyContains: string,
): Promise<() => Promise<void>> {
  const s3 = new S3Client({ ...ministack.configuration(HUB), forcePathStyle: true });
  const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
  const before = present(Policy, 'the policy of the bucket');
  const { Statement, ...rest } = policySchema.parse(JSON.parse(before));
  const forbidding = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: `arn:aws:s3:::${bucket}/*${keyContains}*`,
  };
  const put = (policy: string) => s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policy }));
  await put(JSON.stringify({ ...rest, Statement: [...Statement, forbidding] }));
  return async () => {
    await put(before);
  };
}

/** Names of the hub account's buckets. */
export async function bucketsOf(ministack: MiniStack): Promise<string[]> {
  const s3 = new S3Client({ ...ministack.configuration(HUB), forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  return Buckets.map(({ Name }) => present(Name, 'the name of a bucket'));
}
