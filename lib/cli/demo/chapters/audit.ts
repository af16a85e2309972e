import { replayText } from '../../commands/ledger-replay.ts';
import { verificationText } from '../../commands/ledger-verify.ts';
import { explanationText } from '../../render/explanation.ts';
import { wrapped } from '../../render/text.ts';
import { type Demo, mustHold } from '../demo.ts';

/** What is left: a record that speaks for itself. */
export async function audit(demo: Demo): Promise<void> {
  const { narrator, session, stage, wiring } = demo;
  const { style, width } = session;
  await narrator.chapter(
    demo.day(54),
    'An auditor asks why',
    `Everything so far is in a ledger in which each event carries the hash of the one before it. It can be verified, a past decision can be made again from its own evidence and gives the same bytes, and each credential can be explained from its first finding to its end.`,
  );
  const context = await demo.janitor();
  await narrator.command('janitor ledger verify');
  const verification = await wiring.verifyLedger(context);
  await narrator.output(verificationText(verification, style, width));
  mustHold(verification.ok, 'the ledger does not verify');
  await narrator.command(`janitor ledger replay ${demo.lastSweepId}`);
  const replayed = await wiring.replaySweep(context, demo.lastSweepId, wiring.judgeFromArchive);
  await narrator.output(wrapped(replayText(replayed, style), width));
  mustHold(replayed.differing === 0, 'a replayed verdict differs');
  const key = stage.company.keys.forgotten;
  await narrator.command(`janitor explain ${key.slice(key.lastIndexOf('/') + 1)}`);
  const explanation = await wiring.explain(context, key, { now: context.clock.now() });
  await narrator.output(explanationText(wiring.renderExplanation(explanation), style, width));
}
