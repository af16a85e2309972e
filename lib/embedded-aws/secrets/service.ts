import * as z from 'zod';
import { jsonService } from '../json-protocol.ts';
import type { Service } from '../service.ts';
import type { Rate } from '../world/throttle.ts';
import { LIFECYCLE_OPERATIONS } from './lifecycle.ts';
import { LIST_OPERATIONS } from './list.ts';
import { RESOURCE_POLICY_OPERATIONS } from './resource-policy.ts';
import { ROTATION_OPERATIONS } from './rotation.ts';
import { SECRET_TAG_OPERATIONS } from './tags.ts';
import { VALUE_OPERATIONS } from './values.ts';

interface Bucket {
  readonly bucket: string;
  readonly rate: Rate;
}

/** The groups of APIs that share a quota. https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
function rate(operation: string): Bucket {
  if (operation === 'ListSecrets') return bucket(operation, 100);
  if (operation === 'DescribeSecret') return bucket(operation, 40_000);
  if (operation === 'GetSecretValue') return bucket(operation, 10_000);
  if (operation.endsWith('RotateSecret')) return bucket('rotation', 50);
  if (operation.endsWith('tagResource') || operation === 'TagResource') return bucket('tags', 50);
  if (operation.endsWith('ResourcePolicy')) return bucket('policies', 50);
  if (operation === 'PutSecretValue' || operation === 'UpdateSecretVersionStage') return bucket('values', 50);
  return bucket(operation, 50);
}

function bucket(name: string, perSecond: number): Bucket {
  return { bucket: name, rate: { perSecond, burst: perSecond } };
}

const about = z.object({ SecretId: z.string() });
const TARGET = 'secretsmanager.';

/** AWS Secrets Manager (JSON 1.1). */
export const SECRETS_SERVICE: Service = jsonService({
  name: 'secretsmanager',
  operations: {
    ...LIFECYCLE_OPERATIONS,
    ...LIST_OPERATIONS,
    ...RESOURCE_POLICY_OPERATIONS,
    ...ROTATION_OPERATIONS,
    ...SECRET_TAG_OPERATIONS,
    ...VALUE_OPERATIONS,
  },
  operationOf: ({ headers }) => {
    const target = headers['x-amz-target'] ?? '';
    return target.startsWith(TARGET) ? target.slice(TARGET.length) : target;
  },
  rate,
  resourceOf: (input) => about.safeParse(input).data?.SecretId ?? '*',
});
