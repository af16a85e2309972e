import { ABSENT } from './difference.ts';

/** A value of the policy on one line, as YAML would write it in brackets: nothing is left out. */
export function shown(value: unknown): string {
  if (value === undefined) return ABSENT;
  return inBrackets(value);
}

function inBrackets(value: unknown): string {
  if (typeof value === 'string') return scalar(value);
  if (Array.isArray(value)) return `[${value.map(inBrackets).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  if (entries.length === 0) return '{}';
  return `{ ${entries.map(([key, each]) => `${scalar(key)}: ${inBrackets(each)}`).join(', ')} }`;
}

/** Quoted where it could be taken for something else, and where it holds what cannot be seen. */
function scalar(text: string): string {
  return /^[\p{L}\p{N}/*](?:[\p{L}\p{N} ._/@+*:=-]*[\p{L}\p{N}/*._-])?$/u.test(text) && text !== ABSENT
    ? text
    : escaped(text);
}

function escaped(text: string): string {
  const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
  return JSON.stringify(text).replace(
    invisible,
    (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
