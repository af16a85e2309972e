/** A state of the States Language, as far as this workflow uses it. */
export interface State {
  readonly Type: 'Pass' | 'Task' | 'Choice' | 'Map' | 'Succeed';
  readonly Comment?: string;
  readonly Next?: string;
  readonly End?: true;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly ResultSelector?: Readonly<Record<string, string>>;
  readonly ResultPath?: string | null;
  readonly OutputPath?: string;
  /** Task: an API of AWS, with what goes wrong there. */
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly Retry[];
  readonly Catch?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly ResultPath: string;
    readonly Next: string;
  }[];
  /** Choice. */
  readonly Choices?: readonly {
    readonly Variable: string;
    readonly StringEquals?: string;
    readonly NumericGreaterThan?: number;
    readonly Next: string;
  }[];
  readonly Default?: string;
  /** Map. */
  readonly MaxConcurrency?: number;
  readonly ToleratedFailurePercentage?: number;
  readonly Label?: string;
  readonly ItemReader?: S3Step & { readonly ReaderConfig: { readonly InputType: 'JSON' } };
  readonly ResultWriter?: S3Step;
  readonly ItemProcessor?: {
    readonly ProcessorConfig: { readonly Mode: 'DISTRIBUTED'; readonly ExecutionType: 'STANDARD' };
    readonly StartAt: string;
    readonly States: Readonly<Record<string, State>>;
  };
}

export interface Retry {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  /** 0: never again. */
  readonly MaxAttempts: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL';
}

interface S3Step {
  readonly Resource: string;
  readonly Parameters: Readonly<Record<string, string>>;
}

export interface StateMachineDefinition {
  readonly Comment: string;
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}
