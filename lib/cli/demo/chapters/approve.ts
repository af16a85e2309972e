import { EXIT } from '../../exit-code.ts';
import { failureOf } from '../../render/error.ts';
import { planText } from '../../render/plan.ts';
import { wrapped } from '../../render/text.ts';
import { type Demo, mustHold } from '../demo.ts';
import { inShort } from '../in-short.ts';

type Approver = 'ana' | 'ben' | 'carla';

/** People decide about frozen plans: what was shown is what runs. */
export async function approve(demo: Demo): Promise<void> {
  const { narrator } = demo;
  await narrator.chapter(
    demo.day(16),
    'Plans wait for two different people',
    `What waits was frozen into plans: an approval is good for exactly these steps, under these rules, for a week. It takes two different people of security. A program never counts as one, and nobody counts twice.`,
  );
  const [first = '', ...others] = demo.plans;
  await refusedTo(demo, first, 'the janitor itself', await demo.janitor());
  await decide(demo, first, 'ana', false);
  await refusedTo(demo, first, 'ana again', await demo.person('ana'));
  await decide(demo, first, 'ben', true);
  for (const plan of others) await approveBoth(demo, plan, ['ana', 'carla']);
  await narrator.command('janitor sweep --enforce');
  await narrator.output(inShort(await demo.sweep()));
}

/** Two people approve a plan; said in one line each. */
export async function approveBoth(demo: Demo, plan: string, people: readonly Approver[]): Promise<void> {
  for (const person of people) await decide(demo, plan, person, false);
}

async function decide(demo: Demo, plan: string, person: Approver, inFull: boolean): Promise<void> {
  const { narrator, session, wiring } = demo;
  await narrator.command(`janitor approve ${plan}     (as ${person})`);
  const decision = await wiring.approvePlan(await demo.person(person), plan);
  const text = planText(decision, session.style, session.width, 3).split('\n');
  await narrator.output(inFull ? text.join('\n') : [text[0], text.at(-1)].join('\n'));
}

async function refusedTo(
  demo: Demo,
  plan: string,
  who: string,
  context: Awaited<ReturnType<Demo['janitor']>>,
): Promise<void> {
  const { narrator, session, wiring } = demo;
  await narrator.command(`janitor approve ${plan}     (as ${who})`);
  const refusal = await wiring.approvePlan(context, plan).then(
    () => undefined,
    (error: unknown) => failureOf(error, session.terminal.invocation),
  );
  mustHold(refusal?.exit === EXIT.refused, `${plan} could be approved by ${who}`);
  const text = `${session.style.red('refused:')} ${refusal?.message ?? ''}`;
  await narrator.output(wrapped(text, session.width));
}
