import type { RotationReach } from '../rotation/reach.ts';

/**
 * One statement of a role, readable as a row of a table. Nothing is granted outside these tables: every role is made
 * of them alone, so that a reviewer, the synthesised template and the recorded calls can be held side by side.
 */
export interface Grant {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** Why a resource holds a `*`: the API knows no narrower one, or what the star stands for. */
  readonly wildcard?: string;
  /** Why no call of ours names these actions: another service makes it for us, or only trouble leads to it. */
  readonly indirect?: string;
}

/** Everything grants name, as ARNs; tokens at synth, plain texts in tests. */
export interface GrantResources {
  readonly partition: string;
  readonly region: string;
  /** `amazonaws.com`, or what the partition has instead. */
  readonly dnsSuffix: string;
  readonly account: string;
  readonly ledgerTable: string;
  readonly stateTable: string;
  readonly proofTable: string;
  readonly evidenceBucket: string;
  readonly workBucket: string;
  /** Encrypts ledger, state, proofs and evidence. */
  readonly recordKey: string;
  /** Encrypts what is not a record: work files, logs, notices. */
  readonly operationsKey: string;
  readonly topic: string;
  readonly bus: string;
  readonly deadLetters: string;
  /** SES identities the sender's address may be sent from, and the configuration set; empty without mail. */
  readonly mail: readonly string[];
  /** ARNs of member roles: one per account of the list, or one pattern for the organisation. */
  readonly memberRoles: {
    readonly read: readonly string[];
    readonly tag: readonly string[];
    readonly rotate: readonly string[];
    readonly quarantine: readonly string[];
    readonly delete: readonly string[];
    readonly 'break-glass': readonly string[];
  };
  /** What lending roles takes; undefined where the policy lends none. */
  readonly breakGlass?: BreakGlassResources | undefined;
  /** How far the rights to rotate go. */
  readonly reach: RotationReach;
  /** The secret with the token for the ticket system; undefined where none is configured. */
  readonly ticketToken?: string | undefined;
  /** The same for the on-call system. */
  readonly onCallToken?: string | undefined;
  /** Set when accounts come from AWS Organizations. */
  readonly organizationId?: string | undefined;
}

export interface BreakGlassResources {
  /** ARNs of break-glass roles: those of each account, or one pattern for the organisation. */
  readonly roles: readonly string[];
  /** One-time schedules that end grants. */
  readonly endSchedules: string;
  /** The role that EventBridge Scheduler ends grants with. */
  readonly endScheduleRole: string;
}

/** Log and traces, which Lambda writes in the name of every function. */
export function runtimeGrants(logGroup: string): Grant[] {
  return [
    {
      sid: 'WriteOwnLog',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [`${logGroup}:*`],
      wildcard: 'The streams of its own log group; Lambda names them.',
      indirect: 'Lambda writes the log with the role of the function.',
    },
    {
      sid: 'WriteTraces',
      actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
      resources: ['*'],
      wildcard: 'X-Ray knows no resource for these.',
      indirect: 'Lambda sends the segments of active tracing with the role of the function.',
    },
  ];
}
