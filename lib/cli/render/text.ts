import { stripVTControlCharacters } from 'node:util';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Text from outside, safe to show: no escape sequences, no control or direction-changing characters, one line. */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\t\n]+/g, ' ')
    .replace(CONTROL, '\uFFFD');
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns a text takes on a terminal, not counting colour. Wide East Asian characters count as one. */
export function textWidth(text: string): number {
  const plain = stripVTControlCharacters(text);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: plain ASCII needs no segmentation
  if (/^[\u0000-\u007f]*$/.test(plain)) return plain.length;
  return [...segmenter.segment(plain)].length;
}

/** Breaks prose at spaces to lines of at most `width`; a word that is longer (an id) keeps its own line, whole. */
export function wrapped(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(indent + longer) > width) {
      lines.push(indent + line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, indent + line].join('\n');
}

/** `1 credential`, `2 credentials`, `12,345 credentials`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}

/** `2026-01-31 09:00 UTC`. */
export function shortInstant(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}

/** The first twelve characters of a hash, enough to compare by eye. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}
