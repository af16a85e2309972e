import { JanitorError } from '../domain/error.ts';
import * as z from '../domain/zod.ts';
import { directorySchema } from './directory-schema.ts';
import { janitorSchema } from './janitor-schema.ts';
import { contentHash, type Policy, policyWithHash } from './policy.ts';

const archiveSchema = z.lazy(() =>
  z.strictObject({ hash: z.string(), janitor: z.unknown(), directory: z.unknown() }),
);

/** The archived policy again, under the same hash; throws `policy-archive-broken` when the text is not what was archived. */
export function policyFromArchive(text: string): Policy {
  const archive = archiveSchema.safeParse(parsedJson(text));
  if (!archive.success) throw broken('it is no archived policy');
  const { hash, ...content } = archive.data;
  if (contentHash(content) !== hash) throw broken('its content does not have the hash it states');
  const document = janitorSchema.safeParse(content.janitor);
  const directory = directorySchema.safeParse(content.directory);
  if (!document.success || !directory.success) throw broken('this version of the janitor cannot read it');
  return policyWithHash(hash, document.data, directory.data);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw broken('it is not JSON', cause);
  }
}

function broken(why: string, cause?: unknown): JanitorError {
  return new JanitorError(`the archived policy cannot be used: ${why}`, {
    code: 'policy-archive-broken',
    source: 'system',
    hint: 'Take the archived object with this hash from the evidence store again; it is written once.',
    ...(cause === undefined ? {} : { cause }),
  });
}
