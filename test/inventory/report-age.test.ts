import { describe, expect, test } from 'vitest';
import { evidenceAge, fromTheFuture } from '../../lib/inventory/report-age.ts';
import { activeKey, reportRow } from './world.ts';

const READ_AT = '2026-10-15T09:00:00.000Z';
const FOUR_HOURS_BEFORE = '2026-10-15T05:00:00.000Z';

describe('every fact of the report is as old as the report, not as the reading (G6)', () => {
  test.each([
    ['an hour ago', '2026-10-15T08:00:00.000Z'],
    ['a year ago: believed, however old', '2025-10-15T08:00:00.000Z'],
  ])('generated %s', (_what, generatedAt) => {
    expect(evidenceAge(generatedAt, [reportRow()], READ_AT)).toEqual({ asOf: generatedAt });
  });

  test('a time that the report itself proves wrong is replaced by the oldest age IAM would serve (moto: 2015)', () => {
    const age = evidenceAge('2015-02-02T20:02:02.000Z', [reportRow()], READ_AT);
    expect(age.asOf).toBe(FOUR_HOURS_BEFORE);
    expect(age.note).toContain('2015-02-02T20:02:02.000Z');
  });

  test.each([
    ['user_creation_time', '2026-10-14T00:00:00+00:00'],
    ['password_last_used', '2026-10-14T00:00:00+00:00'],
    ['password_last_changed', '2026-10-14T00:00:00+00:00'],
    ['access_key_2_last_rotated', '2026-10-14T00:00:00+00:00'],
    ['access_key_1_last_used_date', '2026-10-14T00:00:00+00:00'],
    ['cert_2_last_rotated', '2026-10-14T00:00:00+00:00'],
  ])('a later %s is proof', (column, date) => {
    const age = evidenceAge(
      '2026-10-13T00:00:00.000Z',
      [reportRow(), reportRow({ [column]: date })],
      READ_AT,
    );
    expect(age.asOf).toBe(FOUR_HOURS_BEFORE);
  });

  test('the next rotation of a password lies in the future and proves nothing', () => {
    const row = reportRow({ password_next_rotation: '2027-01-01T00:00:00+00:00' });
    expect(evidenceAge('2026-10-15T08:00:00.000Z', [row], READ_AT).asOf).toBe('2026-10-15T08:00:00.000Z');
  });

  test('what happened while the report was being made proves nothing', () => {
    const row = reportRow(activeKey(1, '2026-01-01T00:00:00+00:00', '2026-10-15T08:10:00+00:00'));
    expect(evidenceAge('2026-10-15T08:00:00.000Z', [row], READ_AT)).toEqual({
      asOf: '2026-10-15T08:00:00.000Z',
    });
  });

  test('a report that does not say when it was generated counts as four hours old', () => {
    expect(evidenceAge(undefined, [reportRow()], READ_AT)).toEqual({
      asOf: FOUR_HOURS_BEFORE,
      note: expect.stringContaining('does not say'),
    });
  });
});

describe('evidence of the future is none (G22)', () => {
  test.each([
    ['an hour before it was read', '2026-10-15T08:00:00.000Z', undefined],
    ['within the skew of two clocks', '2026-10-15T09:05:00.000Z', undefined],
    ['without saying when', undefined, undefined],
    ['a second more than any skew', '2026-10-15T09:05:01.000Z', 'CredentialReportAhead'],
    ['at the end of time', '9999-12-31T00:00:00.000Z', 'CredentialReportAhead'],
  ])('a report generated %s', (_what, generatedAt, code) => {
    expect(fromTheFuture(generatedAt, READ_AT)?.code).toBe(code);
  });

  test('a row of the future is wrong itself and does not age the others', () => {
    const row = reportRow({ password_last_used: '9999-12-31T00:00:00+00:00' });
    expect(evidenceAge('2026-10-15T08:00:00.000Z', [row], READ_AT)).toEqual({
      asOf: '2026-10-15T08:00:00.000Z',
    });
  });
});
