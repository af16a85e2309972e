import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { explanationText } from '../../render/explanation.ts';
import { PLAIN } from '../../render/style.ts';
import { sweepText } from '../../render/sweep-report.ts';
import type { Demo } from '../demo.ts';

/** Owners hear of it before anything happens. */
export async function warn(demo: Demo): Promise<void> {
  const { narrator, session } = demo;
  await narrator.chapter(
    demo.day(0),
    'First everybody is told',
    `The first sweep that may act disables nothing: an owner must have been told first, and then have two weeks. Everybody gets one message about all of their credentials. Whose owner is unknown goes to security, and is never skipped.`,
  );
  await narrator.command('janitor sweep --enforce');
  await narrator.output(sweepText(await demo.sweep(), session.style, session.width, 5));
  await narrator.tell('This is what Dmitri of the payments team finds in his mail:');
  const letter = await letterTo(demo.stage.outbox, 'dmitri');
  await narrator.output(explanationText(reflowed(letter), PLAIN, session.width));
}

async function letterTo(outbox: string, person: string): Promise<string> {
  for (const name of await readdir(outbox)) {
    const letter = await readFile(path.join(outbox, name), 'utf8');
    if (letter.includes(`<${person}@`)) return letter.trimEnd();
  }
  return `(no letter to ${person})`;
}

/** Lines of a letter with its paragraphs joined again, so that they fit any width. */
function reflowed(letter: string): string[] {
  const lines: string[] = [];
  for (const line of letter.split('\n')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length > 100 && /^[a-z(]/.test(line))
      lines[lines.length - 1] = `${last} ${line}`;
    else lines.push(line);
  }
  return lines;
}
