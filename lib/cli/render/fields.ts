import type { Style } from './style.ts';
import { printable, wrapped } from './text.ts';

/** A label and what there is to say, one text or several; undefined: nothing, and so no line. */
export type Field = readonly [label: string, text: string | readonly string[] | undefined];

const GAP = 2;

/** One thing as labelled lines, texts aligned and wrapped. A text that is a command stays on one line, to be copied. */
export function fieldLines(fields: readonly Field[], style: Style, width: number): string {
  const column = Math.max(0, ...fields.map(([label, text]) => (text === undefined ? 0 : label.length))) + GAP;
  return fields
    .flatMap(([label, text]) => {
      const parts = typeof text === 'string' ? [text] : (text ?? []);
      return parts.map((part, index) => {
        // The blank stands outside of the colour: what follows it is still seen to be a command.
        const head = `  ${style.dim((index === 0 ? label : '').padEnd(column - 1))} `;
        return head + shown(part, width, ' '.repeat(column + GAP));
      });
    })
    .join('\n');
}

function shown(text: string, width: number, indent: string): string {
  const safe = printable(text);
  return safe.startsWith('janitor ') ? safe : wrapped(safe, width, indent).slice(indent.length);
}
