import { restoredText } from '../../commands/restore.ts';
import type { Demo } from '../demo.ts';

/** The way back. */
export async function restore(demo: Demo): Promise<void> {
  const { narrator, session, stage, wiring } = demo;
  await narrator.chapter(
    demo.day(16),
    'An owner needs his key back',
    `Dmitri missed the message, and his billing job runs only once a quarter. It failed this morning. One command undoes exactly what the janitor did, nothing else, and keeps the janitor away from this key until after the next quarter.`,
  );
  const key = stage.company.keys.quarterly;
  const accessKeyId = key.slice(key.lastIndexOf('/') + 1);
  await narrator.command(`janitor restore ${accessKeyId} --reason "billing run"     (as dmitri)`);
  const context = await demo.person('dmitri');
  const restored = await wiring.restoreCredential(context, key, { reason: 'billing run' });
  stage.useAgain(key);
  await narrator.output(restoredText(key, restored, session.style, session.width));
}
