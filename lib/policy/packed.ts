import * as z from 'zod';
import { canonical, taggedHash } from '../domain/canonical.ts';
import { JanitorError } from '../domain/error.ts';
import type { DirectoryDocument } from './directory-schema.ts';
import type { JanitorDocument } from './janitor-schema.ts';
import { type Policy, policyOf } from './policy.ts';

/** Name of a packed policy's file. */
export const PACKED_POLICY = 'policy.json';

interface Content {
  readonly janitor: JanitorDocument;
  readonly directory: DirectoryDocument;
}

/** Content that was checked before it was packed is known by its seal, and not checked again. */
const packedSchema = z.strictObject({ content: z.custom<Content>(isContent), seal: z.string() });

function isContent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'janitor' in value && 'directory' in value;
}

/**
 * A checked policy as deployed functions carry it: both files in one JSON text, people's names included, under a seal.
 * Reading YAML, checking it and finding the place of every mistake is done with when it is packed; each start of a
 * function is spared it, and the schemas too.
 */
export function packPolicy({ document, directory }: Policy): string {
  const content: Content = { janitor: document, directory };
  return canonical({ content, seal: sealOf(content) });
}

/** SHA-256 of what is packed: finds damage, and edits that nobody checked. What may act is decided by activation. */
function sealOf(content: Content): string {
  return taggedHash('credential-janitor/packed-policy/v1', content);
}

/** The packed policy again, under the same hash. Throws `policy-invalid` when the text is not what was packed. */
export function unpackPolicy(text: string): Policy {
  const parsed = packedSchema.safeParse(jsonOf(text));
  if (!parsed.success) throw broken(z.prettifyError(parsed.error));
  const { content, seal } = parsed.data;
  if (sealOf(content) !== seal) throw broken('it is not what was packed: its seal does not fit');
  return policyOf(content.janitor, content.directory);
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
