import * as z from 'zod';
import { type JsonValue, jsonOperation, jsonTime } from '../json-protocol.ts';
import { pageLimit, pageToken, tokenPosition } from '../paging.ts';
import type { Call } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import type { TrailEvent } from './trail.ts';

const ATTRIBUTES = {
  AccessKeyId: ({ accessKeyId }, value) => accessKeyId === value,
  EventId: ({ eventId }, value) => eventId === value,
  EventName: ({ name }, value) => name === value,
  EventSource: ({ source }, value) => source === value,
  ReadOnly: ({ readOnly }, value) => String(readOnly) === value,
  ResourceName: ({ resources }, value) => resources.some(({ name }) => name === value),
  ResourceType: ({ resources }, value) => resources.some(({ type }) => type === value),
  Username: ({ username }, value) => username === value,
} satisfies Record<string, (event: TrailEvent, value: string) => boolean>;
const KEYS = [
  'AccessKeyId',
  'EventId',
  'EventName',
  'EventSource',
  'ReadOnly',
  'ResourceName',
  'ResourceType',
  'Username',
] as const satisfies readonly (keyof typeof ATTRIBUTES)[];

const lookupEventsInput = z.object({
  LookupAttributes: z
    .array(z.object({ AttributeKey: z.enum(KEYS), AttributeValue: z.string().min(1) }))
    .optional(),
  /** Seconds since the epoch. */
  StartTime: z.number().optional(),
  EndTime: z.number().optional(),
  MaxResults: z.int().optional(),
  NextToken: z.string().optional(),
});

const MOST = 50;
const KEPT_MS = 90 * 24 * 3_600_000;

/**
 * The events of the caller's account and Region that have been delivered, newest first, of the last 90 days. One attribute
 * at most. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
function lookupEvents(call: Call, input: z.infer<typeof lookupEventsInput>): JsonValue {
  const { LookupAttributes = [], MaxResults = MOST } = input;
  const from = (input.StartTime ?? 0) * 1000;
  const to = input.EndTime === undefined ? Number.POSITIVE_INFINITY : input.EndTime * 1000;
  if (LookupAttributes.length > 1)
    throw invalid('LookupAttributes', 'More than one lookup attribute was given');
  if (from > to) throw invalid('TimeRange', 'The start time must be before the end time');
  if (MaxResults < 1 || MaxResults > MOST) throw invalid('MaxResults', `MaxResults must be 1 to ${MOST}`);
  const [wanted] = LookupAttributes;
  const found = call.world.trail.newestFirst(
    (event) =>
      event.accountId === call.account.id &&
      event.region === call.region &&
      event.visibleAt <= call.now &&
      event.at >= Math.max(from, call.now - KEPT_MS) &&
      event.at <= to &&
      (wanted === undefined || ATTRIBUTES[wanted.AttributeKey](event, wanted.AttributeValue)),
  );
  const start = input.NextToken === undefined ? 0 : after(call, found, input.NextToken);
  const page = found.slice(start, start + pageLimit(call, MaxResults, MOST));
  const last = page.at(-1);
  const hasMore = start + page.length < found.length && last !== undefined;
  return {
    Events: page.map((event) => eventOf(event)),
    NextToken: hasMore ? pageToken(call, last.sequence) : undefined,
  };
}

/** Where a listing goes on, although events may have arrived since. */
function after(call: Call, found: readonly TrailEvent[], token: string): number {
  const sequence = tokenPosition(call, token);
  const index = found.findIndex((event) => event.sequence === sequence);
  if (index < 0) throw invalid('NextToken', 'The token is not one of this listing');
  return index + 1;
}

function eventOf(event: TrailEvent): JsonValue {
  return {
    EventId: event.eventId,
    EventName: event.name,
    ReadOnly: String(event.readOnly),
    AccessKeyId: event.accessKeyId,
    EventTime: jsonTime(event.at - (event.at % 1000)),
    EventSource: event.source,
    Username: event.username,
    Resources: event.resources.map(({ type, name }) => ({ ResourceType: type, ResourceName: name })),
    CloudTrailEvent: JSON.stringify({
      ...event.record,
      eventID: event.eventId,
      recipientAccountId: event.accountId,
    }),
  };
}

function invalid(what: string, message: string): ServiceError {
  return new ServiceError(`Invalid${what}Exception`, 400, `${message}.`);
}

export const LOOKUP_EVENTS = jsonOperation(lookupEventsInput, lookupEvents);
