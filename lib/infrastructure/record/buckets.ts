import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface EvidenceBucketProps {
  readonly key: IKey;
  /** Objects and bucket go with the stack; nothing is locked then. */
  readonly removable: boolean;
  readonly accessLogs: IBucket;
  readonly objectLock: 'governance' | 'compliance';
  readonly retentionDays: number;
}

/** TLS 1.2 only, nothing public, no ACLs: what every bucket here has. */
const CLOSED = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
} as const;
const ENCRYPTED = { bucketKeyEnabled: true, encryption: BucketEncryption.KMS } as const;

/** The bucket and all in it go with the stack, or both stay. */
function ending(removable: boolean) {
  return removable
    ? { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true }
    : { removalPolicy: RemovalPolicy.RETAIN };
}

/** Who asked for which object of the other two: S3 writes it, best effort, and cannot use a key of ours for it. */
export class AccessLogsBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { removable }: { readonly removable: boolean }) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...CLOSED,
      ...ending(removable),
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ id: 'a-year-and-more', expiration: Duration.days(400) }],
    });
  }
}

/**
 * Manifests, archived policies, notices and checkpoints: written once (G7, G9). Every version is locked for the
 * retention time from its upload; governance mode leaves a way out to who holds s3:BypassGovernanceRetention, which no
 * role of this stack does, compliance mode leaves none to anybody.
 */
export class EvidenceBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: EvidenceBucketProps) {
    super(scope, id);
    const retention = Duration.days(props.retentionDays);
    this.bucket = new Bucket(this, 'Bucket', {
      ...CLOSED,
      ...ENCRYPTED,
      ...ending(props.removable),
      encryptionKey: props.key,
      versioned: true,
      serverAccessLogsBucket: props.accessLogs,
      serverAccessLogsPrefix: 'evidence/',
      ...(props.removable
        ? {}
        : {
            objectLockEnabled: true,
            objectLockDefaultRetention:
              props.objectLock === 'compliance'
                ? ObjectLockRetention.compliance(retention)
                : ObjectLockRetention.governance(retention),
          }),
      lifecycleRules: [{ id: 'abandoned-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    });
  }
}

export interface WorkBucketProps {
  readonly key: IKey;
  readonly accessLogs: IBucket;
  readonly removable: boolean;
}

/** What a run leaves lying about between its steps: lists of accounts, summaries, drafts of unfinished sweeps. */
export class WorkBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { key, accessLogs, removable }: WorkBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...CLOSED,
      ...ENCRYPTED,
      ...ending(removable),
      encryptionKey: key,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'work/',
      lifecycleRules: [
        {
          id: 'a-week',
          expiration: Duration.days(7),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
  }
}
