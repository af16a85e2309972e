import { Command } from 'commander';
import * as z from 'zod';
import type { GrantView } from '../../api/index.ts';
import { actorLabel } from '../../domain/actor.ts';
import { atBroker } from '../at-broker.ts';
import { brokerFlags, withBroker, withOutput } from '../flags.ts';
import { grantStateWord, minutesLeft } from '../render/grant.ts';
import { PLAIN } from '../render/style.ts';
import { action, type Run } from '../run.ts';
import { withExamples } from './examples.ts';
import { approversOf, pageFlags, pageQuery, type Shown, scalars, showPage, withPage } from './listing.ts';

const flagsSchema = z.strictObject({ ...brokerFlags, ...pageFlags });

export function breakGlassListCommand(run: Run): Command {
  const command = withPage(
    new Command('list').description(
      'Show grants, newest first. Open are those that have not ended, and those still owed evidence or a review.',
    ),
  );
  withBroker(withOutput(command, ['table', 'json', 'csv']));
  return withExamples(command, [
    ['janitor break-glass list', 'who has what now, and what waits for a review'],
    ['janitor break-glass list --state all --format csv', 'for a spreadsheet'],
  ]).action(
    action(run, flagsSchema, async (session, { state, limit, cursor, ...flags }) => {
      const query = pageQuery({ state, limit, cursor });
      const page = await atBroker({ run, flags }, ({ service }) => service.listGrants(query));
      return showPage(session, GRANTS, query, page);
    }),
  );
}

const GRANTS: Shown<GrantView> = {
  command: 'break-glass list',
  plural: 'grants',
  columns: [
    { title: 'STATE', size: 'fit' },
    { title: 'ROLE', size: 'flex' },
    { title: 'ACCOUNT', size: 'fit' },
    { title: 'BY', size: 'flex' },
    { title: 'LEFT', size: 'fit' },
  ],
  row: (view) => ({
    id: view.grantId,
    cells: [
      grantStateWord(view, PLAIN),
      view.role,
      view.accountId,
      actorLabel(view.requestedBy),
      isOver(view) ? 'none' : minutesLeft(view.secondsLeft),
    ],
    note: `${view.reason} (ticket ${view.ticket})`,
  }),
  csvColumns: [
    'grantId',
    'state',
    'afterUse',
    'role',
    'accountId',
    'tier',
    'standing',
    'requestedBy',
    'reason',
    'ticket',
    'requestedAt',
    'endsAt',
    'secondsLeft',
    'approvals',
    'approvalsNeeded',
    'approvedBy',
    'sessions',
    'endedAt',
    'endCause',
    'endedBy',
    'evidenceEvents',
    'reviews',
    'reviewsNeeded',
    'reviewBy',
    'policyHash',
  ],
  csv: ({ requestedBy, approvals, ending, evidence, reviews, ...view }) => ({
    ...scalars(view),
    secondsLeft: view.secondsLeft,
    requestedBy: actorLabel(requestedBy),
    approvals: approvals.length,
    approvalsNeeded: view.approvalsNeeded,
    approvedBy: approversOf(approvals),
    sessions: view.sessions,
    endCause: ending?.cause,
    endedBy: ending === undefined ? undefined : actorLabel(ending.by),
    evidenceEvents: evidence?.events,
    reviews: reviews.map(({ by, verdict }) => `${actorLabel(by)}:${verdict}`).join(' '),
    reviewsNeeded: view.reviewsNeeded,
  }),
};

function isOver({ state }: GrantView): boolean {
  return state === 'ended' || state === 'lapsed' || state === 'ending';
}
