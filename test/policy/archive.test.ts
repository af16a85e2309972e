import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { archivePolicy, checkPolicyTexts, compilePolicy } from '../../lib/policy/index.ts';
import { policyFromArchive } from '../../lib/policy/policy-from-archive.ts';
import { accessKey, daysAgo, fact, NOW } from '../builders/credential.ts';
import { history } from '../builders/history.ts';
import { directoryData, janitorData, policyOf, ruleData } from './policy-fixture.ts';

const shipped = path.join(import.meta.dirname, '..', '..', 'policy');
const read = (name: string): string => readFileSync(path.join(shipped, name), 'utf8');

function hashOf(janitor: string, directory: string): string {
  const result = checkPolicyTexts(janitor, directory);
  return result.ok ? result.policy.hash : JSON.stringify(result.problems);
}

describe('the hash names the content of both files (G8)', () => {
  const hash = hashOf(read('janitor.yaml'), read('directory.yaml'));

  it('comments, white space and quotes do not change it', () => {
    const rewritten = read('janitor.yaml')
      .replaceAll(/^ *#.*$/gm, '')
      .replace('mode: observe', 'mode:   "observe"  # now');
    expect(hashOf(rewritten, read('directory.yaml'))).toBe(hash);
  });

  it('writing a default out does not change it', () => {
    expect(policyOf({ restoreHold: '30d', enforce: [] }).hash).toBe(policyOf().hash);
  });

  it('names of people do not change it: persons are ids, names can be erased', () => {
    expect(hashOf(read('janitor.yaml'), read('directory.yaml').replace('Ana Example', 'Ann Other'))).toBe(
      hash,
    );
  });

  it.each([
    ['a wait', { rules: [ruleData({ reviewEvery: '181d' })] }, {}],
    ['a limit', { limits: { perAccountPerDay: 11 } }, {}],
    ['the mode', { mode: 'enforce' }, {}],
    [
      'the day somebody left',
      {},
      {
        people: [
          { id: 'ana', mail: 'a@example.com', leftOn: '2026-01-01' },
          { id: 'ben', mail: 'b@example.com' },
          { id: 'gone', mail: 'g@example.com' },
          { id: 'risk', mail: 'r@example.com' },
        ],
      },
    ],
    ['an emergency identity', {}, { emergencyIdentities: ['arn:aws:iam::111122223333:root'] }],
  ])('%s changes it', (_what, janitor, directory) => {
    expect(policyOf(janitor, directory).hash).not.toBe(policyOf().hash);
  });

  it('the hash of a rule changes with that rule only', () => {
    const before = policyOf({ rules: [ruleData(), ruleData({ id: 'other' })] });
    const after = policyOf({ rules: [ruleData({ reviewedOn: '2026-10-02' }), ruleData({ id: 'other' })] });
    expect(after.ruleHash('unused')).not.toBe(before.ruleHash('unused'));
    expect(after.ruleHash('other')).toBe(before.ruleHash('other'));
    expect(() => before.ruleHash('gone')).toThrow(expect.objectContaining({ code: 'rule-unknown' }));
  });
});

describe('an archived policy is the same policy (G9, I19)', () => {
  const policy = policyOf();
  const archive = archivePolicy(policy);

  it('comes back under the same hash and judges byte for byte the same', () => {
    const back = policyFromArchive(archive);
    expect(back.hash).toBe(policy.hash);
    expect(archivePolicy(back)).toBe(archive);
    const input = {
      credential: accessKey({ facts: { lastUsedAt: fact(daysAgo(60)) } }),
      history: history(),
      now: NOW,
    };
    expect(JSON.stringify(compilePolicy(back)(input))).toBe(JSON.stringify(compilePolicy(policy)(input)));
  });

  it('holds no name of a person', () => {
    expect(JSON.stringify(directoryData())).toContain('Ana A.');
    expect(archive).not.toContain('Ana A.');
    expect(archive).toContain('"id":"ana"');
  });

  it.each([
    ['a number changed', archive.replace('"perAccountPerDay":10', '"perAccountPerDay":99')],
    ['another hash', archive.replace(policy.hash, '0'.repeat(64))],
    ['a key added', archive.replace('"janitor":{', '"janitor":{"more":1,')],
    ['half of it', archive.slice(0, 200)],
    ['nothing', ''],
    ['something else', JSON.stringify(janitorData())],
  ])('with %s it is refused', (_what, text) => {
    expect(text).not.toBe(archive);
    expect(() => policyFromArchive(text)).toThrow(
      expect.objectContaining({ name: 'JanitorError', code: 'policy-archive-broken', source: 'system' }),
    );
  });
});
