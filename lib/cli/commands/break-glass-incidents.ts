import { Argument, Command } from 'commander';
import * as z from 'zod';
import type { IncidentView } from '../../api/index.ts';
import { actorLabel } from '../../domain/actor.ts';
import { atBroker } from '../at-broker.ts';
import { EXIT } from '../exit-code.ts';
import { brokerFlags, reasonArgument, withBroker, withOutput } from '../flags.ts';
import { incidentText } from '../render/incident.ts';
import { shortInstant } from '../render/text.ts';
import { requestIdArgument } from '../request-flags.ts';
import { action, type Run } from '../run.ts';
import { completed } from '../wanted.ts';
import { REASON, TICKET, ticketArgument } from '../wanted-values.ts';
import { withExamples } from './examples.ts';
import { pageFlags, pageQuery, type Shown, scalars, showPage, withPage } from './listing.ts';

const listFlags = z.strictObject({ ...brokerFlags, ...pageFlags });

export function breakGlassIncidentsCommand(run: Run): Command {
  const command = withPage(
    new Command('incidents').description(
      'Show uses without a grant: sessions of break-glass roles that no grant explains, and uses of emergency identities.',
    ),
  );
  withBroker(withOutput(command, ['table', 'json', 'csv']));
  return withExamples(command, [
    ['janitor break-glass incidents', 'what nobody has reviewed yet'],
    ['janitor break-glass incidents --state all --format csv', 'for a spreadsheet'],
  ]).action(
    action(run, listFlags, async (session, { state, limit, cursor, ...flags }) => {
      const query = pageQuery({ state, limit, cursor });
      const page = await atBroker({ run, flags }, ({ service }) => service.listIncidents(query));
      return showPage(session, INCIDENTS, query, page);
    }),
  );
}

const INCIDENTS: Shown<IncidentView> = {
  command: 'break-glass incidents',
  plural: 'incidents',
  columns: [
    { title: 'STATE', size: 'fit' },
    { title: 'KIND', size: 'flex' },
    { title: 'ACCOUNT', size: 'fit' },
    { title: 'BY', size: 'flex' },
    { title: 'SINCE', size: 'fit' },
  ],
  row: ({ incidentId, state, kind, accountId, principal, person, openedAt, why }) => ({
    id: incidentId,
    cells: [state, kind, accountId, person ?? principal, shortInstant(openedAt)],
    note: why,
  }),
  csvColumns: [
    'incidentId',
    'state',
    'kind',
    'accountId',
    'openedAt',
    'target',
    'principal',
    'person',
    'why',
    'calls',
    'explainedBy',
    'explanation',
    'ticket',
    'reviewBy',
    'reviewedBy',
    'verdict',
    'followUp',
  ],
  csv: ({ calls, explanation, review, ...view }) => ({
    ...scalars(view),
    calls: calls.length,
    explainedBy: explanation === undefined ? undefined : actorLabel(explanation.by),
    explanation: explanation?.reason,
    ticket: explanation?.ticket,
    reviewedBy: review === undefined ? undefined : actorLabel(review.by),
    verdict: review?.verdict,
    followUp: review?.followUp,
  }),
};

const explainFlags = z.strictObject({
  ...brokerFlags,
  reason: z.string().optional(),
  ticket: z.string().optional(),
});

export function breakGlassExplainIncidentCommand(run: Run): Command {
  const command = new Command('explain-incident')
    .description(
      'Say afterwards what a use without a grant was for, as whoever did it or keeps the identity.',
    )
    .addArgument(new Argument('<id>', 'the incident').argParser(requestIdArgument))
    .option('--reason <text>', 'what it was for', reasonArgument)
    .option('--ticket <reference>', 'where the emergency is written down', ticketArgument);
  return withExamples(withBroker(withOutput(command)), [
    [
      'janitor break-glass explain-incident 5f0c2b7d9e1a4c3f --reason "identity provider was down" --ticket OPS-140',
      'then somebody else reviews it',
    ],
  ]).action(
    action(run, explainFlags, async (session, { reason, ticket, ...flags }, [id = '']) => {
      const wanted = { reason: REASON, ticket: TICKET };
      const said = await completed(session, 'break-glass explain-incident', wanted, { reason, ticket });
      const body = { reason: said.reason, ticket: said.ticket };
      const done = await atBroker({ run, flags }, ({ service }) => service.explainIncident(id, body));
      await session.show({ ...done }, () => incidentText(done, session.style, session.width));
      return EXIT.fine;
    }),
  );
}
