import fc from 'fast-check';
import { expect, test } from 'vitest';
import { secretShapeIn, withoutSecret } from '../../lib/domain/secret-shape.ts';

test.each([
  ['q7Rt2vXz9LmK4pWs8NbY3cHd6FgJ1aQe5UiO0TxE', '[redacted: looks like an AWS secret access key]'],
  ['-----BEGIN PRIVATE KEY-----', '[redacted: looks like a private key]'],
  ['owner=ana expires=2027-01-10', 'owner=ana expires=2027-01-10'],
  ['arn:aws:iam::111122223333:user/ci/deployer', 'arn:aws:iam::111122223333:user/ci/deployer'],
  ['', ''],
])('%s becomes %s', (text, shown) => {
  expect(withoutSecret(text)).toBe(shown);
});

test('what stands in for a secret is none, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 256, unit: 'binary' }), (text) => {
      const shown = withoutSecret(text);
      expect(secretShapeIn(shown)).toBeUndefined();
      expect(withoutSecret(shown)).toBe(shown);
    }),
  );
});
