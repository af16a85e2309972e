import path from 'node:path';
import { describe, expect, it } from 'vitest';
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
