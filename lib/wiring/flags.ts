/** Flags of the command line that the composition depends on. */
export interface AwsFlags {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
}

export interface StackFlags extends AwsFlags {
  /** Name of the deployed hub's CloudFormation stack; without it everything is local. */
  readonly stack?: string | undefined;
}

export interface ReadingFlags extends StackFlags {
  readonly policy?: string | undefined;
  readonly now?: string | undefined;
}

export interface StateFlags extends StackFlags {
  readonly stateDir?: string | undefined;
  readonly now?: string | undefined;
}

export interface RecordingFlags extends ReadingFlags, StateFlags {}

export interface SweepFlags extends RecordingFlags {
  /** Acting was asked for: refused unless every endpoint is embedded or loopback. */
  readonly enforce: boolean;
  readonly expectAccount?: string | undefined;
}
