import type { AskedAsItStands } from '../domain/told.ts';
import type { ToldAbout } from '../domain/told-events.ts';
import type { Notice } from './notice.ts';
import { framedNotice, type NoticeText } from './notice-frame.ts';
import { challengeText } from './request-notice-challenge.ts';
import { exceptionText } from './request-notice-exception.ts';
import { requestText } from './request-notice-request.ts';

/** What a notice about something that was asked is made of; a `Telling` of lib/requests has all but the recipient's route. */
export type AskedNoticeInput = {
  readonly noticeId: string;
  readonly recipient: Notice['recipient'];
  readonly about: ToldAbout;
  /** What is known of the credential, in lines, for those who decide: as `janitor explain` sums it up. */
  readonly evidence?: readonly string[];
} & AskedAsItStands;

/**
 * Tells an approver everything needed to decide and the command to answer, or somebody concerned what came of it. Texts of
 * others stand on one line each, without what looks like a secret. There is nothing in it to be followed or opened that
 * would approve anything.
 */
export function composeAskedNotice(input: AskedNoticeInput): Notice {
  const { noticeId, recipient, evidence = [] } = input;
  return framedNotice({ noticeId, recipient, ...textOf(input, evidence) });
}

function textOf(input: AskedNoticeInput, evidence: readonly string[]): NoticeText {
  switch (input.kind) {
    case 'request':
      return requestText(input, evidence);
    case 'exception':
      return exceptionText(input);
    case 'challenge':
      return challengeText(input, evidence);
  }
}
