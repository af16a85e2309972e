import * as z from 'zod';
import { canonical, taggedHash } from '../domain/canonical.ts';
import { JanitorError } from '../domain/error.ts';
import { lazily } from '../domain/lazily.ts';
import { type DirectoryDocument, directorySchema } from './directory-schema.ts';
import { type JanitorDocument, janitorSchema } from './janitor-schema.ts';

/** A valid policy: both files as parsed, and what names it. */
export interface Policy {
  /**
   * SHA-256 of the content of both files, not of their text: comments and order of keys do not change it. People's
   * names do not either: persons are ids, and archives hold no name that somebody may ask to have erased.
   */
  readonly hash: string;
  readonly document: JanitorDocument;
  readonly directory: DirectoryDocument;
  /** The hash of one rule; approvals bind to it. Throws `rule-unknown`. */
  ruleHash(ruleId: string): string;
}

/** Makes a policy of two parsed files. */
export function policyOf(document: JanitorDocument, directory: DirectoryDocument): Policy {
  return withHash(contentHash({ janitor: document, directory: nameless(directory) }), document, directory);
}

function withHash(hash: string, document: JanitorDocument, directory: DirectoryDocument): Policy {
  const ruleHashes = lazily(
    () => new Map(document.rules.map((rule) => [rule.id, taggedHash('credential-janitor/rule/v1', rule)])),
  );
  return {
    hash,
    document,
    directory,
    ruleHash(ruleId) {
      const found = ruleHashes().get(ruleId);
      if (found !== undefined) return found;
      throw new JanitorError(`the policy has no rule "${ruleId}"`, { code: 'rule-unknown', source: 'user' });
    },
  };
}

function contentHash(content: { readonly janitor: unknown; readonly directory: unknown }): string {
  return taggedHash('credential-janitor/policy/v1', content);
}

/** The directory without people's names, which are in no hash and no archive. */
export function nameless(directory: DirectoryDocument): DirectoryDocument {
  return { ...directory, people: directory.people.map(({ name: _erasable, ...person }) => person) };
}

/** The policy as it is kept for replay: canonical JSON with its hash and without people's names. */
export function archivePolicy(policy: Policy): string {
  return canonical({ hash: policy.hash, janitor: policy.document, directory: nameless(policy.directory) });
}

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
  return withHash(hash, document.data, directory.data);
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
