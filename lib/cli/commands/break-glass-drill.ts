import { Command } from 'commander';
import { v7 as uuidv7 } from 'uuid';
import * as z from 'zod';
import type { DrillView } from '../../api/index.ts';
import { atBroker } from '../at-broker.ts';
import { EXIT } from '../exit-code.ts';
import { accountArgument, brokerFlags, withBroker, withOutput } from '../flags.ts';
import type { Style } from '../render/style.ts';
import { printable } from '../render/text.ts';
import { requestIdArgument } from '../request-flags.ts';
import { action, type Run } from '../run.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({
  ...brokerFlags,
  account: z.string(),
  id: z.string().optional(),
});

export function breakGlassDrillCommand(run: Run): Command {
  const command = new Command('drill')
    .description('Go the whole way with a role that may do nothing, and record how far it came.')
    .requiredOption('--account <id>', 'in which account', accountArgument)
    .option('--id <id>', 'of the drill, to go on with it', requestIdArgument);
  return withExamples(withBroker(withOutput(command)), [
    ['janitor break-glass drill --account 111122223333', 'exit 1 where a stage failed'],
  ]).action(
    action(run, flagsSchema, async (session, { account: accountId, id, ...flags }) => {
      const grantId = id ?? uuidv7();
      await session.note(`Drill ${grantId} in ${accountId}.`);
      const done = await atBroker({ run, flags }, ({ service }) => service.drill({ grantId, accountId }));
      await session.show({ ...done }, () => drillText(done, session.style));
      return done.outcome === 'passed' ? EXIT.fine : EXIT.failed;
    }),
  );
}

function drillText({ outcome, grant, stages }: DrillView, style: Style): string {
  const paint = { passed: style.green, failed: style.red, skipped: style.dim };
  const width = Math.max(0, ...stages.map(({ stage }) => stage.length));
  return [
    `The drill ${outcome}${grant === undefined ? '' : `, as grant ${grant.grantId}`}.`,
    ...stages.map((each) => {
      const detail = each.detail === undefined ? '' : `  ${printable(each.detail)}`;
      return `  ${each.stage.padEnd(width)}  ${paint[each.outcome](each.outcome)}${detail}`;
    }),
  ].join('\n');
}
