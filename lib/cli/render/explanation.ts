import type { Style } from './style.ts';
import { printable, wrapped } from './text.ts';

/** An explanation's lines, wrapped to the terminal with their indentation, titles in bold. */
export function explanationText(lines: readonly string[], style: Style, width: number): string {
  return lines.map((line, index) => styled(line, index, style, width)).join('\n');
}

function styled(line: string, index: number, style: Style, width: number): string {
  const [, indent = '', text = ''] = /^( *)(.*)$/s.exec(line) ?? [];
  const safe = printable(text);
  if (index === 0 || (indent === '' && /^[A-Z][a-z]+( [a-z]+)*$/.test(safe))) return style.bold(safe);
  const [first = '', ...rest] = wrapped(safe, Math.max(20, width - indent.length - 2)).split('\n');
  return [indent + first, ...rest.map((each) => `${indent}  ${each}`)].join('\n');
}
