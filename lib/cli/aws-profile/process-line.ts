/**
 * A command as the AWS SDKs take it from a configuration file: some split it as a shell does, others hand it to one, and
 * some cut a line where a blank and `#` or `;` follow each other. Words with blanks alone are in double quotes, as AWS
 * documents it.
 */
export function processLine(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (/^[\w@%+=:,./ ~-]+$/.test(word)) return `"${word}"`;
  return `'${word.replaceAll("'", `'"'"'`).replaceAll(/(?<=\s)(?=[#;])/g, "''")}'`;
}
