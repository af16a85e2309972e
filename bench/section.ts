import { readFileSync, writeFileSync } from 'node:fs';

/** Puts a text between the marks of a section of a page; throws when the page has no such section. */
export function writeSection(page: string, name: string, text: string): void {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const before = readFileSync(page, 'utf8');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${page} has no section between ${begin} and ${end}`);
  writeFileSync(page, `${before.slice(0, from + begin.length)}\n${text.trim()}\n${before.slice(to)}`);
}
