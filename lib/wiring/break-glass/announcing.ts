import { type Announcement, watchersOf } from '../../break-glass/index.ts';
import { JanitorError } from '../../domain/error.ts';
import { subjects } from '../../domain/subject.ts';
import type { Clock } from '../../domain/time.ts';
import { toldNoticeId } from '../../domain/told.ts';
import { composeGrantNotice, type Notice, type NoticeDelivery } from '../../notify/index.ts';
import { hasLeft, type Policy, routeOf } from '../../policy/index.ts';

/** Everywhere that the beginning of a grant is told. */
export interface GrantRoutes {
  /** To people and groups, by the addresses of the directory. */
  readonly people: NoticeDelivery;
  /** To whoever watches: the operators' topic, the event bus. */
  readonly watching: readonly NoticeDelivery[];
}

/** Whoever runs the janitor, for routes that need no address. */
const OPERATORS = { id: 'operators', label: 'Operators' };

/** Who answers for an account, and who answers for the janitor's policy. */
export function concernedBy(policy: Policy): (accountId: string) => readonly string[] {
  const { accounts } = policy.directory;
  return (accountId) => {
    const owner = accounts.find(({ id }) => id === accountId)?.owner;
    return [...new Set([...(owner === undefined ? [] : [owner]), policy.document.riskOwner])];
  };
}

/** Tells everybody at once that a grant began; one that takes it over is enough. Throws `nobody-told`. */
export function announcementBy(routes: GrantRoutes, clock: Clock): (policy: Policy) => Announcement {
  return (policy) => ({
    announce: async (grant) => {
      const concerned = concernedBy(policy)(grant.accountId);
      const notice = (recipient: Notice['recipient']) =>
        composeGrantNotice({
          noticeId: toldNoticeId(subjects.grant(grant.grantId), 'begun', recipient.id),
          recipient,
          about: 'begun',
          grant,
          summary: [],
        });
      const people = watchersOf(grant, concerned)
        .filter((id) => !hasLeft(policy, id, clock.now()))
        .flatMap((id) => routeOf(policy, id) ?? []);
      const results = await Promise.all([
        ...people.map((each) => routes.people.deliver(notice(each))),
        ...routes.watching.map((route) => route.deliver(notice(OPERATORS))),
      ]);
      if (results.some(({ outcome }) => outcome === 'accepted')) return;
      throw new JanitorError(`nobody could be told of grant ${grant.grantId}`, {
        code: 'nobody-told',
        source: 'system',
        hint: 'It is tried again; look at the operators’ topic and at the sender of mail.',
      });
    },
  });
}
