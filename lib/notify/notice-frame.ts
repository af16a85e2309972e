import type { Notice } from './notice.ts';
import { oneLine } from './plain-text.ts';

/** Subject and body of a notice, without what every notice has. */
export interface NoticeText {
  readonly subject: string;
  readonly lines: readonly string[];
}

/** A notice to somebody who may have to decide: there is nothing in it that would approve anything when followed. */
export function framedNotice({
  noticeId,
  recipient,
  subject,
  lines,
}: NoticeText & { readonly noticeId: string; readonly recipient: Notice['recipient'] }): Notice {
  const text = [
    `Hello ${oneLine(recipient.label, 100)},`,
    '',
    ...lines,
    '',
    `This message is ${oneLine(noticeId, 200)}. Opening, answering or forwarding it approves nothing, and no link does.`,
  ];
  return {
    id: noticeId,
    recipient,
    subject: oneLine(`[Credential Janitor] ${subject}`, 180),
    text: `${text.join('\n')}\n`,
    items: [],
  };
}
