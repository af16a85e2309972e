import { describe, expect, test } from 'vitest';
import { ACCOUNT, activeKey, readWorld, reportResult, reportRow, testWorld } from './world.ts';

const REPORT_CALLS = ['iam:GenerateCredentialReport', 'iam:GetCredentialReport'];

function reportCalls(calls: Readonly<Record<string, number>>): number[] {
  return REPORT_CALLS.map((name) => calls[name] ?? 0);
}

async function worldWithKey(polls = 0) {
  const world = await testWorld({ report: { polls } });
  world.account.addUser({ name: 'deployer', path: '/ci/', createdAt: '2025-01-01T00:00:00Z' });
  world.account.addAccessKey('deployer', { createdAt: '2025-02-01T00:00:00Z' });
  return world;
}

describe('the report is asked for, waited for and fetched', () => {
  test.each([
    [0, [1, 1]],
    [1, [1, 2]],
    [4, [1, 5]],
  ])('one that takes %i looks', async (polls, calls) => {
    const pauses: number[] = [];
    const result = await readWorld(await worldWithKey(polls), {
      pause: async (millis) => {
        pauses.push(millis);
      },
    });
    expect(reportCalls(result.calls)).toEqual(calls);
    expect(pauses).toHaveLength(polls + 1);
    expect(pauses.every((millis) => millis >= 1_000 && millis <= 10_000)).toBe(true);
    expect(result.summary.complete).toBe(true);
  });

  test('a report made less than four hours ago is fetched at once', async () => {
    const world = await worldWithKey();
    await readWorld(world);
    const pauses: number[] = [];
    const { calls } = await readWorld(world, {
      pause: async (millis) => {
        pauses.push(millis);
      },
    });
    expect(reportCalls(calls)).toEqual([1, 1]);
    expect(pauses).toEqual([]);
  });

  test.each(['ReportNotPresent', 'ReportExpired'])(
    'one that is gone when fetched (%s) is asked for again',
    async (code) => {
      const world = await worldWithKey();
      world.aws.faults.add({
        match: { operation: 'GetCredentialReport' },
        effect: 'error',
        code,
        status: 410,
      });
      const { calls, summary } = await readWorld(world);
      expect(reportCalls(calls)).toEqual([2, 2]);
      expect(summary.complete).toBe(true);
    },
  );

  test('one that never gets ready is given up: twenty looks, about three minutes', async () => {
    const world = await worldWithKey(1_000_000);
    let waited = 0;
    const { calls, summary } = await readWorld(world, {
      pause: async (millis) => {
        waited += millis;
      },
    });
    expect(reportCalls(calls)).toEqual([1, 20]);
    expect(waited).toBeLessThan(200_000);
    expect(summary).toMatchObject({ complete: false, problems: [{ code: 'credential-report-unread' }] });
  });
});

describe('without a report nothing is known of use (G22)', () => {
  test.each(REPORT_CALLS)(
    '%s denied: keys are listed, their use is unknown, the permission is named',
    async (permission) => {
      const world = await worldWithKey();
      world.account.deny('*', [permission]);
      const { credentials, summary, calls } = await readWorld(world, {
        restsOnDisuse: () => true,
        readAllKeyIds: false,
      });
      expect(credentials).toHaveLength(1);
      expect(credentials[0]?.facts).toMatchObject({
        status: { value: 'active' },
        lastUsedAt: { unknown: expect.stringContaining('AccessDenied') },
      });
      expect(calls['iam:GetAccessKeyLastUsed']).toBeUndefined();
      expect(summary).toMatchObject({ complete: false, fullRead: false });
      expect(summary.problems).toEqual([
        expect.objectContaining({
          code: 'credential-report-unread',
          permission,
          message: expect.stringContaining(`Could not read the credential report: ${permission} was denied`),
          affects: ['access-key', 'root-access-key', 'console-password', 'signing-certificate'],
        }),
      ]);
      expect(summary).not.toHaveProperty('evidenceAt');
    },
  );

  test('one generated after it was read is not believed: use is unknown, and the result says so', async () => {
    const row = reportRow(activeKey(1, '2025-01-01T00:00:00+00:00'));
    const script = { GetCredentialReport: () => reportResult([row], '9999-12-31T00:00:00Z') };
    const world = await testWorld({ script });
    world.account.addUser({ name: 'deployer', path: '/ci/', createdAt: '2025-01-01T00:00:00Z' });
    world.account.addAccessKey('deployer', { createdAt: '2025-01-01T00:00:00Z' });
    const { credentials, summary } = await readWorld(world);
    expect(credentials.map(({ facts }) => facts.lastUsedAt)).toEqual([
      { unknown: expect.stringContaining('CredentialReportAhead') },
    ]);
    expect(summary).toMatchObject({
      complete: false,
      problems: [
        {
          code: 'credential-report-unread',
          message: expect.stringContaining(
            'generated at 9999-12-31T00:00:00.000Z, although it is 2026-10-15',
          ),
        },
      ],
    });
  });

  test('an answer that is no report is refused as a whole', async () => {
    const content = Buffer.from('<html>maintenance</html>\n<p>').toString('base64');
    const world = await testWorld({ script: { GetCredentialReport: () => `<Content>${content}</Content>` } });
    const { summary } = await readWorld(world);
    expect(summary.problems).toMatchObject([{ code: 'credential-report-unread' }]);
  });
});

describe('what the report leaves out', () => {
  test('a missing column is a problem that names it; what depends on it is unknown, nothing is invented', async () => {
    const { password_enabled: _gone, ...row } = reportRow({
      access_key_1_active: 'true',
      access_key_1_last_rotated: '2025-01-01T00:00:00+00:00',
    });
    const world = await testWorld({ script: { GetCredentialReport: () => reportResult([row]) } });
    const { credentials, summary } = await readWorld(world, { readAllKeyIds: false });
    expect(credentials.map(({ kind }) => kind)).toEqual(['access-key']);
    expect(summary).toMatchObject({
      complete: false,
      problems: [
        {
          code: 'credential-report-columns',
          message: expect.stringContaining('password_enabled'),
          affects: ['console-password'],
        },
      ],
    });
  });

  test('a garbled cell makes that fact unknown and the credential stays visible', async () => {
    const row = reportRow({ password_enabled: 'maybe', cert_1_active: '?', cert_1_last_rotated: '?' });
    const world = await testWorld({ script: { GetCredentialReport: () => reportResult([row]) } });
    const { credentials } = await readWorld(world);
    expect(credentials.map(({ kind, facts }) => [kind, 'unknown' in facts.status])).toEqual([
      ['console-password', true],
      ['signing-certificate', true],
    ]);
  });

  test('no row for root is noted (moto)', async () => {
    const world = await testWorld({ script: { GetCredentialReport: () => reportResult([reportRow()]) } });
    const { summary } = await readWorld(world);
    expect(summary.notes).toEqual([expect.stringContaining('no row for root')]);
    expect(summary.complete).toBe(true);
  });

  test('a GeneratedTime that the rows prove wrong is replaced, with a note', async () => {
    const script = { GetCredentialReport: () => reportResult([reportRow()], '2015-02-02T20:02:02Z') };
    const { summary } = await readWorld(await testWorld({ script }));
    expect(summary.evidenceAt).toBe('2026-10-15T05:00:00.000Z');
    expect(summary.notes).toContainEqual(expect.stringContaining('four hours old'));
  });

  test('a user created since the report has its keys listed and asked about', async () => {
    const world = await worldWithKey();
    await readWorld(world);
    world.aws.clock.advance(60_000);
    world.account.addUser({ name: 'newcomer' });
    const { id } = world.account.addAccessKey('newcomer');
    const { of, summary, calls } = await readWorld(world, { readAllKeyIds: false });
    expect(of(id).facts.lastUsedAt).toMatchObject({ value: null, source: 'iam:GetAccessKeyLastUsed' });
    expect(calls['iam:ListAccessKeys']).toBe(1);
    expect(summary.notes).toEqual([expect.stringContaining('1 user is newer than the credential report')]);
  });

  test('a user deleted and created again under the same name does not inherit the past of the first', async () => {
    const row = reportRow({
      user_creation_time: '2024-01-01T00:00:00+00:00',
      password_enabled: 'true',
      password_last_changed: '2024-01-01T00:00:00+00:00',
      access_key_1_active: 'true',
      access_key_1_last_rotated: '2024-01-01T00:00:00+00:00',
    });
    const world = await testWorld({ script: { GetCredentialReport: () => reportResult([row]) } });
    world.account.addUser({ name: 'deployer', path: '/ci/', createdAt: '2026-10-15T08:30:00Z' });
    const { id } = world.account.addAccessKey('deployer', { createdAt: '2026-10-15T08:30:00Z' });
    const { credentials } = await readWorld(world, { readAllKeyIds: false });
    expect(credentials.map((each) => each.id)).toEqual([
      `arn:aws:iam::${ACCOUNT}:user/ci/deployer/access-key/${id}`,
    ]);
    expect(credentials[0]?.facts.createdAt).toMatchObject({ value: '2026-10-15T08:30:00.000Z' });
  });
});
