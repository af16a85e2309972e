import { JanitorError } from '../domain/error.ts';

/** The first place where a chain is not what was appended. `code` is stable, `reason` completes a sentence. */
export interface BrokenLink {
  readonly code:
    | 'event-unreadable'
    | 'event-misplaced'
    | 'event-altered'
    | 'sequence-gap'
    | 'link-broken'
    | 'hash-mismatch';
  readonly subject: string;
  readonly seq: number;
  readonly eventId?: string;
  readonly reason: string;
}

/** A broken chain stops everything that would rest on it: whoever reads it must not act. */
export function chainBroken(broken: BrokenLink): JanitorError {
  return new JanitorError(
    `The chain of ${broken.subject} is broken at event ${broken.seq}: ${broken.reason}. Nothing will be acted upon.`,
    {
      code: 'chain-broken',
      source: 'system',
      hint: 'Keep the tables as they are, run `janitor ledger verify`, and restore the event from a backup.',
      details: { ...broken },
    },
  );
}
