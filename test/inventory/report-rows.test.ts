import { describe, expect, test } from 'vitest';
import { isKnown } from '../../lib/domain/fact.ts';
import { parseRow, parseTable } from '../../lib/inventory/report-rows.ts';
import { activeKey, reportRow } from './world.ts';

const AS_OF = '2026-10-15T08:00:00.000Z';
const SOURCE = 'iam:GetCredentialReport';

function slot(cells: Record<string, string>, index = 0) {
  const key = parseRow(cells, AS_OF).keys[index];
  if (key === undefined) throw new Error('a row has two slots');
  return key;
}

function without(cells: Record<string, string>, column: string): Record<string, string> {
  const { [column]: _gone, ...rest } = cells;
  return rest;
}

describe('the credential report is read by column name', () => {
  const header = Object.keys(reportRow());

  test('columns in another order, and new ones, do not matter', async () => {
    const columns = ['something_new', ...header.toReversed(), 'additional_credentials_info'];
    const row: Record<string, string> = {
      ...reportRow(activeKey(1, '2025-03-01T10:00:00+00:00')),
      something_new: 'x',
    };
    const csv = [columns.join(','), columns.map((column) => row[column] ?? '').join(',')].join('\n');
    const table = await parseTable(csv);
    expect(table).toMatchObject({ ok: true, missing: [] });
    if (table.ok)
      expect(slot({ ...table.lines[0] }).rotatedAt).toMatchObject({ value: '2025-03-01T10:00:00.000Z' });
  });

  test('a missing column is named with the kinds that suffer from it', async () => {
    const columns = header.filter(
      (column) => column !== 'access_key_2_last_used_date' && column !== 'mfa_active',
    );
    const table = await parseTable([columns.join(','), columns.map(() => 'N/A').join(',')].join('\n'));
    expect(table).toMatchObject({
      ok: true,
      missing: [
        { column: 'mfa_active', affects: ['console-password'] },
        { column: 'access_key_2_last_used_date', affects: ['access-key', 'root-access-key'] },
      ],
    });
  });

  test.each([
    ['an error page', '<!doctype html>\n<title>Oops</title>'],
    ['other columns', 'a,b\n1,2'],
    ['broken quotes', 'user,arn\n"ana,arn'],
  ])('%s is refused as a whole', async (_what, csv) => {
    expect(await parseTable(csv)).toMatchObject({ ok: false });
  });

  test('a report of nobody is a report', async () => {
    expect(await parseTable('user,arn\n')).toEqual({ ok: true, lines: [], missing: [] });
  });
});

describe('the last use of a key (G22: unknown is not unused)', () => {
  const used = activeKey(1, '2025-03-01T10:00:00+00:00', '2026-09-01T12:15:00+00:00');
  const column = 'access_key_1_last_used_date';

  test.each([
    ['a date', used, { value: '2026-09-01T12:15:00.000Z', asOf: AS_OF, source: SOURCE }],
    [
      'N/A in date, Region and service',
      activeKey(1, '2025-03-01T10:00:00+00:00'),
      { value: null, asOf: AS_OF, source: SOURCE },
    ],
    [
      'N/A in the date and not_supported beside it (moto)',
      {
        ...used,
        [column]: 'N/A',
        access_key_1_last_used_region: 'not_supported',
        access_key_1_last_used_service: 'not_supported',
      },
      { value: null, asOf: AS_OF, source: SOURCE },
    ],
    [
      'N/A in the date but a service',
      { ...used, [column]: 'N/A' },
      { unknown: expect.stringContaining('access_key_1_last_used_region') },
    ],
    [
      'a malformed date',
      { ...used, [column]: 'yesterday' },
      { unknown: expect.stringContaining('"yesterday"') },
    ],
    [
      'a date of another form',
      { ...used, [column]: '01/09/2026' },
      { unknown: expect.stringContaining('01/09/2026') },
    ],
    [
      'an impossible date',
      { ...used, [column]: '2026-13-41T00:00:00+00:00' },
      { unknown: expect.anything() },
    ],
  ])('%s', (_what, cells, expected) => {
    expect(slot(reportRow(cells)).lastUsedAt).toEqual(expected);
  });

  test.each([column, 'access_key_1_last_used_region', 'access_key_1_last_used_service'])(
    'without the column %s it is unknown, never "never used"',
    (missing) => {
      const cells = without(reportRow({ ...activeKey(1, '2025-03-01T10:00:00+00:00') }), missing);
      expect(slot(cells).lastUsedAt).toEqual({ unknown: expect.stringContaining(missing) });
    },
  );
});

describe('whether a slot holds a key', () => {
  const empty = reportRow();
  test.each([
    ['empty', {}, 'no'],
    ['active', activeKey(1, '2025-03-01T10:00:00+00:00'), 'yes'],
    ['active without a date', activeKey(1, 'N/A'), 'yes'],
    ['inactive with a date', { access_key_1_last_rotated: '2025-03-01T10:00:00+00:00' }, 'yes'],
    [
      'inactive without a date but used once',
      {
        access_key_1_last_used_date: '2025-03-01T10:00:00+00:00',
        access_key_1_last_used_region: 'us-east-1',
        access_key_1_last_used_service: 's3',
      },
      'yes',
    ],
    ['neither true nor false', { access_key_1_active: 'maybe' }, 'unknown'],
  ])('%s', (_what, cells, present) => {
    expect(slot({ ...empty, ...cells }).present).toBe(present);
  });

  test('without the column nobody can tell', () => {
    expect(slot(without(empty, 'access_key_1_active')).present).toBe('unread');
  });

  test('true and false are understood in any case', () => {
    expect(slot({ ...empty, access_key_1_active: 'TRUE' }).active).toMatchObject({ value: true });
  });

  test('the newest column tells of keys beyond the second', () => {
    const info = '1 additional access keys; use ListAccessKeys to list them';
    expect(parseRow({ ...empty, additional_credentials_info: info }, AS_OF).hasMoreKeys).toBe(true);
    expect(parseRow({ ...empty, additional_credentials_info: 'N/A' }, AS_OF).hasMoreKeys).toBe(false);
  });
});

describe('passwords', () => {
  test.each([
    ['false', 'no'],
    ['N/A', 'no'],
    ['true', 'yes'],
    ['not_supported', 'unknown'],
    ['perhaps', 'unknown'],
  ])('password_enabled %s of a user: %s', (text, present) => {
    expect(parseRow(reportRow({ password_enabled: text }), AS_OF).password.present).toBe(present);
  });

  test('root has a password where AWS writes not_supported', () => {
    const root = reportRow({ user: '<root_account>', password_enabled: 'not_supported' });
    expect(parseRow(root, AS_OF).password.present).toBe('yes');
  });

  test('no_information is a password nobody has used; a garbled date is unknown', () => {
    const read = (text: string) =>
      parseRow(reportRow({ password_last_used: text }), AS_OF).password.lastUsedAt;
    expect(read('no_information')).toMatchObject({ value: null });
    expect(isKnown(read('soon'))).toBe(false);
  });
});
