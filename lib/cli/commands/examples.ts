import type { Command } from 'commander';

/** Longer lines would push what the others do out of sight. */
const WIDEST = 78;

/** Adds examples to a command's help: the line to type, and what it does, below it where it is long. */
export function withExamples(
  command: Command,
  examples: readonly (readonly [line: string, what: string])[],
): Command {
  const width = Math.max(...examples.map(([{ length }]) => (length > WIDEST ? 0 : length)));
  const lines = examples.map(([line, what]) =>
    line.length > WIDEST ? `  ${line}\n      ${what}` : `  ${line.padEnd(width)}  ${what}`,
  );
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}\n`);
}
