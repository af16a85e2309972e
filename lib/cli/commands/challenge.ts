import { Argument, Command, InvalidArgumentError } from 'commander';
import { actorLabel } from '../../domain/actor.ts';
import { challengeText, targetBrief } from '../render/challenge.ts';
import { shortInstant } from '../render/text.ts';
import type { Run } from '../run.ts';
import { showCommand } from './about-one.ts';
import { challengeDecideCommand } from './challenge-decide.ts';
import { challengeOpenCommand } from './challenge-open.ts';
import { endCells, listCommand, scalars } from './listing.ts';

export function challengeCommand(run: Run): Command {
  return new Command('challenge')
    .description('Object to an announced step or to an exception, and decide such objections.')
    .addCommand(challengeOpenCommand(run))
    .addCommand(challengeListCommand(run))
    .addCommand(
      showCommand(run, {
        command: 'challenge show',
        description: 'Show a challenge: against what, why, who may decide, until when.',
        argument: challengeArgument(),
        examples: [['janitor challenge show 5f0c2b7d9e1a4c3f8b6d7e9f0a1b2c3d', 'and how it ended']],
        read: (service, id) => service.getChallenge(id),
        text: challengeText,
      }),
    )
    .addCommand(challengeDecideCommand(run, challengeArgument()));
}

function challengeArgument(): Argument {
  return new Argument('<id>', 'the challenge').argParser((text) => {
    if (/^[0-9a-f]{32}$/.test(text)) return text;
    throw new InvalidArgumentError('A challenge is named by 32 hexadecimal digits, as list prints it.');
  });
}

function challengeListCommand(run: Run): Command {
  return listCommand(run, {
    noun: 'challenge',
    plural: 'challenges',
    page: (service, query) => service.listChallenges(query),
    columns: [
      { title: 'STATE', size: 'fit' },
      { title: 'AGAINST', size: 'flex' },
      { title: 'OPENED BY', size: 'flex' },
      { title: 'DECIDED BY', size: 'fit' },
      { title: 'UNTIL', size: 'fit' },
    ],
    row: ({ challengeId, state, target, openedBy, approverGroup, decideBy, reason }) => ({
      id: challengeId,
      cells: [state, targetBrief(target), actorLabel(openedBy), approverGroup, shortInstant(decideBy)],
      note: reason,
    }),
    csvColumns: [
      'challengeId',
      'state',
      'against',
      'openedBy',
      'openedAt',
      'reason',
      'decideBy',
      'approverGroup',
      'notBy',
      'endedAt',
      'endedBy',
      'endReason',
    ],
    csv: ({ target, openedBy, notBy, end, ...view }) => ({
      ...scalars(view),
      against: targetBrief(target),
      openedBy: actorLabel(openedBy),
      notBy: notBy.join(' '),
      ...endCells(end),
    }),
  });
}
