import { Argument, Command, Option } from 'commander';
import * as z from 'zod';
import type { ReviewBody } from '../../api/index.ts';
import { JanitorError } from '../../domain/error.ts';
import type { AskedBroker } from '../../wiring/broker-client/index.ts';
import { atBroker, type BrokerErrand } from '../at-broker.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { brokerFlags, reasonArgument, withBroker, withOutput } from '../flags.ts';
import { grantText } from '../render/grant.ts';
import { evidenceSummary } from '../render/grant-evidence.ts';
import { incidentText } from '../render/incident.ts';
import type { Style } from '../render/style.ts';
import { requestIdArgument } from '../request-flags.ts';
import { action, type Run } from '../run.ts';
import { widthOf } from '../terminal.ts';
import { completed, type Wanted } from '../wanted.ts';
import { REASON } from '../wanted-values.ts';
import { withExamples } from './examples.ts';
import { incidentOf } from './find-incident.ts';

const VERDICTS = ['closed', 'finding'] as const;
const EXAMPLES = { grant: '0198c2f4-7d1e-7c11-a2c3-5e6f70819203', incident: '5f0c2b7d9e1a4c3f' } as const;

const flagsSchema = z.strictObject({
  ...brokerFlags,
  verdict: z.enum(VERDICTS).optional(),
  reason: z.string().optional(),
  followUp: z.string().optional(),
  yes: z.boolean().default(false),
});
type ReviewFlags = z.output<typeof flagsSchema>;

const VERDICT: Wanted = {
  flag: '--verdict <verdict>',
  question: 'closed: as it should be. finding: something has to follow.',
  options: VERDICTS,
};

/** What is reviewed: how it is read first, and how the verdict is given. */
interface Reviewed<T extends object> {
  readonly verb: 'review' | 'review-incident';
  readonly noun: 'grant' | 'incident';
  readonly description: string;
  readonly read: (service: AskedBroker, id: string) => Promise<(style: Style, width: number) => string>;
  readonly give: (service: AskedBroker, id: string, body: ReviewBody) => Promise<T>;
  readonly text: (done: T, style: Style, width: number) => string;
}

export function breakGlassReviewCommand(run: Run): Command {
  return reviewCommand(run, {
    verb: 'review',
    noun: 'grant',
    description: 'Say whether the use of a grant was as it should be, as somebody who did not use it.',
    read: async (service, id) => {
      const evidence = await service.getGrantEvidence(id);
      return (style, width) => evidenceSummary(evidence, style, width);
    },
    give: (service, id, body) => service.reviewGrant(id, body),
    text: grantText,
  });
}

export function breakGlassReviewIncidentCommand(run: Run): Command {
  return reviewCommand(run, {
    verb: 'review-incident',
    noun: 'incident',
    description: 'Say whether a use without a grant was as it should be, as somebody who had no part in it.',
    read: async (service, id) => {
      const incident = await incidentOf(service, id);
      return (style, width) => incidentText(incident, style, width);
    },
    give: (service, id, body) => service.reviewIncident(id, body),
    text: incidentText,
  });
}

function reviewCommand<T extends object>(run: Run, reviewed: Reviewed<T>): Command {
  const { verb, noun, description } = reviewed;
  const verdict = new Option('--verdict <verdict>', 'closed, or finding where something has to follow');
  const example = EXAMPLES[noun];
  const command = new Command(verb)
    .description(description)
    .addArgument(new Argument('<id>', `the ${noun}`).argParser(requestIdArgument))
    .addOption(verdict.choices([...VERDICTS]))
    .option('--reason <text>', 'why, for the record', reasonArgument)
    .option('--follow-up <text>', 'what has to follow, or where that is written down', reasonArgument)
    .option('--yes', 'do not ask');
  return withExamples(withBroker(withOutput(command)), [
    [`janitor break-glass ${verb} ${example}`, 'read what it was used for, and be asked'],
    [
      `janitor break-glass ${verb} ${example} --verdict finding --reason "read another secret" --follow-up OPS-130 --yes`,
      'from a script',
    ],
  ]).action(
    action(run, flagsSchema, (session, flags, [id = '']) =>
      review({ run, session, flags, command: `break-glass ${verb}` }, reviewed, flags, id),
    ),
  );
}

async function review<T extends object>(
  errand: BrokerErrand,
  reviewed: Reviewed<T>,
  flags: ReviewFlags,
  id: string,
): Promise<ExitCode> {
  const { session, command } = errand;
  const { terminal } = session;
  if (!flags.yes && !terminal.interactive) throw cannotAsk(command, id);
  const read = await atBroker(errand, ({ service }) => reviewed.read(service, id));
  await session.aside(read(session.asideStyle, widthOf(terminal.stderr)));
  const said = await completed(session, command, { verdict: VERDICT, reason: REASON }, flags);
  const body = {
    verdict: z.enum(VERDICTS).parse(said.verdict),
    reason: said.reason,
    ...(flags.followUp === undefined ? {} : { followUp: flags.followUp }),
  };
  if (!flags.yes && !(await terminal.confirm(`Record "${body.verdict}" about what stands above?`))) {
    await session.note('Nothing was recorded.');
    return EXIT.fine;
  }
  const done = await atBroker(errand, ({ service }) => reviewed.give(service, id, body));
  await session.show(Object.fromEntries(Object.entries(done)), () =>
    reviewed.text(done, session.style, session.width),
  );
  return EXIT.fine;
}

function cannotAsk(command: string, id: string): JanitorError {
  return new JanitorError('a review shows what it is about and asks, and nobody can answer here', {
    code: 'confirmation-needed',
    source: 'user',
    hint: `Read it (janitor break-glass evidence ${id}), then: janitor ${command} ${id} --verdict closed --reason ... --yes`,
  });
}
