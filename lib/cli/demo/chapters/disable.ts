import { sweepText } from '../../render/sweep-report.ts';
import type { Demo } from '../demo.ts';

/** The reversible step, within limits. */
export async function disable(demo: Demo): Promise<void> {
  const { narrator, session, stage } = demo;
  demo.day(9);
  stage.useAgain(stage.company.keys.revived);
  await narrator.chapter(
    demo.day(15),
    'Two weeks later: disabled, within limits',
    `Fifteen days have passed. The key of the preview environment was used again meanwhile, so it is kept. Of the others, one day's worth is disabled, each after a fresh look at AWS, each with its intent written down before the act and its outcome after it. What is over the daily limit, and what belongs to nobody in particular, waits for people.`,
  );
  await narrator.command('janitor sweep --enforce');
  const result = await demo.sweep();
  demo.plans = result.plans.map((plan) => plan.planId);
  await narrator.output(sweepText({ ...result, held: [] }, session.style, session.width, 10));
}
