import { canonical, sha256 } from '../domain/canonical.ts';
import { JanitorError } from '../domain/error.ts';
import * as z from '../domain/zod.ts';
import type { DirectoryDocument } from './directory-schema.ts';
import type { JanitorDocument } from './janitor-schema.ts';
import { contentTextHash, nameless, type Policy, policyWithHash } from './policy.ts';

/** Name of a packed policy's file. */
export const PACKED_POLICY = 'policy.json';

interface Content {
  readonly janitor: JanitorDocument;
  readonly directory: DirectoryDocument;
}

const packedSchema = z.strictObject({
  /** Canonical JSON of both files without people's names: what the policy's hash is of. */
  content: z.string(),
  /** Of people by id. */
  names: z.record(z.string(), z.string()),
  seal: z.string(),
});
/** Content that was checked before it was packed is known by its seal, and not checked again. */
const contentSchema = z.custom<Content>(isContent);

function isContent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'janitor' in value && 'directory' in value;
}

/**
 * A checked policy as deployed functions carry it: both files in one JSON text, people's names beside it, under a seal.
 * Reading YAML, checking it, finding the place of every mistake and writing canonical JSON is done with when it is packed;
 * each start of a function is spared it, and the schemas too.
 */
export function packPolicy({ document, directory }: Policy): string {
  const content = canonical({ janitor: document, directory: nameless(directory) });
  const named = directory.people.flatMap(({ id, name }) => (name === undefined ? [] : [[id, name] as const]));
  const names = Object.fromEntries(named);
  return canonical({ content, names, seal: sealOf(content, names) });
}

/** SHA-256 of what is packed: finds damage, and edits that nobody checked. What may act is decided by activation. */
function sealOf(content: string, names: Readonly<Record<string, string>>): string {
  return sha256(`credential-janitor/packed-policy/v2\n${canonical(names)}\n${content}`);
}

/**
 * The packed policy again. Its hash is that of what is unpacked, so that an edit under a seal of its own is another policy,
 * which nobody has activated. Throws `policy-invalid` when the text is not what was packed.
 */
export function unpackPolicy(text: string): Policy {
  const { content, names, seal } = read(packedSchema, text);
  if (sealOf(content, names) !== seal) throw broken('it is not what was packed: its seal does not fit');
  const { janitor, directory } = read(contentSchema, content);
  const people = directory.people.map((person) => {
    const name = names[person.id];
    return name === undefined ? person : { ...person, name };
  });
  return policyWithHash(contentTextHash(content), janitor, { ...directory, people });
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
