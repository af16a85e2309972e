import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { composeDigest } from '../../lib/notify/index.ts';
import { daysAgo, NOW } from '../builders/credential.ts';
import { digestInput, digestItem, secretItem } from '../builders/notice.ts';

const inDays = (days: number) => plus(NOW, days * DAY_MS);

test('a digest, as an owner reads it', () => {
  const items = [
    digestItem({ name: 'AKIAEXAMPLELOOK00000', rule: 'access-key-old', reasons: ['Created 400 days ago.'] }),
    secretItem({
      announces: { step: 'delete', notBefore: inDays(30) },
      lastDone: { step: 'disable', at: daysAgo(0) },
      reasons: ['Never retrieved.'],
    }),
    digestItem({
      announces: { step: 'disable', notBefore: inDays(14) },
      restsOnDisuse: true,
      outsideParty: 'Acme',
    }),
  ];
  const digest = composeDigest(digestInput({ items, contact: 'security@example.com' }));
  expect(digest.subject).toBe(
    '[Credential Janitor] AWS credentials in payments (111122223333): 1 to be disabled from 2026-10-29, 1 to be deleted from 2026-11-14, 1 to look at',
  );
  expect(digest.text).toBe(`Hello Ana Lima,

Credential Janitor looked at AWS account payments (111122223333) on 2026-10-15 09:00 UTC. As far as its tags,
names and directory tell, 3 credentials are yours or in your care, and its rules have something to say about them.

WILL BE DISABLED (1)

1. Access key AKIAEXAMPLEDEPLOYER0 of user deployer
   Id: arn:aws:iam::111122223333:user/ci/deployer/access-key/AKIAEXAMPLEDEPLOYER0
   Used by the outside party: Acme
   Found by rule access-key-unused:
     - Last used on 2026-07-01, 106 days ago (credential report of 2026-10-15).
   Why it matters: A key nobody uses is one nobody misses when it leaks.
   Next: it is disabled, not before 2026-10-29 09:00 UTC (in 14 days); that can be undone
   To keep it: use it before then; a credential in use is not unused
   Once disabled, to get it back: janitor restore arn:aws:iam::111122223333:user/ci/deployer/access-key/AKIAEXAMPLEDEPLOYER0
   More: janitor explain arn:aws:iam::111122223333:user/ci/deployer/access-key/AKIAEXAMPLEDEPLOYER0

WILL BE DELETED (1)

2. Secret prod/db
   Id: arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db-AbCdEf
   Found by rule secret-unused:
     - Never retrieved.
   Why it matters: A key nobody uses is one nobody misses when it leaks.
   So far: disabled on 2026-10-15 09:00 UTC
   Next: it is deleted, not before 2026-11-14 09:00 UTC (in 30 days); it can be brought back for 30 days after that
   To get it back: janitor restore arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db-AbCdEf
   More: janitor explain arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db-AbCdEf

PLEASE LOOK AT (1)

3. Access key AKIAEXAMPLELOOK00000 of user deployer
   Id: arn:aws:iam::111122223333:user/ci/deployer/access-key/AKIAEXAMPLELOOK00000
   Found by rule access-key-old:
     - Created 400 days ago.
   Why it matters: A key nobody uses is one nobody misses when it leaks.
   More: janitor explain arn:aws:iam::111122223333:user/ci/deployer/access-key/AKIAEXAMPLELOOK00000

IF YOU STILL NEED ONE OF THEM
- Used too rarely? Use it. AWS shows a use hours later (for a secret, the next day), so do not wait for the last day.
- Disabled already? The command beside it gives it back as it was.
- Not yours, or there is a reason to keep it? Tell security@example.com: it can be held back, and somebody else found.
- Not needed? Delete it yourself, or do nothing.

This message is notice/111122223333/7. Opening or answering it approves nothing.
`);
});

describe('what is said of each prospect', () => {
  test.each([
    [
      'a key to be deleted',
      digestItem({ announces: { step: 'delete', notBefore: inDays(3) } }),
      'that cannot be undone',
    ],
    ['a step due at once', digestItem({ announces: { step: 'disable', notBefore: NOW } }), '(due now)'],
    [
      'a deleted secret',
      secretItem({ lastDone: { step: 'delete', at: daysAgo(1) }, restorableUntil: inDays(29) }),
      'So far: deleted on 2026-10-14 09:00 UTC; it can be brought back until 2026-11-13 09:00 UTC',
    ],
    ['a disabled key', digestItem({ lastDone: { step: 'disable', at: daysAgo(1) } }), 'ARE DISABLED (1)'],
    [
      'a console password',
      digestItem({ kind: 'console-password', name: 'ana', principalName: 'ana' }),
      '1. Console password ana\n',
    ],
    ['nobody to ask', digestItem(), 'Tell the people who run Credential Janitor'],
  ])('%s', (_what, item, expected) => {
    expect(composeDigest(digestInput({ items: [item] })).text).toContain(expected);
  });

  test('an id that a shell would take apart is quoted in the command, and only there', () => {
    const item = {
      ...secretItem(),
      credentialId: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:o'neil $(x)-AbCdEf",
    };
    const { text } = composeDigest(digestInput({ items: [item] }));
    expect(text).toContain(
      String.raw`janitor explain 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:o'\''neil $(x)-AbCdEf'`,
    );
  });
});

test('one digest: a credential found by two rules is one entry, under what comes first', () => {
  const items = [
    digestItem({ rule: 'access-key-old' }),
    digestItem({ announces: { step: 'disable', notBefore: inDays(14) } }),
  ];
  const { text, items: told } = composeDigest(digestInput({ items }));
  expect(text.match(/^\d+\. /gm)).toEqual(['1. ']);
  expect(text).toContain('WILL BE DISABLED (1)');
  expect(text).toContain('Found by rule access-key-old:');
  expect(told).toEqual([
    { credentialId: items[0]?.credentialId, rule: 'access-key-old' },
    { credentialId: items[1]?.credentialId, rule: 'access-key-unused', announces: items[1]?.announces },
  ]);
});

describe('many credentials', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      digestItem({
        name: `AKIA${String(index).padStart(16, '0')}`,
        announces: { step: 'disable', notBefore: inDays(count - index) },
      }),
    );

  test('the first 20 in full, the others in one line each; none is announced without being named', () => {
    const items = many(300);
    const { text, items: told } = composeDigest(digestInput({ items }));
    expect(text.match(/^ {3}Found by rule/gm)).toHaveLength(20);
    expect(text.match(/^\d+\. /gm)).toHaveLength(300);
    expect(text).toMatch(/^1\. Access key AKIA0000000000000299 /m);
    expect(text).toMatch(
      /^300\. Access key AKIA0000000000000000 .*in 300 days.*access-key\/AKIA0000000000000000$/m,
    );
    expect(told).toHaveLength(300);
    expect(Buffer.byteLength(text)).toBeLessThan(256 * 1024);
  });

  test('beyond 500 it says how many more there are and does not count them as told', () => {
    const { text, items: told } = composeDigest(digestInput({ items: many(512) }));
    expect(text).toContain('And 12 more: they follow in another message');
    expect(told).toHaveLength(500);
  });
});

const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    'a\r\nBcc: all@example.com',
    'x\u2028y',
    '\u202egnp.exe',
    '\u0000\u001b[31m',
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  ),
);

test('property: names and reasons of any content add no line, no header and no control character', () => {
  const lines = (text: string) => text.split('\n').length;
  const plain = composeDigest(
    digestInput({ items: [digestItem({ announces: { step: 'disable', notBefore: inDays(1) } })] }),
  );
  fc.assert(
    fc.property(nasty, nasty, nasty, nasty, (name, principalName, reason, label) => {
      const item = digestItem({
        principalName,
        rule: `r${name}`,
        why: `w${name}`,
        reasons: [reason],
        announces: { step: 'disable', notBefore: inDays(1) },
      });
      const digest = composeDigest(
        digestInput({
          items: [{ ...item, name, credentialId: `arn:${name}` }],
          accountName: label,
          recipient: { id: 'x', label },
        }),
      );
      expect(lines(digest.text)).toBe(lines(plain.text));
      expect(digest.subject).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(digest.text).not.toMatch(/[^\n\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}]/u);
      expect([...digest.subject].length).toBeLessThanOrEqual(180);
    }),
  );
});

test('what looks like a secret access key in free text is not sent', () => {
  const secretKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY0'.slice(0, 40);
  const items = [digestItem({ reasons: [`Found in ${secretKey}.`], why: `Because of ${secretKey}` })];
  const { text } = composeDigest(digestInput({ items }));
  expect(text).not.toContain(secretKey);
  expect(text).toContain('Found in [redacted].');
});

test('the same input gives the same digest, in any order of findings', () => {
  const items = [digestItem(), secretItem(), digestItem({ name: 'AKIAEXAMPLELOOK00000' })];
  const digest = composeDigest(digestInput({ items }));
  expect(composeDigest(digestInput({ items: items.toReversed() })).text).toBe(digest.text);
});
