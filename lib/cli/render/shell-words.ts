/** A word as a POSIX shell reads it back: bare where nothing in it means something else, else in single quotes. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}

/** A command line to copy. */
export function shellLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}
