import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AwsFailure } from '../../lib/aws/index.ts';
import { ReadingLog } from '../../lib/inventory/problem.ts';

const denied: AwsFailure = {
  kind: 'denied',
  code: 'AccessDenied',
  message: 'iam:ListAccessKeys was denied (AccessDenied)',
  hint: 'Grant iam:ListAccessKeys.',
  permission: 'iam:ListAccessKeys',
};

test('failures that differ only in the resource are one problem, worded alike whatever order they arrive in', () => {
  const users = ['ana', 'bob', 'carl', 'dora'];
  fc.assert(
    fc.property(fc.shuffledSubarray(users, { minLength: users.length }), (arrived) => {
      const log = new ReadingLog();
      for (const user of arrived) {
        log.failed({
          code: 'access-keys-unread',
          subject: `access keys of user ${user}`,
          failure: denied,
          affects: ['access-key'],
        });
      }
      expect(log.problems()).toEqual([
        {
          code: 'access-keys-unread',
          message:
            'Could not read access keys of user ana and 3 more: iam:ListAccessKeys was denied (AccessDenied). Grant iam:ListAccessKeys.',
          permission: 'iam:ListAccessKeys',
          affects: ['access-key'],
        },
      ]);
    }),
    { seed: 15 },
  );
});

test('another Region, another reason or another kind of read is another problem', () => {
  const log = new ReadingLog();
  const read = { code: 'secrets-unread', subject: 'secrets', affects: ['secret'] as const };
  log.failed({ ...read, failure: denied, region: 'us-east-1' });
  log.failed({ ...read, failure: denied, region: 'eu-west-1' });
  log.failed({ ...read, failure: { ...denied, kind: 'throttled', code: 'Throttling' }, region: 'us-east-1' });
  log.failed({ ...read, code: 'replicas-unread', failure: denied, region: 'us-east-1' });
  expect(log.problems().map(({ code, region }) => `${code} ${region}`)).toEqual([
    'replicas-unread us-east-1',
    'secrets-unread eu-west-1',
    'secrets-unread us-east-1',
    'secrets-unread us-east-1',
  ]);
});

test('a note is said once', () => {
  const log = new ReadingLog();
  for (const note of ['b', 'a', 'b']) log.note(note);
  expect(log.notes()).toEqual(['a', 'b']);
});
