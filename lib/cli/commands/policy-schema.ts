import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import * as z from 'zod';
import { JanitorError, messageOf } from '../../domain/error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { outputFlags, withOutput } from '../flags.ts';
import { jsonDocument } from '../render/json-document.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({ ...outputFlags, out: z.string().optional() });

export function policySchemaCommand(run: Run): Command {
  const command = new Command('schema')
    .description('The JSON Schemas of the policy files, for editors.')
    .option('--out <dir>', 'write one file for each schema into this folder');
  withOutput(command);
  return withExamples(command, [
    ['janitor policy schema --out schemas', 'janitor.schema.json, directory.schema.json, cases.schema.json'],
    ['janitor policy schema', 'all of them as one JSON document'],
  ]).action(action(run, flagsSchema, (session, flags) => schema(run, session, flags)));
}

async function schema(run: Run, session: Session, flags: z.output<typeof flagsSchema>): Promise<ExitCode> {
  const { makeFolder, policyJsonSchemas } = await run.wiring();
  const schemas = policyJsonSchemas();
  if (flags.out === undefined) {
    await session.print(jsonDocument({ schemas }));
    return EXIT.fine;
  }
  const folder = path.resolve(session.terminal.cwd, flags.out);
  const files = await written(folder, Object.entries(schemas), makeFolder);
  await session.print(session.format === 'json' ? jsonDocument({ files }) : files.join('\n'));
  return EXIT.fine;
}

async function written(
  folder: string,
  schemas: readonly [string, unknown][],
  makeFolder: (dir: string) => Promise<void>,
): Promise<string[]> {
  try {
    await makeFolder(folder);
    const files: string[] = [];
    for (const [name, content] of schemas) {
      const file = path.join(folder, `${name}.schema.json`);
      await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
      files.push(file);
    }
    return files;
  } catch (cause) {
    throw new JanitorError(`the schemas cannot be written to ${folder}: ${messageOf(cause)}`, {
      code: 'output-unwritable',
      source: 'user',
      hint: 'Name a folder that you can write to with --out.',
      cause,
    });
  }
}
