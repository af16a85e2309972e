import { Argument, Command } from 'commander';
import { actorLabel } from '../../domain/actor.ts';
import { exceptionText, revokedText } from '../render/exception.ts';
import { handleOfId } from '../render/handle.ts';
import { conditionWords } from '../render/request.ts';
import { shortInstant } from '../render/text.ts';
import { requestIdArgument } from '../request-flags.ts';
import type { Run } from '../run.ts';
import { reasonedCommand, showCommand } from './about-one.ts';
import { exceptionRenewCommand } from './exception-renew.ts';
import { exceptionRequestCommand } from './exception-request.ts';
import { approversOf, endCells, listCommand, scalars } from './listing.ts';

const ID = '0198c2f4-7d1e-7c11-a2c3-5e6f70819203';

export function exceptionCommand(run: Run): Command {
  const argument = () =>
    new Argument('<id>', 'the exception: the id of its request').argParser(requestIdArgument);
  return new Command('exception')
    .description('Exemptions from rules: ask, see, renew and revoke them, without any deployment.')
    .addCommand(exceptionRequestCommand(run))
    .addCommand(exceptionListCommand(run))
    .addCommand(
      showCommand(run, {
        command: 'exception show',
        description: 'Show an exception: what it exempts, why, until when, what must stay true.',
        argument: argument(),
        examples: [[`janitor exception show ${ID}`, 'and what ended it, if something did']],
        read: (service, id) => service.getException(id),
        text: exceptionText,
      }),
    )
    .addCommand(exceptionRenewCommand(run))
    .addCommand(
      reasonedCommand(run, {
        command: 'exception revoke',
        description: 'End an exception at once: its rules apply again from the next check on.',
        argument: argument(),
        examples: [[`janitor exception revoke ${ID} --reason "the migration is done"`, 'for good']],
        needsReason: true,
        change: (service, id, reason = '') => service.revokeException(id, reason),
        text: revokedText,
      }),
    );
}

function exceptionListCommand(run: Run): Command {
  return listCommand(run, {
    noun: 'exception',
    plural: 'exceptions',
    page: (service, query) => service.listExceptions(query),
    columns: [
      { title: 'STATE', size: 'fit' },
      { title: 'CREDENTIAL', size: 'fit' },
      { title: 'RULES', size: 'flex' },
      { title: 'AS LONG AS', size: 'flex' },
      { title: 'UNTIL', size: 'fit' },
    ],
    row: ({ exceptionId, state, scope, endsAt, reason, while: conditions }) => ({
      id: exceptionId,
      cells: [
        state,
        handleOfId(scope.credentialId).handle,
        scope.rules.join(', '),
        conditionWords(conditions),
        shortInstant(endsAt),
      ],
      note: reason,
    }),
    csvColumns: [
      'exceptionId',
      'state',
      'credentialId',
      'rules',
      'conditions',
      'reason',
      'reasonKind',
      'ticket',
      'requestedBy',
      'businessOwner',
      'proposedAt',
      'endsAt',
      'exemptSince',
      'renews',
      'approvedBy',
      'endedAt',
      'endedBy',
      'endReason',
    ],
    csv: ({ scope, requestedBy, while: conditions, approvals, end, ...view }) => ({
      ...scalars(view),
      credentialId: scope.credentialId,
      rules: scope.rules.join(' '),
      conditions: conditionWords(conditions),
      requestedBy: actorLabel(requestedBy),
      approvedBy: approversOf(approvals),
      ...endCells(end),
    }),
  });
}
