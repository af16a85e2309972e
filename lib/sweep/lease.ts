import { foldLease, type Lease } from '../domain/account-chains.ts';
import { JanitorError } from '../domain/error.ts';
import type { LedgerEvent } from '../domain/event.ts';
import { subjects } from '../domain/subject.ts';
import { elapsed, type Instant, MINUTE_MS, plus } from '../domain/time.ts';
import type { ActingContext } from './context.ts';

/** How long a lease lasts without renewal. A sweep renews it when less than half is left. */
export const LEASE_MS = 10 * MINUTE_MS;
/** A lease is taken over only after its end plus the longest call time-out and a clock margin. */
export const TAKEOVER_MARGIN_MS = 2 * MINUTE_MS;

/** What crashed holders may have left behind: the interval in which they could have written. */
export interface Abandoned {
  readonly from: Instant;
  readonly to: Instant;
}

export interface LeaseTerms {
  /** Whether a lease that its holder never gave back may be taken over in time. */
  readonly takeOver: boolean;
}

/** The exclusive right to sweep one account, kept as events so that nobody needs a second source of truth. */
export class AccountLease {
  readonly #context: ActingContext;
  readonly #subject: string;
  #newest: LedgerEvent;
  /** Set when the previous holder never released its lease; reaches back to the last one that did. */
  readonly abandoned: Abandoned | undefined;

  private constructor(context: ActingContext, newest: LedgerEvent, abandoned: Abandoned | undefined) {
    this.#context = context;
    this.#subject = subjects.lease(context.accountId);
    this.#newest = newest;
    this.abandoned = abandoned;
  }

  /**
   * Takes the lease; throws `lease-held` naming the holder while another sweep has it. Only who recovers what a
   * crashed holder left behind may take over from it: `takeOver` false leaves an unreturned lease to a sweep.
   */
  static async take(
    context: ActingContext,
    { takeOver }: LeaseTerms = { takeOver: true },
  ): Promise<AccountLease> {
    const subject = subjects.lease(context.accountId);
    const head = await context.ledger.head(subject);
    const held = foldLease(head);
    const now = context.clock.now();
    if (held !== undefined && (!takeOver || now < plus(held.until, TAKEOVER_MARGIN_MS)))
      throw leaseHeld(context.accountId, held);
    const appended = await context.ledger.append(subject, head ?? null, {
      type: 'lease.taken',
      at: now,
      actor: context.actor,
      data: { holder: context.holder, until: plus(now, LEASE_MS) },
    });
    if (!appended.ok) throw leaseHeld(context.accountId, foldLease(await context.ledger.head(subject)));
    const abandoned =
      held === undefined
        ? undefined
        : { from: await unreleasedSince(context, subject), to: plus(held.until, TAKEOVER_MARGIN_MS) };
    return new AccountLease(context, appended.event, abandoned);
  }

  /** Reads the head strongly: ours only while the newest event is ours and its end has not come. */
  async isOurs(): Promise<boolean> {
    const lease = foldLease(await this.#context.ledger.head(this.#subject));
    return lease?.holder === this.#context.holder && this.#context.clock.now() < lease.until;
  }

  get until(): Instant {
    return foldLease(this.#newest)?.until ?? this.#newest.at;
  }

  /** Renews when less than half is left; throws `lease-lost` when somebody else has it now. */
  async keep(): Promise<void> {
    const now = this.#context.clock.now();
    if (elapsed(now, this.until) > LEASE_MS / 2) return;
    if (now >= this.until) throw leaseLost(this.#context.accountId);
    const appended = await this.#context.ledger.append(this.#subject, this.#newest, {
      type: 'lease.renewed',
      at: now,
      actor: this.#context.actor,
      data: { holder: this.#context.holder, until: plus(now, LEASE_MS) },
    });
    if (!appended.ok) throw leaseLost(this.#context.accountId);
    this.#newest = appended.event;
  }

  /** Gives the lease back; losing a race here means that it was not ours any more, which is fine. */
  async release(): Promise<void> {
    await this.#context.ledger.append(this.#subject, this.#newest, {
      type: 'lease.released',
      at: this.#context.clock.now(),
      actor: this.#context.actor,
      data: { holder: this.#context.holder },
    });
  }
}

/** Whether somebody holds the account's lease now and may yet give it back. */
export async function isLeased(context: ActingContext): Promise<boolean> {
  const lease = foldLease(await context.ledger.head(subjects.lease(context.accountId)));
  return lease !== undefined && context.clock.now() < lease.until;
}

/** Does something while holding the account's lease; throws `lease-held` when another sweep has it. */
export async function underLease<T>(
  context: ActingContext,
  work: (lease: AccountLease) => Promise<T>,
  terms?: LeaseTerms,
): Promise<T> {
  const lease = await AccountLease.take(context, terms);
  try {
    return await work(lease);
  } finally {
    await release(context, lease).catch(() => undefined);
  }
}

/** A lease is given back only when the projection is up to all that was recorded; else whoever takes it over sees to that. */
async function release(context: ActingContext, lease: AccountLease): Promise<void> {
  await context.record.catchUp();
  await lease.release();
}

/** When the oldest lease since the last release was taken: renewals, and holders that died one after the other. */
async function unreleasedSince(context: ActingContext, subject: string): Promise<Instant> {
  for (let limit = 20; ; limit *= 4) {
    const events = await context.ledger.newest(subject, limit);
    const released = events.findIndex((event) => event.type === 'lease.released');
    const oldest = (released === -1 ? events : events.slice(0, released)).at(-1);
    if (oldest !== undefined && (released !== -1 || events.length < limit)) return oldest.at;
  }
}

function leaseHeld(accountId: string, lease: Lease | undefined): JanitorError {
  const who = lease === undefined ? 'another sweep' : `${lease.holder} until ${lease.until}`;
  return new JanitorError(`account ${accountId} is being swept by ${who}`, {
    code: 'lease-held',
    source: 'system',
    hint: 'Wait for it to finish; a lease left by a crashed sweep can be taken over two minutes after its end.',
    details: lease === undefined ? {} : { holder: lease.holder, until: lease.until },
  });
}

export function leaseLost(accountId: string): JanitorError {
  return new JanitorError(`the lease on account ${accountId} was lost while sweeping`, {
    code: 'lease-lost',
    source: 'system',
    hint: 'Nothing more was done. Run the sweep again; it continues where this one stopped.',
  });
}
