import { describe, expect, it } from 'vitest';
import { compilePolicy, loadPolicy, packPolicy, unpackPolicy } from '../../lib/policy/index.ts';
import { accessKey, daysAgo, fact, NOW } from '../builders/credential.ts';
import { history } from '../builders/history.ts';

const shipped = await loadPolicy('policy');
const packed = packPolicy(shipped);

/** The packed policy with other content under the same seal. */
function altered(change: (content: string) => string): string {
  const { content, seal } = JSON.parse(packed);
  const changed = change(content);
  expect(changed).not.toBe(content);
  return JSON.stringify({ content: changed, seal });
}

describe('a packed policy is the same policy (G8)', () => {
  it('has the same hash, rules and people, their names included', () => {
    const again = unpackPolicy(packed);
    expect(again.hash).toBe(shipped.hash);
    expect(again.document).toEqual(shipped.document);
    expect(again.directory).toEqual(shipped.directory);
    for (const { id } of shipped.document.rules) expect(again.ruleHash(id)).toBe(shipped.ruleHash(id));
    expect(packPolicy(again)).toBe(packed);
  });

  it('judges alike', () => {
    const idle = {
      createdAt: fact(daysAgo(200)),
      lastUsedAt: fact(daysAgo(60)),
      tags: fact({ owner: 'ana' }),
    };
    const input = { credential: accessKey({ facts: idle }), history: history(), now: NOW };
    expect(compilePolicy(unpackPolicy(packed))(input)).toEqual(compilePolicy(shipped)(input));
  });

  it.each([
    ['no JSON', packed.slice(0, -1)],
    ['nothing', ''],
    ['half of it', altered((content) => content.replace(/"janitor":.*/, '"janitor":{}}'))],
    ['an unknown key', altered((content) => content.replace('"mode":', '"modus":1,"mode":'))],
    ['no seal', JSON.stringify({ content: JSON.parse(packed).content })],
    ['no content', JSON.stringify({ seal: JSON.parse(packed).seal })],
    ['another hash', altered((content) => content.replace(shipped.hash, '0'.repeat(64)))],
    ['another name of a person', altered((content) => content.replace(/"name":"[^"]*"/, '"name":"Mallory"'))],
    ['another mode', altered((content) => content.replace('"mode":"observe"', '"mode":"destroy"'))],
  ])('%s: nothing runs under it', (_what, text) => {
    expect(text).not.toBe(packed);
    expect(() => unpackPolicy(text)).toThrow(
      expect.objectContaining({ code: 'policy-invalid', hint: expect.stringContaining('cdk deploy') }),
    );
  });
});
