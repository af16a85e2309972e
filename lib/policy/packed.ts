import { canonical, sha256 } from '../domain/canonical.ts';
import { JanitorError } from '../domain/error.ts';
import * as z from '../domain/zod.ts';
import type { DirectoryDocument } from './directory-schema.ts';
import type { JanitorDocument } from './janitor-schema.ts';
import { type Policy, policyWithHash } from './policy.ts';

/** Name of a packed policy's file. */
export const PACKED_POLICY = 'policy.json';

interface Content {
  readonly hash: string;
  readonly janitor: JanitorDocument;
  readonly directory: DirectoryDocument;
}

/** `content`: canonical JSON. */
const packedSchema = z.strictObject({ content: z.string(), seal: z.string() });
/** Content that was checked before it was packed is known by its seal, and not checked again. */
const contentSchema = z.custom<Content>(isContent);

function isContent(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'hash' in value &&
    'janitor' in value &&
    'directory' in value
  );
}

/**
 * A checked policy as deployed functions carry it: both files in one JSON text, people's names included, with its hash and
 * under a seal. Reading YAML, checking it, finding the place of every mistake and hashing what it says is done with when
 * it is packed; each start of a function is spared it, and the schemas too.
 */
export function packPolicy({ hash, document, directory }: Policy): string {
  const content: Content = { hash, janitor: document, directory };
  const text = canonical(content);
  return canonical({ content: text, seal: sealOf(text) });
}

/** SHA-256 of what is packed: finds damage, and edits that nobody checked. What may act is decided by activation. */
function sealOf(text: string): string {
  return sha256(`credential-janitor/packed-policy/v2\n${text}`);
}

/** The packed policy again, under the same hash. Throws `policy-invalid` when the text is not what was packed. */
export function unpackPolicy(text: string): Policy {
  const packed = read(packedSchema, text);
  if (sealOf(packed.content) !== packed.seal) {
    throw broken('it is not what was packed: its seal does not fit');
  }
  const { hash, janitor, directory } = read(contentSchema, packed.content);
  return policyWithHash(hash, janitor, directory);
}

function read<T>(schema: z.ZodMiniType<T>, text: string): T {
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw broken(z.prettifyError(parsed.error));
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
