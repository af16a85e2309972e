import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runJanitor } from '../../lib/cli/index.ts';
import { JanitorError } from '../../lib/domain/error.ts';
import { emptyFolder } from '../builders/command-line.ts';
import { recordedTerminal } from '../builders/terminal.ts';
import { request } from './service-answers.ts';

const DOCS = path.join(import.meta.dirname, '..', '..', 'docs');

/** Command lines in the code blocks of a guide, without their comments, who types them and where output goes. */
function commandsOf(document: string): string[] {
  const text = readFileSync(path.join(DOCS, document), 'utf8');
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  const lines = blocks
    .flatMap((block) => block.split(/\n| && /))
    .map((line) => line.replace(/ +# .*$/, '').replace(/ > \S+$/, ''))
    .map((line) => line.replace(/^(env \$[A-Z]+ )?(npx )?(?=janitor )/, ''))
    .map((line) => line.replace(/ \$P(?= |$)/, ' --policy policy --state-dir .janitor'));
  return lines.filter((line) => line.startsWith('janitor '));
}

function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word).slice(1);
}

/** Files that the guides make before they use them. */
const FILES = {
  'request.json': JSON.stringify({ requestId: request.requestId, request: request.request }),
  'first.json': '[{}]',
  'both.json': '[{},{}]',
};

/** What is answered where a guide leaves the asking to the program. */
const TYPED = {
  'Which credential': 'AKIAIOSFODNN7EXAMPLE',
  'Which rule': 'access-key-unused',
  'What must stay true': 'ticket',
  'What kind of reason': 'migration',
  'Why?': 'needed',
  'Which ticket': 'OPS-1',
  'Until when': '14d',
};

/** Whether a command line is understood: it gets as far as opening something. Otherwise what was said. */
async function understood(line: string): Promise<true | string> {
  const cwd = emptyFolder();
  for (const [file, content] of Object.entries(FILES)) writeFileSync(path.join(cwd, file), content);
  // What is run inside a break-glass role has to be there.
  writeFileSync(path.join(cwd, 'aws'), '', { mode: 0o755 });
  const terminal = recordedTerminal({ tty: true, cwd, env: { PATH: cwd }, typed: TYPED });
  let reached = false;
  const reaches = () => {
    reached = true;
    return Promise.reject(new JanitorError('far enough', { code: 'reached', source: 'system' }));
  };
  await runJanitor(words(line), terminal, reaches, reaches);
  return reached || terminal.err();
}

describe.each(['operating.md', 'runbook.md', 'requests.md', 'break-glass.md', '../README.md'])(
  'docs/%s',
  (document) => {
    test('has commands', () => {
      expect(commandsOf(document).length).toBeGreaterThan(0);
    });

    test.each(commandsOf(document))('%s', async (line) => {
      expect(await understood(line)).toBe(true);
    });
  },
);

test('what is not understood is seen here', async () => {
  expect(await understood('janitor restore --stack CredentialJanitor X')).toContain("'--reason <text>'");
});
