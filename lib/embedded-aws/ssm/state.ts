/** A session of Session Manager: a shell that goes on after the credentials that opened it have expired. */
export interface Shell {
  readonly id: string;
  readonly region: string;
  /** The managed instance. */
  readonly target: string;
  /** ARN of whoever opened it. */
  readonly owner: string;
  readonly documentName: string;
  readonly reason: string | undefined;
  readonly startedAt: number;
  /** Milliseconds since the epoch; undefined while it is open. */
  endedAt: number | undefined;
}
