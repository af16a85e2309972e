import { messageOf } from '../domain/error.ts';
import type { DeliveryResult, Notice, NoticeDelivery } from './notice.ts';
import { oneLine } from './plain-text.ts';

/** What of a stream is needed; `process.stderr` is one. */
export interface TextSink {
  write(text: string, done: (error?: Error | null) => void): unknown;
}

/** Prints notices for whoever is watching: the demo and trying out a policy. */
export class ConsoleDelivery implements NoticeDelivery {
  readonly route = 'console';
  readonly #sink: TextSink;
  readonly #printed = new Set<string>();

  constructor(sink: TextSink) {
    this.#sink = sink;
  }

  async deliver(notice: Notice): Promise<DeliveryResult> {
    const receipt = `console:${notice.id}`;
    if (this.#printed.has(notice.id)) return { outcome: 'accepted', receipt };
    const { label, mail } = notice.recipient;
    const to = mail === undefined ? oneLine(label) : `${oneLine(label)} <${oneLine(mail)}>`;
    const text = `To: ${to}\nSubject: ${oneLine(notice.subject)}\n\n${notice.text}\n`;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#sink.write(text, (error) => (error ? reject(error) : resolve()));
      });
    } catch (error) {
      return { outcome: 'unknown', reason: `the notice could not be printed: ${messageOf(error)}` };
    }
    this.#printed.add(notice.id);
    return { outcome: 'accepted', receipt };
  }
}
