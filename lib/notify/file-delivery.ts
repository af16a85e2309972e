import { access, mkdir, open, readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { JanitorError, messageOf } from '../domain/error.ts';
import { type Clock, toMillis } from '../domain/time.ts';
import { mailOf } from './mail-address.ts';
import {
  type DeliveryResult,
  type Notice,
  type NoticeDelivery,
  noticeOfSlug,
  slugOfNotice,
} from './notice.ts';
import { oneLine } from './plain-text.ts';

const BOUNCED = 'bounced';
const FILE = /^([A-Za-z0-9_-]+)\.txt$/;

/** A notice that came back. */
export interface Bounce {
  readonly noticeId: string;
  readonly reason: string;
}

/**
 * Mail without a mail server: one file per notice in a folder, as it would be sent. A file of the same name in its
 * folder `bounced` says that the notice came back, whatever the file holds.
 */
export class FileDelivery implements NoticeDelivery {
  readonly route = 'file';
  readonly #folder: string;
  readonly #clock: Clock;

  constructor({ folder, clock }: { readonly folder: string; readonly clock: Clock }) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** A notice id is delivered once: later deliveries of it find the file. A file appears whole or not at all. */
  async deliver(notice: Notice): Promise<DeliveryResult> {
    const to = mailOf(notice.recipient);
    if (!to.ok) return to.refusal;
    const receipt = `${slugOfNotice(notice.id)}.txt`;
    try {
      if (await this.#isThere(receipt)) return { outcome: 'accepted', receipt };
      await mkdir(this.#folder, { recursive: true });
      const part = path.join(this.#folder, `${receipt}.part`);
      const file = await open(part, 'w');
      try {
        await file.writeFile(this.#letter(notice, to.mail), 'utf8');
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(part, path.join(this.#folder, receipt));
      return { outcome: 'accepted', receipt };
    } catch (error) {
      return { outcome: 'unknown', reason: `the notice could not be written: ${messageOf(error)}` };
    }
  }

  /** Notices that came back, by the files in `bounced`, in the order of their names. Throws `outbox-unreadable`. */
  async *bounces(): AsyncIterable<Bounce> {
    for (const name of (await this.#bouncedFiles()).sort()) {
      const slug = FILE.exec(name)?.[1];
      if (slug === undefined) continue;
      yield { noticeId: noticeOfSlug(slug), reason: `${BOUNCED}/${name} lies in the outbox` };
    }
  }

  async #bouncedFiles(): Promise<string[]> {
    try {
      return await readdir(path.join(this.#folder, BOUNCED));
    } catch (error) {
      if (isMissing(error)) return [];
      throw new JanitorError(`The folder ${BOUNCED} of the outbox cannot be read: ${messageOf(error)}`, {
        code: 'outbox-unreadable',
        source: 'user',
        hint: `Make ${path.join(this.#folder, BOUNCED)} a readable folder, or remove it.`,
        cause: error,
      });
    }
  }

  async #isThere(name: string): Promise<boolean> {
    const places = [path.join(this.#folder, name), path.join(this.#folder, BOUNCED, name)];
    const found = await Promise.all(places.map(exists));
    return found.includes(true);
  }

  #letter(notice: Notice, mail: string): string {
    const headers = [
      `Date: ${new Date(toMillis(this.#clock.now())).toUTCString()}`,
      'From: Credential Janitor',
      `To: ${oneLine(notice.recipient.label)} <${mail}>`,
      `Subject: ${oneLine(notice.subject)}`,
      `X-Janitor-Notice-Id: ${notice.id}`,
      'Content-Type: text/plain; charset=utf-8',
    ];
    return `${headers.join('\n')}\n\n${notice.text}`;
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
