import type { Demo } from '../demo.ts';
import { inShort } from '../in-short.ts';

/** Approved plans, still within the daily limit. */
export async function carryOut(demo: Demo): Promise<void> {
  const { narrator } = demo;
  await narrator.chapter(
    demo.day(18),
    'The rest, within the limits',
    `The permission is back, and the sweep goes on where it stopped. An approval lets a step run but does not lift the daily limit, and each step is checked once more before it is taken. Keys are switched off, secrets are denied to readers: both can be undone.`,
  );
  for (const day of [18, 19]) {
    demo.day(day);
    await narrator.command(`janitor sweep --enforce     (day ${day})`);
    await narrator.output(inShort(await demo.sweep()));
  }
}
