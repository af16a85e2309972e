import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CREDENTIAL_KINDS } from '../../lib/domain/credential.ts';
import { policyJsonSchemas, renderPolicyReference } from '../../lib/policy/index.ts';
import { MATCH_KEYS } from '../../lib/policy/match-schema.ts';
import { publishedFiles } from '../../lib/policy/published.ts';

const root = path.join(import.meta.dirname, '..', '..');

describe('what is generated from the policy schemas is in the repository as it would be generated now', () => {
  it.each(Object.entries(publishedFiles()))(
    '%s (to renew: npx vitest run test/policy/published.test.ts -u)',
    async (file, text) => {
      await expect(text).toMatchFileSnapshot(path.join(root, file));
    },
  );
});

describe('the reference is complete', () => {
  const reference = renderPolicyReference();

  it.each(CREDENTIAL_KINDS.map((kind) => [kind]))('it explains every match key of %s', (kind) => {
    for (const key of MATCH_KEYS[kind]) expect(reference).toContain(`| \`${key}\` |`);
  });

  it('every key of every file has a meaning', () => {
    const silent = reference.split('\n').filter((line) => /^\| `[^`]+` \|.*\| {2}\|$/.test(line));
    expect(silent).toEqual([]);
  });

  it('schemas refuse what they do not know, so that editors show a misspelt key', () => {
    for (const schema of Object.values(policyJsonSchemas())) expect(schema.additionalProperties).toBe(false);
  });
});
