import type { DeliveryResult, Notice, NoticeDelivery } from '../../lib/notify/index.ts';
import type { Network } from './network.ts';

/** A letter in the world's mail. */
export interface Letter {
  readonly notice: Notice;
  readonly process: string;
  readonly tick: number;
  readonly at: string;
  /** How often the same id was handed in again, and whether ever with another text. */
  again: number;
  altered: boolean;
  /** Set when it came back. */
  bounced: boolean;
}

/** The mail everybody shares. */
export class Outbox {
  readonly letters: Letter[] = [];
  /** Recipients whose mail server says no at once. */
  readonly refusing = new Set<string>();
  readonly #stamp: () => { readonly tick: number; readonly at: string };

  constructor(stamp: () => { readonly tick: number; readonly at: string }) {
    this.#stamp = stamp;
  }

  /** A notice id that is known is not delivered again. */
  take(notice: Notice, process: string): DeliveryResult {
    const known = this.letters.find((letter) => letter.notice.id === notice.id);
    if (known !== undefined) {
      known.again += 1;
      known.altered ||= JSON.stringify(known.notice) !== JSON.stringify(notice);
      return { outcome: 'accepted', receipt: notice.id };
    }
    if (this.refusing.has(notice.recipient.id)) return { outcome: 'refused', reason: 'no such mailbox' };
    this.letters.push({ notice, process, ...this.#stamp(), again: 0, altered: false, bounced: false });
    return { outcome: 'accepted', receipt: notice.id };
  }
}

/** The mail as one process reaches it: requests and answers get lost, and it dies with the process. */
export class WorldDelivery implements NoticeDelivery {
  readonly route = 'world';
  readonly #outbox: Outbox;
  readonly #network: Network;
  readonly #process: string;

  constructor(outbox: Outbox, network: Network, process: string) {
    this.#outbox = outbox;
    this.#network = network;
    this.#process = process;
  }

  deliver(notice: Notice): Promise<DeliveryResult> {
    const take = () => this.#outbox.take(notice, this.#process);
    return this.#network.call<DeliveryResult>(this.#process, 'delivery', 'Deliver', take, (effect) => ({
      outcome: 'unknown',
      reason: `the mail server gave no answer: ${effect}`,
    }));
  }

  /** Letters that came back, as a route reports them: all it knows of, every time. */
  async *bounces(): AsyncGenerator<{ readonly noticeId: string; readonly reason: string }> {
    for (const { notice, bounced } of this.#outbox.letters) {
      if (bounced) yield { noticeId: notice.id, reason: 'the letter came back' };
    }
  }
}
