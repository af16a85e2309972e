import type { Tag } from '../tag.ts';
import type { Eventual } from '../world/eventual.ts';
import { Sequence } from '../world/sequence.ts';

export interface SecretVersion {
  readonly id: string;
  readonly createdAt: number;
  stages: readonly string[];
  /** Lives only here: never in logs, changes or snapshots. */
  value?: string;
  binary?: string;
  lastAccessedAt?: number;
}

export interface RotationRules {
  readonly AutomaticallyAfterDays?: number | undefined;
  readonly Duration?: string | undefined;
  readonly ScheduleExpression?: string | undefined;
}

export interface Rotation {
  readonly enabled: boolean;
  readonly lambdaArn?: string;
  readonly rules?: RotationRules;
}

export interface Replica {
  readonly region: string;
  readonly status: 'InSync' | 'InProgress' | 'Failed';
}

/** Times are milliseconds since the epoch. */
export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly owningService?: string;
  /** `Type` of a managed external secret. */
  readonly type?: string;
  readonly kmsKeyId?: string;
  /** Set when the secret is replicated; another Region than its own makes this one a replica. */
  primaryRegion?: string;
  description?: string;
  tags: readonly Tag[];
  lastChangedAt?: number;
  lastRotatedAt?: number;
  nextRotationAt?: number;
  lastAccess?: Eventual<number | undefined>;
  rotation?: Rotation;
  replicas?: readonly Replica[];
  versions: readonly SecretVersion[];
  policy?: Eventual<string | undefined>;
  /** When DeleteSecret was called. */
  deletedAt?: number;
  /** End of the recovery window. */
  deletionDueAt?: number;
}

/** The secrets of one account in one Region, by name. */
export class RegionalSecrets {
  readonly region: string;
  readonly byName = new Sequence<Secret>();
  /** The earliest end of a recovery window; Infinity when nothing is scheduled for deletion. */
  nextPurgeAt = Number.POSITIVE_INFINITY;

  constructor(region: string) {
    this.region = region;
  }

  /** By name, ARN, or ARN without the six random characters. */
  find(id: string): Secret | undefined {
    if (!id.startsWith('arn:')) return this.byName.get(id);
    const [, , , region, , , ...rest] = id.split(':');
    if (region !== this.region) return undefined;
    const full = rest.join(':');
    const byFullArn = this.byName.get(full.slice(0, -7));
    if (byFullArn?.arn === id) return byFullArn;
    return this.byName.get(full);
  }
}
