import { AccountState } from '../account-state.ts';
import { Trail } from '../cloudtrail/trail.ts';
import type { IssuedCredential } from '../principal.ts';
import { RotationFunctions } from '../secrets/rotation-functions.ts';
import { type ClockSource, WorldClock } from './clock.ts';
import type { FaultPlan } from './faults.ts';
import { Identifiers } from './identifiers.ts';
import { CallLog, ChangeLog } from './logs.ts';
import { Throttle } from './throttle.ts';

/** How the credential report words what AWS leaves open. */
export interface ReportOptions {
  /** The newest column, `additional_credentials_info`; default true. */
  readonly additionalInfoColumn?: boolean;
  /** `access_key_n_last_rotated` of an inactive key: its date (default) or N/A. */
  readonly inactiveLastRotated?: 'date' | 'N/A';
  /** A change of status counts as rotation; default false. */
  readonly statusChangeRotates?: boolean;
  /** Requests that see INPROGRESS before a report is complete; default 1. */
  readonly polls?: number;
}

export interface EmbeddedAwsOptions {
  /** ISO instant at which the clock stands, or a clock to follow; default 2026-01-01T00:00:00.000Z. */
  readonly now?: ClockSource;
  /** Of all generated ids; default 1. */
  readonly seed?: number;
  /** Real milliseconds each call takes; default 0. */
  readonly latencyMs?: number;
  /** Token buckets on the embedded clock; default off. */
  readonly throttling?: boolean;
  /** Milliseconds of embedded time until a read sees a changed key, tag, policy or deletion; default 0. */
  readonly consistencyDelayMs?: number;
  /** Milliseconds of embedded time until a read sees a use of a key or secret; default 0. */
  readonly lastUsedLagMs?: number;
  /** The most any list operation puts on one page, whatever the caller asked for (AWS may return short pages). */
  readonly pageSize?: number;
  /** Check signatures of in-process requests too (about 0.2 ms each); the HTTP server always does. Default false. */
  readonly verifySignatures?: boolean;
  readonly report?: ReportOptions;
  /** Milliseconds of embedded time until CloudTrail finds an event; AWS takes about five minutes. Default 0. */
  readonly trailDelayMs?: number | (() => number);
}

export const ORGANIZATION_ID = 'o-embeddedaws1';

/** All state of one embedded AWS; rooms of this folder share it, nothing outside does. */
export class World {
  readonly clock: WorldClock;
  readonly ids: Identifiers;
  readonly faults: FaultPlan;
  readonly calls = new CallLog();
  readonly changes = new ChangeLog();
  readonly trail = new Trail();
  /** Of its events, so that recording changes no other id. */
  readonly trailIds: Identifiers;
  readonly throttle = new Throttle();
  readonly rotationFunctions = new RotationFunctions();
  readonly options: EmbeddedAwsOptions;
  readonly accounts = new Map<string, AccountState>();
  /** By access key id. */
  readonly credentials = new Map<string, IssuedCredential>();

  constructor(options: EmbeddedAwsOptions, faults: FaultPlan) {
    this.options = options;
    this.faults = faults;
    this.clock = new WorldClock(options.now ?? '2026-01-01T00:00:00.000Z');
    this.ids = new Identifiers(options.seed ?? 1);
    this.trailIds = new Identifiers((options.seed ?? 1) ^ 0x7_1a11);
  }

  /** When a change made at `now` becomes visible to reads. */
  visibleAt(now: number): number {
    return now + (this.options.consistencyDelayMs ?? 0);
  }

  /** When a use at `now` becomes visible to reads. */
  useVisibleAt(now: number): number {
    return now + (this.options.lastUsedLagMs ?? 0);
  }

  /** Gets or creates; a new account can be signed for at once by its administrator. */
  account(id: string): AccountState {
    const existing = this.accounts.get(id);
    if (existing !== undefined) return existing;
    const account = new AccountState(id, ORGANIZATION_ID);
    this.accounts.set(id, account);
    const { accessKeyId, secretAccessKey } = administratorCredentials(id);
    this.credentials.set(accessKeyId, administrator(id, secretAccessKey));
    return account;
  }
}

/** Credentials an SDK client takes. */
export interface EmbeddedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The same in every world, so that people can type them. */
export function administratorCredentials(accountId: string): EmbeddedCredentials {
  return {
    accessKeyId: `ASIABOOT${accountId}`,
    secretAccessKey: `embedded-aws-administrator-${accountId}`,
  };
}

/**
 * Each account's bootstrap administrator: a role session that needs no session token, never expires and is
 * no IAM user.
 */
function administrator(accountId: string, secretAccessKey: string): IssuedCredential {
  return {
    kind: 'administrator',
    secretAccessKey,
    principal: {
      kind: 'administrator',
      accountId,
      arn: `arn:aws:sts::${accountId}:assumed-role/EmbeddedAdministrator/bootstrap`,
      principalArn: `arn:aws:iam::${accountId}:role/EmbeddedAdministrator`,
      userId: 'AROAEMBEDDEDADMINXXX:bootstrap',
    },
  };
}
