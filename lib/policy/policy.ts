import { canonical, sha256, taggedHash } from '../domain/canonical.ts';
import { JanitorError } from '../domain/error.ts';
import { lazily } from '../domain/lazily.ts';
import type { DirectoryDocument } from './directory-schema.ts';
import type { JanitorDocument } from './janitor-schema.ts';

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
  return policyWithHash(
    contentHash({ janitor: document, directory: nameless(directory) }),
    document,
    directory,
  );
}

/** Of content whose hash is known. */
export function policyWithHash(
  hash: string,
  document: JanitorDocument,
  directory: DirectoryDocument,
): Policy {
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

/** SHA-256 of both files' content, as people's names are out of it. */
export function contentHash(content: { readonly janitor: unknown; readonly directory: unknown }): string {
  return contentTextHash(canonical(content));
}

/** The same of that content as canonical JSON. */
export function contentTextHash(text: string): string {
  return sha256(`credential-janitor/policy/v1\n${text}`);
}

/** The directory without people's names, which are in no hash and no archive. */
export function nameless(directory: DirectoryDocument): DirectoryDocument {
  return { ...directory, people: directory.people.map(({ name: _erasable, ...person }) => person) };
}

/** The policy as it is kept for replay: canonical JSON with its hash and without people's names. */
export function archivePolicy(policy: Policy): string {
  return canonical({ hash: policy.hash, janitor: policy.document, directory: nameless(policy.directory) });
}
