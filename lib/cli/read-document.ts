import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type * as z from 'zod';
import { JanitorError, messageOf } from '../domain/error.ts';
import type { Session } from './session.ts';

/** More than any request with all its proofs. */
const LONGEST = 1_000_000;

/**
 * A JSON document from a file or, for `-`, from standard input. Throws `document-unreadable` (user), which names the file
 * and quotes nothing of it: it may hold proofs.
 */
export async function readDocument<T>(session: Session, file: string, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(json(file, await textOf(session, file)));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unreadable(file, `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
}

async function textOf({ terminal }: Session, file: string): Promise<string> {
  try {
    const text =
      file === '-' ? await terminal.input() : await readFile(path.resolve(terminal.cwd, file), 'utf8');
    if (text.length <= LONGEST) return text;
  } catch (error) {
    throw unreadable(file, messageOf(error), error);
  }
  throw unreadable(file, 'it is far too long');
}

function json(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable(file, 'it is no JSON');
  }
}

function unreadable(file: string, why: string, cause?: unknown): JanitorError {
  const name = file === '-' ? 'standard input' : file;
  return new JanitorError(`${name} cannot be used: ${why}`, {
    code: 'document-unreadable',
    source: 'user',
    hint: 'Give the file as `request create --print` or `delegation prove` wrote it, or - for standard input.',
    details: { file },
    ...(cause === undefined ? {} : { cause }),
  });
}
