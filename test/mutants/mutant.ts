/** One safety clause taken away. `find` must stand exactly once in the file; `tests` are the suites that must notice. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly tests: readonly string[];
}
