import { readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { plus } from '../../lib/domain/time.ts';
import {
  CLI_START,
  daysAfterStart,
  emptyFolder,
  janitor,
  type ServedAccount,
  serveAccount,
} from '../builders/command-line.ts';
import { errorSchema, scanSchema, sweepSchema } from './contract.ts';

const POLICY = path.join(import.meta.dirname, 'policy');
let served: ServedAccount;

beforeAll(async () => {
  served = await serveAccount();
});
afterAll(async () => {
  await served.close();
  vi.unstubAllEnvs();
});
beforeEach(() => served.actAs('administrator'));

const json = ['--policy', POLICY, '--format', 'json'];

function errorOf(err: string) {
  return errorSchema.parse(JSON.parse(err)).error;
}

describe('without --now a command happens when the embedded AWS lives', () => {
  test('a scan and a sweep are dated by its clock, and say so in one line', async () => {
    served.aws.clock.set(daysAfterStart(3));
    const said = `The embedded AWS at ${served.url} lives at ${daysAfterStart(3)}: so does this command.`;
    for (const command of [['scan'], ['sweep', '--state-dir', emptyFolder()]]) {
      const { exit, out, err } = await janitor([...command, ...json]);
      expect(exit).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ generatedAt: daysAfterStart(3) });
      expect(err.replaceAll('\n', ' ')).toContain(said);
    }
  });

  test('a story in which only sweeps say --now: approvals are given at the time of the sweep before', async () => {
    const flags = ['--state-dir', emptyFolder(), ...json];
    const at = (days: number) => ['--now', daysAfterStart(days), ...flags];
    const sweep = async (more: readonly string[]) =>
      sweepSchema.parse(JSON.parse((await janitor(['sweep', '--enforce', '--yes', ...more])).out));
    await janitor(['policy', 'activate', ...at(10)]);
    await sweep(flags);
    await sweep(at(24));
    const [plan] = (await sweep(at(60))).plans;
    served.actAs('ana');
    const approved = await janitor(['approve', plan?.planId ?? '', '--yes', ...flags]);
    expect(JSON.parse(approved.out)).toMatchObject({
      state: 'approved',
      approvals: [{ at: daysAfterStart(60) }],
    });
    served.actAs('administrator');
    expect((await sweep(flags)).actions.map(({ step, outcome }) => `${step} ${outcome}`)).toContain(
      'delete done',
    );
  });
});

describe('a record never goes back in time', () => {
  const stateDir = emptyFolder();
  const flags = ['--state-dir', stateDir, ...json];

  beforeAll(async () => {
    served.actAs('administrator');
    await janitor(['policy', 'activate', '--now', daysAfterStart(70), ...flags]);
  });

  test.each([
    ['a sweep', ['sweep']],
    ['a halt', ['halt', '--all', '--reason', 'incident']],
    ['an activation', ['policy', 'activate']],
    ['a restore', ['restore', 'AKIAX', '--reason', 'needed']],
  ])(
    '%s before the newest recorded instant is refused, names both, and moves no clock',
    async (_name, argv) => {
      served.aws.clock.set(daysAfterStart(70));
      const { exit, err } = await janitor([...argv, '--now', daysAfterStart(69), ...flags]);
      expect([exit, errorOf(err).code]).toEqual([2, 'clock-behind-ledger']);
      expect(errorOf(err)).toMatchObject({
        message: `this command would be recorded at ${daysAfterStart(69)}, but the record in ${stateDir} has reached ${daysAfterStart(70)}`,
        hint: `Give --now ${daysAfterStart(70)} or later, or keep another record with --state-dir.`,
      });
      expect(served.aws.clock.now().toISOString()).toBe(daysAfterStart(70));
    },
  );

  test('the same holds for the clock of the embedded AWS itself, for example after it was started anew', async () => {
    served.aws.clock.set(CLI_START);
    const { exit, err } = await janitor(['sweep', ...flags]);
    expect([exit, errorOf(err).code]).toEqual([2, 'clock-behind-ledger']);
  });

  test('clocks that differ by a few minutes are no going back; reading a past day is none', async () => {
    served.aws.clock.set(daysAfterStart(70));
    const early = plus(daysAfterStart(70), -4 * 60_000);
    expect((await janitor(['sweep', '--now', early, ...flags])).exit).toBe(0);
    const late = plus(daysAfterStart(70), -6 * 60_000);
    expect((await janitor(['sweep', '--now', late, ...flags])).exit).toBe(2);
    expect((await janitor(['scan', '--now', late, ...json])).exit).toBe(0);
  });

  test('the mark of a folder that lost it is taken from its finished sweeps', async () => {
    const copy = emptyFolder();
    const inCopy = ['--state-dir', copy, ...json];
    await janitor(['sweep', '--now', daysAfterStart(80), ...inCopy]);
    rmSync(path.join(copy, 'newest-instant.json'));
    const { exit, err } = await janitor(['sweep', '--now', daysAfterStart(79), ...inCopy]);
    expect([exit, errorOf(err).code]).toEqual([2, 'clock-behind-ledger']);
  });
});

test('G22 what a scan at the end of time left behind is not believed by the next one', async () => {
  served.actAs('ana');
  await janitor(['scan', '--now', '9999-12-31', ...json]);
  const { out } = await janitor(['scan', '--now', daysAfterStart(90), ...json]);
  const { credentials } = scanSchema.parse(JSON.parse(out));
  const outcomes = new Map(
    credentials.map(({ id, verdict }) => [
      /user\/[a-z-]+\/([a-z]+)\//.exec(id)?.[1] ?? 'secret',
      verdict.outcome,
    ]),
  );
  expect(outcomes.get('ana')).toBe('unknown');
  expect(outcomes.get('busy')).toBe('act');
});

test('everything in a state folder is for its owner only', async () => {
  const stateDir = path.join(emptyFolder(), 'state');
  await janitor(['sweep', '--now', daysAfterStart(90), '--state-dir', stateDir, ...json]);
  expect(statSync(stateDir).mode & 0o777).toBe(0o700);
  const open = readdirSync(stateDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => (statSync(file).mode & 0o077) !== 0);
  expect(open).toEqual([]);
});
