import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { publishedFiles } from '../../lib/api/published.ts';
import { OPERATIONS } from '../../lib/api/routes.ts';

const root = path.join(import.meta.dirname, '..', '..');

describe('what is generated from the routes and schemas is in the repository as it would be generated now', () => {
  it.each(Object.entries(publishedFiles()))(
    '%s (to renew: npx vitest run test/api/published.test.ts -u)',
    async (file, text) => {
      await expect(text).toMatchFileSnapshot(path.join(root, file));
    },
  );
});

describe('the reference is complete', () => {
  const reference = publishedFiles()['docs/api.md'] ?? '';

  it.each(Object.entries(OPERATIONS))('%s has a section with its call and every problem', (name, route) => {
    const [, section = ''] = reference.split(`### ${name}\n`);
    const own = section.split('\n##')[0] ?? '';
    expect(own).toContain(`\`${route.method} ${route.path}\``);
    for (const code of route.problems) expect(own).toContain(`\`${code}\``);
  });
});
