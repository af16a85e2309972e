/** Part of what the command shows: the sweep that the schedule started, and what it wrote. */
export function report(text: string): void {
  process.stdout.write(`${text}\n`);
}
