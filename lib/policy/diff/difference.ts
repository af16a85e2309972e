/**
 * What a difference does to the bounds of a policy. loosens: less is covered, or more may happen with fewer people, less
 * time or less evidence. tightens: the opposite. changes: neither can be told from the key alone; an approver has to read it.
 */
export type Effect = 'loosens' | 'tightens' | 'changes';

/** One thing that a new version of the policy changes, as an approver is shown it. */
export interface Difference {
  /** Where in the policy, such as `rules.access-key-unused.steps.disable.wait`. */
  readonly at: string;
  readonly effect: Effect;
  /** What it means, as the end of a sentence that begins with the effect. */
  readonly means: string;
  /** As it was and as it would be; `not set` for what is not there. */
  readonly before: string;
  readonly after: string;
}

export const ABSENT = 'not set';
