import type * as z from 'zod';
import { JanitorError } from '../../domain/error.ts';
import { CONTEXT_KEY, type Configuration, configurationSchema } from './schema.ts';

/**
 * The configuration in a context value: the object of cdk.json, or the JSON text of `--context`.
 * Throws `configuration-invalid` with every problem and what to write instead.
 */
export function readConfiguration(value: unknown): Configuration {
  const parsed = configurationSchema.safeParse(value === undefined ? {} : plain(value));
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error.issues.map(problemOf));
}

function plain(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch (cause) {
    throw invalid(['is not JSON: write --context credentialJanitor=\'{"mode":"observe"}\''], cause);
  }
}

function problemOf(issue: z.core.$ZodIssue): string {
  const where = issue.path.map(String).join('.');
  return where === '' ? wordsOf(issue) : `${where} ${wordsOf(issue)}`;
}

/** Zod's own words where the schema has none. */
function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return issue.message;
  const known = Object.keys(configurationSchema.shape).join(', ');
  return `has no key ${issue.keys.join(', ')}; it may have: ${issue.path.length === 0 ? known : 'see the schema'}`;
}

function invalid(problems: readonly string[], cause?: unknown): JanitorError {
  const list = problems.map((problem) => `\n  ${CONTEXT_KEY}: ${problem}`).join('');
  return new JanitorError(`The configuration in cdk.json (context ${CONTEXT_KEY}) is wrong:${list}`, {
    code: 'configuration-invalid',
    source: 'user',
    hint: 'Correct it in cdk.json or in --context and synthesise again.',
    details: { problems },
    ...(cause === undefined ? {} : { cause }),
  });
}
