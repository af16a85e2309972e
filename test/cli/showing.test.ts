import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { fakeDesk } from './fake-desk.ts';
import { answers, challenge, exception, HASH, request } from './service-answers.ts';

const KEY_ID = 'arn:aws:iam::111122223333:user/ci/deployer/access-key/AKIAIOSFODNN7EXAMPLE';
const ID = request.requestId;
const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ');

describe('lists: table, json and csv', () => {
  test.each([
    ['request', 'requests', 'listRequests'],
    ['exception', 'exceptions', 'listExceptions'],
    ['challenge', 'challenges', 'listChallenges'],
  ] as const)('janitor %s list', async (noun, plural, operation) => {
    const page = { items: answers[operation].items, nextCursor: 'c-2' };
    const { janitor, calls } = fakeDesk({ [operation]: page });
    const id = Object.values(page.items[0] ?? {})[0];
    const table = await janitor([noun, 'list', '--state', 'all', '--limit', '7'], { tty: true });
    expect(table.out).toContain(String(id));
    expect(table.out).toContain(`janitor ${noun} list --state all --limit 7 --cursor c-2`);
    const json = await janitor([noun, 'list', '--cursor', 'c-1', '--format', 'json']);
    expect(JSON.parse(json.out)).toEqual({ schemaVersion: 1, [plural]: page.items, nextCursor: 'c-2' });
    const csv = await janitor([noun, 'list', '--format', 'csv']);
    const rows: Record<string, string>[] = parse(csv.out, { columns: true, record_delimiter: '\r\n' });
    expect(rows).toMatchObject([{ [`${noun}Id`]: id, state: expect.stringMatching(/./) }]);
    expect(calls.map(({ parameters }) => parameters)).toEqual([
      [{ state: 'all', limit: 7 }],
      [{ state: 'open', limit: 25, cursor: 'c-1' }],
      [{ state: 'open', limit: 25 }],
    ]);
  });

  test('nothing is said to be nothing', async () => {
    const { janitor } = fakeDesk({ listRequests: { items: [] } });
    expect((await janitor(['request', 'list', '--state', 'all'])).out).toBe('No requests.\n');
    const none = 'No open requests. All there ever were: janitor request list --state all\n';
    expect((await janitor(['request', 'list'])).out).toBe(none);
  });

  test('a spreadsheet has who approved, and when, by whom and why it ended', async () => {
    const end = { at: exception.endsAt, by: exception.requestedBy, reason: 'the vendor has left' };
    const { janitor } = fakeDesk({
      listRequests: { items: [{ ...request, state: 'withdrawn', end }] },
      listExceptions: { items: [{ ...exception, state: 'revoked', end }] },
      listChallenges: { items: [{ ...challenge, state: 'upheld', end }] },
    });
    for (const [noun, more] of [
      ['request', { approvedBy: 'ben' }],
      ['exception', { approvedBy: 'ben' }],
      ['challenge', { notBy: 'ana' }],
    ] as const) {
      const { out } = await janitor([noun, 'list', '--state', 'all', '--format', 'csv']);
      const rows: Record<string, string>[] = parse(out, { columns: true, record_delimiter: '\r\n' });
      const ended = { endedAt: exception.endsAt, endedBy: 'ana', endReason: 'the vendor has left' };
      expect(rows).toMatchObject([{ ...more, ...ended }]);
    }
  });

  test.each(['0', '101', 'many'])('--limit %s: exit 2', async (limit) => {
    expect((await fakeDesk().janitor(['request', 'list', '--limit', limit])).exit).toBe(2);
  });
});

describe('what is shown says what, why, who, until when and what next', () => {
  test('a request that waits', async () => {
    const { out } = await fakeDesk().janitor(['request', 'show', ID, '--api', 'http://127.0.0.1:1']);
    const text = oneLine(out);
    for (const words of [
      'pending, exception, critical',
      `access-key-unused does not apply to ${KEY_ID} as long as its tag project is "x" and its owner stays the same and the ticket is open`,
      'moves to a role in March (migration, ticket OPS-123)',
      'ana, on 2026-03-02 08:00 UTC',
      '2026-03-16 08:00 UTC',
      '1 of 2 of group security: ben on 2026-03-02 08:00 UTC',
      'It takes 1 more approval of group security by 2026-03-16 08:00 UTC, else it lapses',
      HASH,
      'janitor explain --api http://127.0.0.1:1 AKIAIOSFODNN7EXAMPLE',
    ])
      expect(text).toContain(words);
    expect(out).toMatch(new RegExp(`janitor approve --api http://127.0.0.1:1 ${ID}$`, 'm'));
  });

  test('in colour commands are typed as here, too, and stay on one line', async () => {
    const { out } = await fakeDesk().janitor(['request', 'show', ID], {
      tty: true,
      columns: 60,
      invocation: 'npx janitor',
    });
    expect(out).toContain('\u001b[');
    expect(out).toMatch(new RegExp(` npx janitor approve ${ID}$`, 'm'));
  });

  test.each([
    ['done', `janitor exception revoke ${ID} --reason ...`],
    ['approved', `janitor request show ${ID}`],
    ['failed', `janitor explain request#${ID}`],
    ['lapsed', 'It takes a new request'],
    ['denied', 'Ask for what the policy allows'],
  ] as const)('a request that is %s', async (state, next) => {
    const { janitor } = fakeDesk({ getRequest: { ...request, state } });
    expect((await janitor(['request', 'show', ID])).out).toContain(next);
  });

  test('an exception that came of a request may have ended since: its request does not say that it is in force', async () => {
    const { out } = await fakeDesk({ getRequest: { ...request, state: 'done' } }).janitor([
      'request',
      'show',
      ID,
    ]);
    expect(oneLine(out)).toContain(`Whether it still is: janitor exception show ${ID}`);
    expect(out).not.toContain('It is in force');
  });

  test('who asked through whom', async () => {
    const agent = { kind: 'workload', arn: 'arn:aws:iam::111122223333:role/agent' } as const;
    const requester = {
      actor: agent,
      onBehalfOf: [request.requester.actor],
      sponsor: 'ben',
      autonomous: true,
    };
    const { janitor } = fakeDesk({ getRequest: { ...request, requester } });
    expect(oneLine((await janitor(['request', 'show', ID])).out)).toContain(
      `ana through ${agent.arn}, an autonomous agent, sponsor ben`,
    );
  });

  test.each([
    ['active', {}, `janitor exception renew ${ID} --until 30d`],
    [
      'challenged',
      { challenge: { challengeId: 'c', decideBy: exception.endsAt } },
      'janitor challenge show c',
    ],
    [
      'renewed',
      { end: { at: exception.endsAt, by: exception.requestedBy, renewedBy: 'next-one-1' } },
      'janitor exception show next-one-1',
    ],
    [
      'expired',
      {
        end: {
          at: exception.endsAt,
          by: exception.requestedBy,
          cause: 'condition',
          reason: 'its ticket is closed',
        },
      },
      'what had to stay true no longer is: its ticket is closed',
    ],
  ] as const)('an exception that is %s', async (state, more, words) => {
    const { janitor } = fakeDesk({ getException: { ...exception, state, ...more } });
    expect(oneLine((await janitor(['exception', 'show', ID])).out)).toContain(words);
  });

  test('as JSON it is what the API answered', async () => {
    const { out } = await fakeDesk().janitor(['request', 'show', ID, '--format', 'json']);
    expect(JSON.parse(out)).toEqual({ schemaVersion: 1, ...request });
  });
});
