import * as z from 'zod';
import {
  type FakeAnswer,
  type FakeRequest,
  type FakeService,
  json,
  jsonError,
  targetOf,
} from './exchange.ts';

const entry = z.strictObject({
  EventBusName: z.string(),
  Source: z.string(),
  DetailType: z.string(),
  Detail: z.string(),
});
const input = z.strictObject({ Entries: z.array(entry).length(1) });
export type BusEvent = z.infer<typeof entry>;

/** EventBridge as far as putting one event on a bus goes. */
export class FakeEventBus implements FakeService {
  readonly buses: Set<string>;
  readonly events: BusEvent[] = [];

  constructor(buses: readonly string[]) {
    this.buses = new Set(buses);
  }

  operationOf(request: FakeRequest): string | undefined {
    return targetOf(request, 'AWSEvents') === 'PutEvents' ? 'PutEvents' : undefined;
  }

  answer(_operation: string, { body }: FakeRequest): FakeAnswer {
    const parsed = input.safeParse(JSON.parse(body.toString()));
    if (!parsed.success) return jsonError(400, 'ValidationException', z.prettifyError(parsed.error));
    const [event] = parsed.data.Entries;
    if (event === undefined || !this.buses.has(event.EventBusName)) {
      return jsonError(400, 'ResourceNotFoundException', 'Event bus does not exist.');
    }
    this.events.push(event);
    return json(200, { FailedEntryCount: 0, Entries: [{ EventId: `event-${this.events.length}` }] });
  }
}
