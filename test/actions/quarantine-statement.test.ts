import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  foreignDigests,
  POLICY_MAX_CHARACTERS,
  QUARANTINE_SID,
  QUARANTINE_STATEMENT,
  type ResourcePolicy,
  readResourcePolicy,
  withoutQuarantine,
  withQuarantine,
} from '../../lib/domain/quarantine-statement.ts';

function read(text: string | undefined): ResourcePolicy {
  const reading = readResourcePolicy(text);
  if (!reading.ok) throw new Error(reading.reason);
  return reading.policy;
}

function quarantined(text: string | undefined): string {
  const merged = withQuarantine(read(text));
  if (!merged.ok) throw new Error(merged.reason);
  return merged.text;
}

const ALLOW = {
  Sid: 'Readers',
  Effect: 'Allow',
  Principal: { AWS: '111122223333' },
  Action: '*',
  Resource: '*',
};

describe('merging our statement', () => {
  test('exempts nobody and denies only reading the value', () => {
    expect(QUARANTINE_STATEMENT).toEqual({
      Sid: 'CredentialJanitorQuarantine',
      Effect: 'Deny',
      Principal: '*',
      Action: ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'],
      Resource: '*',
    });
  });

  test.each([
    ['no policy', undefined, { Version: '2012-10-17', Statement: [QUARANTINE_STATEMENT] }],
    ['an empty policy text', ' ', { Version: '2012-10-17', Statement: [QUARANTINE_STATEMENT] }],
    [
      'one statement as an object',
      JSON.stringify({ Version: '2012-10-17', Statement: ALLOW }),
      { Version: '2012-10-17', Statement: [ALLOW, QUARANTINE_STATEMENT] },
    ],
    [
      'a list of statements, no Version',
      JSON.stringify({ Statement: [ALLOW] }),
      { Statement: [ALLOW, QUARANTINE_STATEMENT] },
    ],
    [
      'an older Version, an Id and an element unknown here',
      JSON.stringify({ Version: '2008-10-17', Id: 'x', Statement: [], Extra: { a: [1.5, null] } }),
      { Version: '2008-10-17', Id: 'x', Statement: [QUARANTINE_STATEMENT], Extra: { a: [1.5, null] } },
    ],
  ])('keeps %s', (_what, text, expected) => {
    expect(JSON.parse(quarantined(text))).toEqual(expected);
  });

  test('ours once: merging again changes nothing', () => {
    const once = quarantined(JSON.stringify({ Statement: ALLOW }));
    expect(quarantined(once)).toBe(once);
  });

  test('refuses to go beyond the limit of 20,480 characters, and says so', () => {
    const ours = JSON.stringify(QUARANTINE_STATEMENT).length + 1;
    const empty = JSON.stringify({ Statement: [{ ...ALLOW, Sid: '' }] }).length;
    const policy = (length: number) => JSON.stringify({ Statement: [{ ...ALLOW, Sid: 'x'.repeat(length) }] });
    const longest = POLICY_MAX_CHARACTERS - ours - empty;
    expect(withQuarantine(read(policy(longest)))).toMatchObject({ ok: true });
    expect(withQuarantine(read(policy(longest + 1)))).toMatchObject({
      ok: false,
      code: 'policy-too-long',
      reason: expect.stringContaining('20481'),
    });
  });
});

describe('a policy that cannot be written back with every meaning kept is refused', () => {
  test.each([
    ['no JSON', '{"Statement": ['],
    ['no object', '[]'],
    ['no Statement', '{"Version": "2012-10-17"}'],
    ['a Statement of text', '{"Statement": "Deny"}'],
    ['a list of texts', '{"Statement": ["Deny"]}'],
    ['an element given twice', '{"Statement": [], "Id": "a", "Id": "b"}'],
    ['an element given twice in another spelling', String.raw`{"Statement": [], "Id": "a", "\u0049d": "b"}`],
    [
      'a number beyond what JavaScript holds',
      '{"Statement": [{"Condition": {"Max": 12345678901234567890}}]}',
    ],
    ['half a character', String.raw`{"Statement": [], "Id": "\ud800"}`],
    ['nesting without end', `{"Statement": ${'['.repeat(9_000)}${']'.repeat(9_000)}}`],
  ])('%s', (_what, text) => {
    expect(readResourcePolicy(text)).toMatchObject({ ok: false, code: 'policy-malformed' });
  });

  test('escapes, white space and element names of any kind are no reason', () => {
    const text = String.raw`{ "Statement" : [ { "Sid" : "\u0041\/b", "__proto__" : { "a" : "é" } } ] }`;
    const back = withoutQuarantine(read(quarantined(text)), 'array');
    expect(JSON.parse(back ?? '')).toEqual(JSON.parse(text));
    expect(back).toContain('__proto__');
  });
});

describe('recognising our statement', () => {
  test.each([
    ['as we write it', {}, 'ours'],
    ['with the principal in long form', { Principal: { AWS: '*' } }, 'ours'],
    ['with the principal as a list', { Principal: { AWS: ['*'] } }, 'ours'],
    ['with the resource as a list', { Resource: ['*'] }, 'ours'],
    [
      'with the actions in another order and case',
      { Action: [...QUARANTINE_STATEMENT.Action].reverse() },
      'ours',
    ],
    ['with an exemption by condition', { Condition: { StringNotEquals: { 'aws:userid': 'x' } } }, 'altered'],
    ['turned into an Allow', { Effect: 'Allow' }, 'altered'],
    ['for one principal', { Principal: { AWS: '111122223333' } }, 'altered'],
    ['for one action', { Action: ['secretsmanager:GetSecretValue'] }, 'altered'],
    ['for one resource', { Resource: 'arn:aws:secretsmanager:*:*:secret:x' }, 'altered'],
  ])('%s', (_what, change, expected) => {
    const text = JSON.stringify({ Statement: { ...QUARANTINE_STATEMENT, ...change } });
    expect(read(text).quarantine).toBe(expected);
  });

  test('twice is not ours; an altered one is not overwritten', () => {
    const twice = read(JSON.stringify({ Statement: [QUARANTINE_STATEMENT, QUARANTINE_STATEMENT] }));
    expect(twice.quarantine).toBe('altered');
    expect(withQuarantine(twice)).toMatchObject({ ok: false, code: 'quarantine-altered' });
  });
});

const value = fc.jsonValue({ maxDepth: 3 });
const statement = fc.dictionary(fc.string(), value).map(({ Sid: _ours, ...rest }) => rest);
const policy = fc.record(
  {
    Version: fc.constantFrom('2012-10-17', '2008-10-17'),
    Id: fc.string(),
    Statement: fc.oneof(statement, fc.array(statement, { minLength: 1 })),
  },
  { requiredKeys: ['Statement'] },
);

test('property: quarantine and release give back any policy, whatever stands in it (I8)', () => {
  fc.assert(
    fc.property(policy, (document) => {
      const text = JSON.stringify(document);
      const before = readResourcePolicy(text);
      fc.pre(before.ok);
      const during = read(quarantined(text));
      expect(during.quarantine).toBe('ours');
      expect(foreignDigests(during)).toEqual(foreignDigests(before.policy));
      const back = withoutQuarantine(during, before.policy.form);
      expect(JSON.parse(back ?? '')).toEqual(JSON.parse(text));
    }),
  );
});

test('property: reading never throws, whatever the text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(typeof readResourcePolicy(text).ok).toBe('boolean');
    }),
  );
});

test('nothing left: the policy is to be deleted', () => {
  expect(withoutQuarantine(read(quarantined(undefined)), 'none')).toBeUndefined();
  expect(QUARANTINE_SID).not.toBe('');
});
