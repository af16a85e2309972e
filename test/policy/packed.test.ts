import { describe, expect, it } from 'vitest';
import { canonical, sha256 } from '../../lib/domain/canonical.ts';
import { compilePolicy, loadPolicy, packPolicy, unpackPolicy } from '../../lib/policy/index.ts';
import { accessKey, daysAgo, fact, NOW } from '../builders/credential.ts';
import { history } from '../builders/history.ts';

const shipped = await loadPolicy('policy');
const packed = packPolicy(shipped);

/** The packed policy with something else in it under the same seal, or under one that fits. */
function altered(
  change: (packed: { content: string; names: Record<string, string> }) => object,
  reseal = false,
): string {
  const { seal, ...rest } = JSON.parse(packed);
  const changed = { ...rest, ...change(rest) };
  expect(changed).not.toEqual(rest);
  const text = `credential-janitor/packed-policy/v2\n${canonical(changed.names)}\n${changed.content}`;
  return JSON.stringify({ ...changed, seal: reseal ? sha256(text) : seal });
}
const destroying = ({ content }: { content: string }) => ({
  content: content.replace('"mode":"observe"', '"mode":"enforce"'),
});

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

  it('an edit under a seal of its own is another policy, which nobody has activated', () => {
    const edited = unpackPolicy(altered(destroying, true));
    expect(edited.document.mode).toBe('enforce');
    expect(edited.hash).not.toBe(shipped.hash);
    expect(unpackPolicy(altered(() => ({ names: { ana: 'Another Name' } }), true)).hash).toBe(shipped.hash);
  });

  it.each([
    ['no JSON', packed.slice(0, -1)],
    ['nothing', ''],
    ['half of it', altered(({ content }) => ({ content: content.replace(/,"janitor":.*/, '}') }), true)],
    ['an unknown key', altered(() => ({ hash: shipped.hash }))],
    ['no seal', JSON.stringify({ ...JSON.parse(packed), seal: undefined })],
    ['no content', JSON.stringify({ ...JSON.parse(packed), content: undefined })],
    ['another name of a person', altered(() => ({ names: { ana: 'Mallory' } }))],
    ['another mode', altered(destroying)],
  ])('%s: nothing runs under it', (_what, text) => {
    expect(text).not.toBe(packed);
    expect(() => unpackPolicy(text)).toThrow(
      expect.objectContaining({ code: 'policy-invalid', hint: expect.stringContaining('cdk deploy') }),
    );
  });
});
