import type { Incident } from '../domain/incident.ts';
import type { IncidentKind, IncidentToldAbout } from '../domain/incident-events.ts';
import { readable } from './digest-text.ts';
import type { Notice } from './notice.ts';
import { framedNotice } from './notice-frame.ts';
import { shellArgument } from './plain-text.ts';
import { columns, idText, said } from './request-notice-words.ts';

export interface IncidentNoticeInput {
  readonly noticeId: string;
  readonly recipient: Notice['recipient'];
  /** Default `opened`. */
  readonly about?: IncidentToldAbout;
  readonly incident: Incident;
}

const HEADINGS: Readonly<Record<IncidentKind, string>> = {
  'session-without-grant': 'a break-glass role was assumed and no grant explains it',
  'emergency-identity': 'an identity of the last resort was used',
};

/** Tells that access was used which nobody had asked for, to whoever reviews it or answers for it. */
export function composeIncidentNotice({ noticeId, recipient, about, incident }: IncidentNoticeInput): Notice {
  const { incidentId, kind, accountId, target, principal, person, why, calls, custodians, reviewBy } =
    incident;
  const [call] = calls;
  const id = shellArgument(incidentId);
  return framedNotice({
    noticeId,
    recipient,
    subject: `${about === 'overdue' ? 'OVERDUE REVIEW' : 'CRITICAL'}: ${HEADINGS[kind]} (account ${accountId})`,
    lines: [
      ...(about === 'overdue' ? [`Nobody reviewed this by ${readable(reviewBy)}.`] : []),
      `In account ${accountId} ${HEADINGS[kind]}: ${said(why)}.`,
      '',
      ...columns([
        ['what', idText(target)],
        ['by', `${idText(principal)}${person === undefined ? '' : `, which claims to be ${said(person)}`}`],
        ['call', call === undefined ? undefined : callText(call)],
        ['custodians', custodians.length === 0 ? undefined : custodians.map(said).join(', ')],
        ['review by', readable(reviewBy)],
        ['incident', idText(incidentId)],
      ]),
      '',
      'WHAT TO DO',
      '- Was it you? Say what it was for; somebody else reviews that:',
      `  janitor break-glass explain-incident ${id} --reason '...' --ticket '...'`,
      '- Are you to review it, and had no part in it?',
      `  janitor break-glass review-incident ${id} --verdict closed --reason '...'`,
      '- Was it nobody you can name? Treat it as an intrusion: docs/runbook.md says how the role or the identity is closed.',
      `- The whole story: janitor explain ${id}`,
    ],
  });
}

function callText({ name, at, region, sourceIp, error }: Incident['calls'][number]): string {
  const from = sourceIp === undefined ? '' : ` from ${said(sourceIp)}`;
  const failed = error === undefined ? '' : `, which failed (${said(error)})`;
  return `${said(name)} on ${readable(at)} in ${said(region)}${from}${failed}`;
}
