import { accountReport } from '../../render/account-report.ts';
import type { Demo } from '../demo.ts';

/** Read only: what is there, and what the policy thinks of it. */
export async function discover(demo: Demo): Promise<void> {
  const { narrator, session, wiring } = demo;
  await narrator.chapter(
    demo.day(0),
    'An account that grew for seven years',
    `Larkspur Logistics has one AWS account, served by an AWS inside this process. People, build servers, vendors and one whole warehouse shift hold keys in it. A scan reads the account with as few calls as possible, judges every credential by the policy, and changes nothing.`,
  );
  await narrator.command('janitor scan');
  const context = await demo.janitor();
  const report = accountReport(session, { policy: context.policy, now: context.clock.now(), shown: 2 });
  const summary = await wiring.scanAccount(context, { onJudged: report.add });
  await report.finish(summary);
}
