import { v7 as uuidv7 } from 'uuid';
import { canonical } from '../domain/canonical.ts';
import { JanitorError } from '../domain/error.ts';
import { bucketOf, type EventDraft, hashOfEvent, type LedgerEvent, parseEvent } from '../domain/event.ts';
import { type Instant, toMillis } from '../domain/time.ts';
import type { ChainPosition } from './stored-event.ts';

/** A fresh event id whose time part is the event's own instant, so that an id leads to its bucket. */
export function newEventId(at: Instant): string {
  return uuidv7({ msecs: toMillis(at) });
}

/**
 * Gives a draft its identity, its place after `head` and its hash. The result is read back through the strict
 * schema, so that what is appended can be read for ever. Throws `event-invalid`.
 */
export function sealedEvent(subject: string, head: ChainPosition | null, draft: EventDraft): LedgerEvent {
  const unsealed = {
    ...draft,
    id: draft.id ?? newEventId(draft.at),
    subject,
    seq: (head?.seq ?? 0) + 1,
    bucket: bucketOf(draft.at),
    prevHash: head?.hash ?? null,
  };
  const sealed = { ...unsealed, hash: hashOfEvent(unsealed) };
  const parsed = parseEvent(JSON.parse(canonical(sealed)));
  if (parsed.ok) return parsed.event;
  throw new JanitorError(
    `A ${draft.type} event of ${subject} is not valid and was not recorded: ${parsed.reason}`,
    {
      code: 'event-invalid',
      source: 'system',
      hint: 'This is a defect of the program; please report it with this message.',
      details: { subject, type: draft.type },
    },
  );
}
