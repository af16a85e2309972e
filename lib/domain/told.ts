import { taggedHash } from './canonical.ts';
import type { Challenge, ChallengeState } from './challenge.ts';
import type { LedgerEvent } from './event.ts';
import type { Exception, ExceptionState } from './exception.ts';
import type { GrantToldAbout } from './grant-events.ts';
import type { IncidentToldAbout } from './incident-events.ts';
import type { Request, RequestState } from './request.ts';
import type { ToldAbout } from './told-events.ts';

/** Something that was asked, with where it stands: what people are told of. */
export type AskedAsItStands =
  | { readonly kind: 'request'; readonly id: string; readonly record: Request; readonly state: RequestState }
  | {
      readonly kind: 'exception';
      readonly id: string;
      readonly record: Exception;
      readonly state: ExceptionState;
    }
  | {
      readonly kind: 'challenge';
      readonly id: string;
      readonly record: Challenge;
      readonly state: ChallengeState;
    };

const ASKED_NOTICES = 'notice/asked/';

/**
 * The id of the one notice by which a person is told of one thing about one chain: sent again after a crash it is the
 * same notice, which routes do not deliver twice.
 */
export function toldNoticeId(
  subject: string,
  about: ToldAbout | GrantToldAbout | IncidentToldAbout,
  recipient: string,
): string {
  const hash = taggedHash('credential-janitor/told/v1', [subject, about, recipient]);
  return `${ASKED_NOTICES}${hash.slice(0, 32)}`;
}

export function isToldNotice(noticeId: string): boolean {
  return noticeId.startsWith(ASKED_NOTICES);
}

/** Ids of the notices that a chain says were accepted, or refused for good. */
export function toldIn(events: readonly LedgerEvent[]): ReadonlySet<string> {
  return new Set(
    events.flatMap((event) =>
      event.type === 'request.told' ||
      event.type === 'exception.told' ||
      event.type === 'challenge.told' ||
      event.type === 'grant.told' ||
      event.type === 'incident.told'
        ? [event.data.noticeId]
        : [],
    ),
  );
}
