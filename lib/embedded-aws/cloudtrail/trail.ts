/** One management call as CloudTrail keeps it: no secret value, and of parameters only what names something. */
export interface TrailEvent {
  /** In the order of arrival, over all accounts. */
  readonly sequence: number;
  readonly eventId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** From when on it is found. */
  readonly visibleAt: number;
  /** Whose history it is in. */
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  /** `iam.amazonaws.com`. */
  readonly source: string;
  readonly readOnly: boolean;
  readonly accessKeyId: string;
  /** A user's name, or the name of a role session. */
  readonly username: string;
  readonly resources: readonly TrailResource[];
  /** The rest of the record, as CloudTrail writes it. */
  readonly record: Readonly<Record<string, unknown>>;
}

export interface TrailResource {
  readonly type: string;
  readonly name: string;
}

/** Enough for hours of people at work, and a bound for a sweep that goes on for days. */
const MOST_EVENTS = 10_000;

/** The newest management events of a world, over all its accounts; older ones fall out. */
export class Trail {
  #events: TrailEvent[] = [];
  #recorded = 0;

  /** Keeps an event; returns the place it got in the order of arrival. */
  add(event: Omit<TrailEvent, 'sequence'>): void {
    this.#recorded += 1;
    this.#events.push({ sequence: this.#recorded, ...event });
    if (this.#events.length >= 2 * MOST_EVENTS) this.#events = this.#events.slice(-MOST_EVENTS);
  }

  /** Newest first, as LookupEvents answers. */
  newestFirst(matches: (event: TrailEvent) => boolean): readonly TrailEvent[] {
    return this.#events.filter(matches).sort((a, b) => b.at - a.at || b.sequence - a.sequence);
  }
}
