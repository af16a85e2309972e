import { sweepText } from '../../render/sweep-report.ts';
import type { Demo } from '../demo.ts';
import { inShort } from '../in-short.ts';
import { approveBoth } from './approve.ts';

/** The last step: only after quarantine, notice, wait and approval. */
export async function deleteAtLast(demo: Demo): Promise<void> {
  const { narrator, session } = demo;
  await narrator.chapter(
    demo.day(50),
    'A month in quarantine, then deleted',
    `Nobody missed them for thirty days, and every owner was told a second time. Deleting cannot be taken back for a key, so two people approve it; a secret stays recoverable for another thirty days.`,
  );
  await narrator.command('janitor sweep --enforce');
  const frozen = await demo.sweep();
  await narrator.output(sweepText({ ...frozen, notices: [], held: [] }, session.style, session.width));
  for (const { planId } of frozen.plans) await approveBoth(demo, planId, ['ben', 'carla']);
  await narrator.command('janitor sweep --enforce');
  const first = await demo.sweep();
  await narrator.output(sweepText({ ...first, notices: [], held: [] }, session.style, session.width, 5));
  for (const day of [51, 52, 53]) {
    demo.day(day);
    await narrator.command(`janitor sweep --enforce     (day ${day})`);
    await narrator.output(inShort(await demo.sweep()));
  }
}
