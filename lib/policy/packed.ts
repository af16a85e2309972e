import * as z from 'zod';
import { canonical } from '../domain/canonical.ts';
import { JanitorError } from '../domain/error.ts';
import { directorySchema } from './directory-schema.ts';
import { janitorSchema } from './janitor-schema.ts';
import { type Policy, policyOf } from './policy.ts';

/** Name of a packed policy's file. */
export const PACKED_POLICY = 'policy.json';

const packedSchema = z.strictObject({ janitor: janitorSchema, directory: directorySchema });

/**
 * A checked policy as deployed functions carry it: both files in one JSON text, people's names included. Reading YAML
 * and finding the place of every mistake is done with when it is packed; each start of a function is spared it.
 */
export function packPolicy({ document, directory }: Policy): string {
  return canonical({ janitor: document, directory });
}

/** The packed policy again, under the same hash. Throws `policy-invalid` when the text is not what was packed. */
export function unpackPolicy(text: string): Policy {
  const parsed = packedSchema.safeParse(jsonOf(text));
  if (!parsed.success) throw broken(z.prettifyError(parsed.error));
  return policyOf(parsed.data.janitor, parsed.data.directory);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw broken('it is not JSON', cause);
  }
}

function broken(why: string, cause?: unknown): JanitorError {
  return new JanitorError(`the packed policy cannot be used: ${why}`, {
    code: 'policy-invalid',
    source: 'system',
    hint: 'Deploy the stack again: cdk deploy checks the policy and packs it beside the functions.',
    ...(cause === undefined ? {} : { cause }),
  });
}
