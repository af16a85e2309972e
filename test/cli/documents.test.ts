import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runJanitor } from '../../lib/cli/index.ts';
import { JanitorError } from '../../lib/domain/error.ts';
import { emptyFolder } from '../builders/command-line.ts';
import { recordedTerminal } from '../builders/terminal.ts';

const DOCS = path.join(import.meta.dirname, '..', '..', 'docs');

/** Command lines in the code blocks of a guide, without their comments. */
function commandsOf(document: string): string[] {
  const text = readFileSync(path.join(DOCS, document), 'utf8');
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  const lines = blocks.flatMap((block) => block.split('\n')).map((line) => line.replace(/ +# .*$/, ''));
  return lines.filter((line) => line.startsWith('janitor '));
}

function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word).slice(1);
}

/** Whether a command line is understood: it gets as far as opening something. Otherwise what was said. */
async function understood(line: string): Promise<true | string> {
  const terminal = recordedTerminal({ tty: true, cwd: emptyFolder() });
  let reached = false;
  await runJanitor(words(line), terminal, () => {
    reached = true;
    return Promise.reject(new JanitorError('far enough', { code: 'reached', source: 'system' }));
  });
  return reached || terminal.err();
}

describe.each(['operating.md', 'runbook.md'])('docs/%s', (document) => {
  test('has commands', () => {
    expect(commandsOf(document).length).toBeGreaterThan(0);
  });

  test.each(commandsOf(document))('%s', async (line) => {
    expect(await understood(line)).toBe(true);
  });
});

test('what is not understood is seen here', async () => {
  expect(await understood('janitor restore --stack CredentialJanitor X')).toContain("'--reason <text>'");
});
