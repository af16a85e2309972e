import type { Tag } from '../tag.ts';
import type { Eventual } from '../world/eventual.ts';
import { Sequence } from '../world/sequence.ts';

/** `Absent` is how a key that is not visible yet, or not any more, reads. */
export type KeyStatus = 'Active' | 'Inactive' | 'Expired' | 'Absent';

export interface Use {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly service: string;
  readonly region: string;
}

/** The latest use, and the first one of its 15-minute span, which is the one the credential report shows. */
export interface LastUse extends Use {
  readonly first: Use;
}

export interface AccessKey {
  readonly id: string;
  readonly secretAccessKey: string;
  /** Its place in the credential report: 1, 2, or beyond, where the report does not look. */
  readonly slot: number;
  readonly createdAt: number;
  /** When it was created or its status last changed. */
  changedAt: number;
  readonly status: Eventual<KeyStatus>;
  readonly lastUse: Eventual<LastUse | undefined>;
}

export interface Password {
  readonly createdAt: number;
  readonly changedAt: number;
  /** Absent: no information. */
  readonly lastUsedAt?: number;
  readonly nextRotationAt?: number;
}

export interface Certificate {
  readonly active: boolean;
  readonly uploadedAt: number;
}

export interface ServiceSpecificCredential {
  readonly id: string;
  readonly serviceName: string;
  readonly serviceUserName: string;
  readonly status: 'Active' | 'Inactive' | 'Expired';
  readonly createdAt: number;
  readonly expiresAt?: number;
}

export interface InlinePolicy {
  readonly name: string;
  /** JSON text. */
  readonly document: string;
}

export interface User {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly tags: Eventual<readonly Tag[]>;
  readonly groups: readonly string[];
  readonly inlinePolicies: readonly InlinePolicy[];
  readonly attachedPolicies: readonly string[];
  readonly permissionsBoundary?: string;
  readonly mfa: boolean;
  readonly certificates: readonly Certificate[];
  password: Password | undefined;
  keys: AccessKey[];
  serviceCredentials: ServiceSpecificCredential[];
}

export interface Role {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly description?: string;
  /** JSON text. */
  readonly trustPolicy: string;
  /** Seconds. */
  readonly maxSessionDuration: number;
  readonly tags: readonly Tag[];
  /** Undefined: nobody said what it may do, and everything is allowed. */
  policies?: RolePolicies;
  /** The ARN of a managed policy. */
  readonly permissionsBoundary?: string;
  lastUsed?: { readonly at: number; readonly region: string };
}

interface RolePolicies {
  /** JSON texts. */
  readonly inline: readonly string[];
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
}

export interface PolicyVersion {
  readonly number: number;
  /** JSON text. */
  readonly document: string;
  readonly createdAt: number;
}

export interface ManagedPolicy {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  versions: PolicyVersion[];
  defaultVersion: number;
  /** Numbers are not used twice. */
  newest: number;
  /** The default version's document as requests are judged by it. */
  readonly inForce: Eventual<string>;
}

export interface Group {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
}

export interface RootKey {
  readonly active: boolean;
  readonly createdAt: number;
  readonly lastUse?: Use;
}

export interface Root {
  readonly mfa: boolean;
  readonly createdAt: number;
  readonly passwordLastUsedAt?: number;
  readonly keys: readonly RootKey[];
}

/** The credential report: one per account. */
export interface Report {
  readonly csv: string;
  readonly generatedAt: number;
  /** Requests that must still see INPROGRESS before it is complete. */
  pollsLeft: number;
}

/** One account's IAM. Names of users, roles and groups are unique without regard to case: keys are lower case. */
export class IamState {
  readonly users = new Sequence<User>();
  readonly roles = new Sequence<Role>();
  readonly groups = new Sequence<Group>();
  readonly policies = new Sequence<ManagedPolicy>();
  root: Root = { mfa: true, createdAt: 0, keys: [] };
  alias: string | undefined;
  report: Report | undefined;
}

/** Keys that exist durably, whether or not a read can see them yet. */
export function durableKeys(user: User): AccessKey[] {
  return user.keys.filter((key) => key.status.durable !== 'Absent');
}

/** Keys as a read at `now` sees them. */
export function visibleKeys(user: User, now: number): AccessKey[] {
  return user.keys.filter((key) => key.status.read(now) !== 'Absent');
}
