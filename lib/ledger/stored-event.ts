import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { canonical } from '../domain/canonical.ts';
import { JanitorError } from '../domain/error.ts';
import { hashOfEvent, type LedgerEvent, parseEvent } from '../domain/event.ts';
import type { BrokenLink } from './chain-error.ts';

export type Item = Record<string, AttributeValue>;

/** DynamoDB's limit of an item: attribute names and values, in UTF-8. */
const MAXIMUM_ITEM_BYTES = 400 * 1024;

const SEQ_DIGITS = 12;

/** The sort key of an event: zero-padded, so that text order is number order. */
export function seqKey(seq: number): string {
  return String(seq).padStart(SEQ_DIGITS, '0');
}

/** One event as one item: key, index attributes and the canonical JSON. Throws `event-too-large`. */
export function itemOf(event: LedgerEvent): Item {
  const texts = {
    subject: event.subject,
    seq: seqKey(event.seq),
    bucket: event.bucket,
    at: event.at,
    type: event.type,
    event: canonical(event),
  };
  const bytes = Object.entries(texts).reduce(
    (sum, [name, text]) => sum + name.length + Buffer.byteLength(text),
    0,
  );
  if (bytes > MAXIMUM_ITEM_BYTES) throw tooLarge(event, bytes);
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, { S: text }]));
}

function tooLarge(event: LedgerEvent, bytes: number): JanitorError {
  return new JanitorError(
    `A ${event.type} event of ${event.subject} would take ${bytes} bytes; an event has at most ${MAXIMUM_ITEM_BYTES}`,
    {
      code: 'event-too-large',
      source: 'system',
      hint: 'Nothing was written. Split what it records over several events, or store it as evidence and refer to it.',
      details: { subject: event.subject, type: event.type, bytes },
    },
  );
}

/** Where a chain stands; seq 0 and null before its first event. */
export interface ChainPosition {
  readonly seq: number;
  readonly hash: string | null;
}

export const CHAIN_START: ChainPosition = { seq: 0, hash: null };

export type Link =
  | { readonly ok: true; readonly event: LedgerEvent }
  | { readonly ok: false; readonly broken: BrokenLink };

/** Reads an item and checks that it is the very event that was appended under its key: shape, place, bytes, hash. */
export function readItem(item: Item): Link {
  const subject = item.subject?.S ?? '(no subject)';
  const key = item.seq?.S ?? '';
  const seq = Number(key);
  const parsed = parseText(item.event?.S);
  if (!parsed.ok) return broken({ code: 'event-unreadable', subject, seq, reason: parsed.reason });
  const { event } = parsed;
  const at = { subject, seq, eventId: event.id };
  if (event.subject !== subject || seqKey(event.seq) !== key) {
    const reason = `the event stored there is number ${event.seq} of ${event.subject}`;
    return broken({ ...at, code: 'event-misplaced', reason });
  }
  const attributes = { bucket: event.bucket, at: event.at, type: event.type };
  const differs = Object.entries(attributes).find(([name, value]) => item[name]?.S !== value)?.[0];
  if (differs !== undefined) {
    return broken({
      ...at,
      code: 'event-altered',
      reason: `its attribute "${differs}" is not what the event says`,
    });
  }
  if (hashOfEvent(event) !== event.hash) {
    return broken({
      ...at,
      code: 'hash-mismatch',
      reason: 'its content does not have the hash it was sealed with',
    });
  }
  if (canonical(event) !== item.event?.S) {
    return broken({
      ...at,
      code: 'event-altered',
      reason: 'its text is not the canonical form it was written in',
    });
  }
  return { ok: true, event };
}

/** Reads the item that must come right after `position` of the same chain. */
export function readLink(position: ChainPosition, item: Item): Link {
  const read = readItem(item);
  if (!read.ok) return read;
  const { event } = read;
  const expected = position.seq + 1;
  if (event.seq !== expected) {
    const reason = `it is missing; the next event there is number ${event.seq}`;
    return broken({ code: 'sequence-gap', subject: event.subject, seq: expected, reason });
  }
  if (event.prevHash !== position.hash) {
    const reason = 'it does not follow from the event before it';
    return broken({ code: 'link-broken', subject: event.subject, seq: event.seq, eventId: event.id, reason });
  }
  return read;
}

function broken(link: BrokenLink): Link {
  return { ok: false, broken: link };
}

function parseText(text: string | undefined): ReturnType<typeof parseEvent> {
  if (text === undefined) return { ok: false, reason: 'it has no content' };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'its content is not JSON' };
  }
  return parseEvent(json);
}
