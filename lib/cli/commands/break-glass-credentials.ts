import { Argument, Command } from 'commander';
import * as z from 'zod';
import type { BrokerErrand } from '../at-broker.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { stackFlags, withBroker } from '../flags.ts';
import { processCredentials } from '../lent-credentials.ts';
import { waitingWords } from '../render/grant.ts';
import { renewed } from '../renew-grant.ts';
import { requestIdArgument } from '../request-flags.ts';
import { action, type Run } from '../run.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z
  .strictObject({ ...stackFlags, api: z.string().optional() })
  .transform((flags) => ({ ...flags, format: 'table' as const, color: false }));

/** What the AWS SDKs run as `credential_process`: one document on stdout or nothing, and why on stderr. */
export function breakGlassCredentialsCommand(run: Run): Command {
  const command = new Command('credentials')
    .description('Print new credentials of a grant, as a credential_process of the AWS SDKs does.')
    .addArgument(new Argument('<id>', 'the grant').argParser(requestIdArgument));
  return withExamples(withBroker(command), [
    [
      'janitor break-glass credentials 0198c2f4-7d1e-7c11-a2c3-5e6f70819203 --api https://...',
      'what a profile written by "break-glass start" runs',
    ],
  ]).action(
    action(run, flagsSchema, (session, flags, [id = '']) =>
      credentials({ run, session, flags, command: 'break-glass credentials' }, id),
    ),
  );
}

async function credentials(errand: BrokerErrand, grantId: string): Promise<ExitCode> {
  const lent = await renewed(errand, grantId);
  if (lent.outcome === 'started') {
    await errand.session.terminal.handOver(processCredentials(lent));
    return EXIT.fine;
  }
  for (const line of waitingWords(lent.grant)) await errand.session.note(line);
  return EXIT.refused;
}
