import { JanitorError } from '../../domain/error.ts';
import { day } from './say.ts';

/** Nothing recorded answers to this id up to this instant. */
export function notFound(id: string, at: string): JanitorError {
  return new JanitorError(`Nothing is recorded about "${id}" up to ${day(at)}`, {
    code: 'not-found',
    source: 'user',
    hint: 'Give an id as `janitor scan` or `janitor sweep` prints it, a bare access key id, a secret’s name, or the id of a plan, notice, sweep, event, request, exception, challenge, grant, incident or account. What was never swept is not recorded: run `janitor sweep`; an --at before the first sweep shows nothing.',
    details: { id, at },
  });
}

/** A name that several credentials have, or something that was asked besides. */
export function ambiguous(id: string, candidates: readonly string[]): JanitorError {
  return new JanitorError(`"${id}" may mean any of ${candidates.length}: ${candidates.join(', ')}`, {
    code: 'ambiguous',
    source: 'user',
    hint: 'Give the whole id of one of them.',
    details: { id, candidates },
  });
}
