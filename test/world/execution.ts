/** What a workflow knows of one execution: the answers it was given. A redrive goes on from it. */
export interface Execution {
  /** Keys of the lists that its maps read. */
  readonly accounts?: string;
  readonly items?: string;
  /** By account, the newest status of either map. */
  readonly decided: Readonly<Record<string, string>>;
  readonly acted: Readonly<Record<string, string>>;
  readonly isFinished: boolean;
}
