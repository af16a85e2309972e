/** Line breaks of all kinds, control characters, and the invisible marks that reorder or hide text. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/**
 * Text of unknown origin (names, tags, reasons) on one line: a line break in a name can neither add a header nor
 * fake a paragraph.
 */
export function oneLine(text: string, longest = 500): string {
  const line = text.replaceAll(UNPRINTABLE, ' ').replaceAll(/ {2,}/g, ' ').trim();
  const characters = [...line];
  return characters.length <= longest ? line : `${characters.slice(0, longest - 1).join('')}…`;
}

/** A run of exactly the length and alphabet of a secret access key, with capitals, small letters and digits. */
const SECRET_ACCESS_KEY = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g;

/** Free text on one line, without what looks like a secret access key: the last line of defence, not the first. */
export function freeText(text: string, longest?: number): string {
  return oneLine(text, longest).replaceAll(SECRET_ACCESS_KEY, (run) =>
    /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run) ? '[redacted]' : run,
  );
}

/** One argument for a POSIX shell, quoted only where needed. */
export function shellArgument(text: string): string {
  const line = oneLine(text, 4_096);
  return /^[\w@%+=:,./-]+$/.test(line) ? line : `'${line.replaceAll("'", `'\\''`)}'`;
}
