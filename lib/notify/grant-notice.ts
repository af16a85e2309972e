import type { Grant } from '../domain/grant.ts';
import type { EndCause, GrantToldAbout, Standing } from '../domain/grant-events.ts';
import { MINUTE_MS } from '../domain/time.ts';
import { readable } from './digest-text.ts';
import type { Notice } from './notice.ts';
import { framedNotice, type NoticeText } from './notice-frame.ts';
import { shellArgument } from './plain-text.ts';
import { actorText, columns, endedBy, idText, said } from './request-notice-words.ts';

/** What a notice about a grant is made of; a `GrantTelling` of lib/break-glass has all but the recipient's route. */
export interface GrantNoticeInput {
  readonly noticeId: string;
  readonly recipient: Notice['recipient'];
  readonly about: GrantToldAbout;
  readonly grant: Grant;
  /** What its evidence comes to, for whoever reviews it; empty for everything else. */
  readonly summary: readonly string[];
}

/**
 * Tells whoever could say no, answers for the account or reviews, what somebody took, how it ended, or that it waits for
 * them, with the commands to run. Texts of others stand on one line each, without what looks like a secret.
 */
export function composeGrantNotice(input: GrantNoticeInput): Notice {
  const { noticeId, recipient } = input;
  const { subject, lines } = textOf(input);
  return framedNotice({ noticeId, recipient, subject: `Break-glass: ${subject}`, lines });
}

function textOf({ about, grant, summary }: GrantNoticeInput): NoticeText {
  switch (about) {
    case 'begun':
      return begun(grant);
    case 'ended':
      return ended(grant);
    case 'end-failed':
      return endFailed(grant);
    case 'review':
      return review(grant, summary);
    case 'more':
      return more(grant, summary);
    case 'overdue':
      return overdue(grant);
  }
}

const STANDINGS: Readonly<Record<Standing, string>> = {
  'on-call': 'is on call',
  'not-asked': 'is eligible; the role asks for no more',
  emergency: 'is of the emergency group; nobody could say who is on call, so it takes two reviews',
};

/** What everybody is told of a grant, whatever the occasion. */
function substance(grant: Grant): (readonly [string, string | undefined])[] {
  const { grantId, role, accountId, reason, ticket, standing, why, approvals, sessionManager } = grant;
  const approvers = approvals.map(({ actor, at }) => `${actorText(actor)} on ${readable(at)}`);
  return [
    ['role', `${said(role)} in account ${accountId}${sessionManager ? ', shells included' : ''}`],
    ['why', `${said(reason)} (ticket ${said(ticket)})`],
    ['standing', `${STANDINGS[standing]} (${why.map(said).join('; ')})`],
    ['approved', approvers.length === 0 ? undefined : `by ${approvers.join(', ')}`],
    ['until', `${readable(grant.endsAt)} at the latest; it cannot be extended`],
    ['grant', idText(grantId)],
  ];
}

function taken({ role, accountId }: Grant): string {
  return `${said(role)} in ${accountId}`;
}

function begun(grant: Grant): NoticeText {
  const id = shellArgument(grant.grantId);
  const minutes = Math.round((grant.durationSeconds * 1000) / MINUTE_MS);
  return {
    subject: `${actorText(grant.requestedBy)} takes ${taken(grant)} for ${minutes} minutes (ticket ${said(grant.ticket)})`,
    lines: [
      `${actorText(grant.requestedBy)} takes the break-glass role ${taken(grant)} now.`,
      '',
      ...columns(substance(grant)),
      '',
      'Nobody had to be asked for this; you are told so that somebody can say no.',
      `  see it     janitor break-glass show ${id}`,
      `  end it     janitor break-glass revoke ${id} --reason '...'`,
      '',
      `What was done is shown to the reviewers afterwards; one of them, and never the one who took it, closes it by ${readable(grant.reviewBy)}.`,
    ],
  };
}

const CAUSES: Readonly<Record<EndCause, string>> = {
  expired: 'its time was over',
  returned: 'it was given back',
  revoked: 'it was revoked',
  'reason-changed': 'the reason for it had changed',
  'not-recertified': 'it was not certified again',
  'never-active': 'its activation was not completed',
};

function ended(grant: Grant): NoticeText {
  const { ending, endedAt, grantId } = grant;
  const cause = ending === undefined ? 'its time was over' : CAUSES[ending.cause];
  return {
    subject: `the grant of ${taken(grant)} to ${actorText(grant.requestedBy)} has ended`,
    lines: [
      `The grant of ${taken(grant)} to ${actorText(grant.requestedBy)} has ended, because ${cause}.`,
      '',
      ...columns([
        ...substance(grant).filter(([label]) => label !== 'until'),
        ['ended', ending === undefined ? undefined : endedBy(ending.by, endedAt ?? ending.at, undefined)],
        ['to come', `what it did, from CloudTrail, and a review by ${readable(grant.reviewBy)}`],
      ]),
      '',
      `The whole story: janitor explain ${shellArgument(grantId)}`,
    ],
  };
}

function endFailed(grant: Grant): NoticeText {
  const id = shellArgument(grant.grantId);
  return {
    subject: `ACT NOW: the grant of ${taken(grant)} to ${actorText(grant.requestedBy)} could not be ended yet`,
    lines: [
      `The grant of ${taken(grant)} to ${actorText(grant.requestedBy)} is over, and ending its sessions failed (${said(grant.failure ?? 'unknown')}).`,
      'No further session is issued. Those there are deny everything from the end of the grant on and expire within 15',
      'minutes; ending them is tried again every five minutes.',
      '',
      ...columns(substance(grant)),
      '',
      `  see it     janitor break-glass show ${id}`,
      `  try again  janitor break-glass revoke ${id} --reason '...'`,
      '',
      'docs/runbook.md says what to do by hand in the account.',
    ],
  };
}

function commands(grantId: string): string[] {
  const id = shellArgument(grantId);
  return [
    'TO REVIEW IT, SIGNED WITH YOUR OWN CREDENTIALS',
    `  read it    janitor break-glass evidence ${id}`,
    `  close it   janitor break-glass review ${id} --verdict closed --reason '...'`,
    `  object     janitor break-glass review ${id} --verdict finding --reason '...' --follow-up '...'`,
  ];
}

function review(grant: Grant, summary: readonly string[]): NoticeText {
  const { requestedBy, reviewBy, reviewsNeeded, reviews, evidence } = grant;
  const whole = evidence?.complete === true ? '' : ', WHICH IS NOT ALL YET';
  return {
    subject: `your review is asked for by ${readable(reviewBy)}: ${taken(grant)}, taken by ${actorText(requestedBy)}`,
    lines: [
      `${actorText(requestedBy)} had the break-glass role ${taken(grant)}. Please look whether what was done served what it was taken for.`,
      '',
      ...columns([
        ...substance(grant),
        ['reviews', `${reviews.length} of ${reviewsNeeded}, by whoever neither took nor approved it`],
        ['answer by', `${readable(reviewBy)}; then the next use needs a second person first`],
      ]),
      '',
      `WHAT IT DID, AS CLOUDTRAIL SHOWS IT${whole}`,
      ...summaryLines(summary),
      '',
      ...commands(grant.grantId),
    ],
  };
}

function more(grant: Grant, summary: readonly string[]): NoticeText {
  const { requestedBy, reviews, evidence, grantId } = grant;
  const late = reviews.length === 0 ? '' : ' It was reviewed before that was known.';
  return {
    subject: `there is more evidence of ${taken(grant)}, taken by ${actorText(requestedBy)}`,
    lines: [
      `What you were shown of the use of ${taken(grant)} by ${actorText(requestedBy)} was not all: CloudTrail shows ${evidence?.events ?? 0} calls now.${late}`,
      '',
      ...columns(substance(grant)),
      '',
      'WHAT IT DID, AS CLOUDTRAIL SHOWS IT',
      ...summaryLines(summary),
      '',
      ...commands(grantId),
    ],
  };
}

function summaryLines(summary: readonly string[]): string[] {
  return summary.length === 0 ? ['- nothing is known yet'] : summary.map((line) => `- ${said(line)}`);
}

function overdue(grant: Grant): NoticeText {
  const { requestedBy, reviewBy, grantId } = grant;
  return {
    subject: `OVERDUE: nobody reviewed ${taken(grant)}, taken by ${actorText(requestedBy)}`,
    lines: [
      `${actorText(requestedBy)} had the break-glass role ${taken(grant)}, and it was to be reviewed by ${readable(reviewBy)}.`,
      `Until it is, ${actorText(requestedBy)} needs a second person before taking ${said(grant.role)} again.`,
      '',
      ...columns(substance(grant)),
      '',
      ...commands(grantId),
    ],
  };
}
