import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { processLine } from '../../lib/cli/aws-profile/process-line.ts';
import {
  type LentProfile,
  profilesOf,
  sectionOf,
  withoutGrant,
  withProfile,
} from '../../lib/cli/aws-profile/profile-text.ts';
import { GRANT_ID } from './broker-answers.ts';

const PROFILE: LentProfile = {
  name: 'incident',
  grantId: GRANT_ID,
  process: '"/usr/bin/node" "/opt/the janitor/bin/janitor.js" break-glass credentials x --api https://a',
  own: 'ana',
  settings: { region: 'eu-central-1' },
};
const OTHER: LentProfile = { ...PROFILE, name: 'other', grantId: 'another-grant-0001' };

const line = fc.oneof(
  fc.constantFrom(
    '[default]',
    '[profile ana]',
    '[profile "two words"]',
    '  [profile indented]',
    '[sso-session work]',
    '[broken',
    'region = eu-central-1',
    's3 =',
    '  max_concurrent_requests = 20',
    '# a remark about [profile incident]',
    '; another',
    'credential_process = /bin/true # not the end',
    '',
    ' ',
    'export = umlaut ü',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/[\r\n]|^\s*\[|janitor_grant/.test(text)),
);
/** What people and programs leave in the file: any lines, any line ends, a last line that is ended or not. */
const text = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.boolean())
  .map(([lines, end, last, bom]) => (bom ? '\ufeff' : '') + lines.join(end) + (last ? end : ''));

describe('what others wrote into the AWS configuration stays as it is, byte for byte', () => {
  test('a profile that is added comes after all of it, and leaves nothing behind when it goes', () => {
    fc.assert(
      fc.property(text, (before) => {
        const added = withProfile(before, PROFILE);
        expect(added.startsWith(before)).toBe(true);
        expect(sectionOf(added, 'incident')).toBe('ours');
        expect(profilesOf(added, GRANT_ID)).toEqual(['incident']);
        expect(withoutGrant(added, GRANT_ID)).toBe(before);
      }),
    );
  });

  test('writing it again changes nothing', () => {
    fc.assert(
      fc.property(text, (before) => {
        const added = withProfile(before, PROFILE);
        expect(withProfile(added, PROFILE)).toBe(added);
      }),
    );
  });

  test('two of ours come and go in any order', () => {
    fc.assert(
      fc.property(text, fc.boolean(), (before, firstFirst) => {
        const both = withProfile(withProfile(before, PROFILE), OTHER);
        const [one, two] = firstFirst ? [PROFILE, OTHER] : [OTHER, PROFILE];
        expect(withoutGrant(both, one.grantId)).toContain(two.grantId);
        const neither = withoutGrant(withoutGrant(both, one.grantId), two.grantId);
        // The second ended the line of the first, if nobody had ended the line before: one line end may be left.
        expect(neither.trimEnd()).toBe(before.trimEnd());
        expect(neither.startsWith(before.trimEnd())).toBe(true);
      }),
    );
  });

  test('what was added after ours, and between its settings and the next section, stays', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const rest = `\n# mine\n[profile later]\nregion = eu-west-1\n${after}`;
        fc.pre(before === '' || before.endsWith('\n'));
        const added = withProfile(before, PROFILE) + rest;
        expect(withoutGrant(added, GRANT_ID)).toBe(before + rest);
      }),
    );
  });

  test('a new grant under the same name takes the place of the old one, and nothing else', () => {
    const before = '[default]\nregion = eu-central-1\n';
    const renamed = withProfile(withProfile(before, PROFILE), { ...PROFILE, grantId: 'another-grant-0001' });
    expect(profilesOf(renamed, GRANT_ID)).toEqual([]);
    expect(withoutGrant(renamed, 'another-grant-0001')).toBe(before);
  });

  test.each([
    ['[profile incident]\nrole_arn = x\n', 'not-ours'],
    ['\ufeff[profile incident]\nrole_arn = x\n', 'not-ours'],
    ['[profile "incident"]\nrole_arn = x', 'not-ours'],
    ['  [ profile incident ]\n', 'not-ours'],
    ['[incident]\n', 'not-ours'],
    ['[profile incidents]\n', 'none'],
    ['# [profile incident]\n', 'none'],
    ['', 'none'],
  ] as const)('%j: a profile of that name is %s', (before, whose) => {
    expect(sectionOf(before, 'incident')).toBe(whose);
  });
});

describe('the command of a credential_process', () => {
  const word = fc.oneof(
    fc.constantFrom(
      '/opt/the janitor/bin/janitor.js',
      'a #b',
      'a ;b',
      "it's",
      '$HOME',
      '`id`',
      'a"b',
      'c\\d',
      '*',
    ),
    fc.string({ maxLength: 12 }).filter((each) => !/[\r\n\0]/.test(each)),
  );

  test('a shell reads back every word, whatever is in it', () => {
    const words = fc.sample(word, 300);
    const script = `printf '%s\\n' ${processLine(words)}`;
    expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toBe(
      words.map((each) => `${each}\n`).join(''),
    );
  });

  test('no part of it looks like a remark, which some SDKs would cut off', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        expect(`credential_process = ${processLine(words)}`).not.toMatch(/\s[#;]/);
      }),
    );
  });

  test('paths with blanks are in double quotes, as AWS documents it', () => {
    expect(processLine(['/usr/bin/node', '/opt/the janitor/bin/janitor.js', 'x'])).toBe(
      '/usr/bin/node "/opt/the janitor/bin/janitor.js" x',
    );
  });
});
