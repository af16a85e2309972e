import type { Exception, ExceptionState } from '../domain/exception.ts';
import { readable } from './digest-text.ts';
import { shellArgument } from './plain-text.ts';
import {
  actorText,
  columns,
  conditionsText,
  endedBy,
  endText,
  idText,
  reasonText,
  rulesText,
  said,
} from './request-notice-words.ts';

/** That an exception ended and why, for whoever relied on it. */
export function exceptionText({
  id,
  record,
  state,
}: {
  readonly id: string;
  readonly record: Exception;
  readonly state: ExceptionState;
}) {
  const { scope, requestedBy, reason, endsAt, end, businessOwner } = record;
  const how = end === undefined ? state : endText(end.state, end.cause);
  const credential = idText(scope.credentialId);
  return {
    subject: `An exception has ended (ticket ${said(record.ticket)}): ${how}`,
    lines: [
      `The exception of ${credential} from ${rulesText(scope.rules)} has ended: ${how}.`,
      'From now on these rules count again, with every notice, wait and guard they have.',
      '',
      ...columns([
        ['asked by', actorText(requestedBy)],
        ['why', reasonText(reason, record)],
        ['answers', `${said(businessOwner)} answered for the need`],
        ['while', conditionsText(record.while)],
        ['until', readable(endsAt)],
        ['ended', end === undefined ? undefined : endedBy(end.by, end.at, end.reason)],
      ]),
      '',
      'WHAT TO DO',
      '- Still needed? Ask for a new one: janitor exception request',
      `- What happens to the credential next: janitor explain ${shellArgument(scope.credentialId)}`,
      `- The whole story: janitor explain ${shellArgument(id)}`,
    ],
  };
}
