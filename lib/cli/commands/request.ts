import { Argument, Command } from 'commander';
import { actorLabel } from '../../domain/actor.ts';
import { askBrief, requestText } from '../render/request.ts';
import { shortInstant } from '../render/text.ts';
import { requestIdArgument } from '../request-flags.ts';
import type { Run } from '../run.ts';
import { reasonedCommand, showCommand } from './about-one.ts';
import { approversOf, endCells, listCommand, scalars } from './listing.ts';
import { requestCreateCommand } from './request-create.ts';

const ID = '0198c2f4-7d1e-7c11-a2c3-5e6f70819203';

export function requestCommand(run: Run): Command {
  const argument = () => new Argument('<id>', 'the request').argParser(requestIdArgument);
  return new Command('request')
    .description('Ask the janitor for something, and see what came of it.')
    .addCommand(requestCreateCommand(run))
    .addCommand(requestListCommand(run))
    .addCommand(
      showCommand(run, {
        command: 'request show',
        description: 'Show a request with everything that is needed to decide it, and its hash.',
        argument: argument(),
        examples: [[`janitor request show ${ID}`, 'what, why, who, until when, what next']],
        read: (service, id) => service.getRequest(id),
        text: requestText,
      }),
    )
    .addCommand(
      reasonedCommand(run, {
        command: 'request withdraw',
        description: 'Take back what you asked for, before it is approved.',
        argument: argument(),
        examples: [[`janitor request withdraw ${ID} --reason "not needed any more"`, 'nothing happens']],
        needsReason: false,
        change: (service, id, reason) => service.withdrawRequest(id, reason),
        text: requestText,
      }),
    );
}

function requestListCommand(run: Run): Command {
  return listCommand(run, {
    noun: 'request',
    plural: 'requests',
    page: (service, query) => service.listRequests(query),
    columns: [
      { title: 'STATE', size: 'fit' },
      { title: 'KIND', size: 'fit' },
      { title: 'WHAT', size: 'flex' },
      { title: 'ASKED BY', size: 'flex' },
      { title: 'UNTIL', size: 'fit' },
      { title: 'APPROVED', size: 'fit' },
    ],
    row: ({ requestId, state, request, requester, approvals, approvalsNeeded, tier }) => ({
      id: requestId,
      cells: [
        state,
        request.ask.kind,
        askBrief(request.ask),
        actorLabel(requester.onBehalfOf[0] ?? requester.actor),
        shortInstant(request.endsAt),
        tier === undefined ? '' : `${approvals.length} of ${approvalsNeeded}`,
      ],
      note: request.reason,
    }),
    csvColumns: [
      'requestId',
      'state',
      'kind',
      'tier',
      'what',
      'reason',
      'reasonKind',
      'ticket',
      'requester',
      'businessOwner',
      'submittedAt',
      'endsAt',
      'lapsesAt',
      'approvals',
      'approvalsNeeded',
      'approverGroup',
      'requestHash',
      'approvedBy',
      'endedAt',
      'endedBy',
      'endReason',
    ],
    csv: ({ request, requester, approvals, approvalsNeeded, end, ...view }) => ({
      ...scalars(request),
      ...scalars(view),
      kind: request.ask.kind,
      what: askBrief(request.ask),
      requester: actorLabel(requester.onBehalfOf[0] ?? requester.actor),
      approvals: approvals.length,
      approvalsNeeded,
      approvedBy: approversOf(approvals),
      ...endCells(end),
    }),
  });
}
