import { existsSync, mkdtempSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type LockHolder, lockStateDir, type StateLock } from '../../lib/wiring/state-lock.ts';

const SELF: LockHolder = {
  pid: 4711,
  host: 'here',
  since: '2026-03-02T08:00:00.000Z',
  command: 'janitor sweep',
};
const alive = { onLost: () => {}, isAlive: () => true };
const dead = { onLost: () => {}, isAlive: () => false };
const held: StateLock[] = [];

afterEach(async () => {
  for (const lock of held.splice(0)) await lock.release();
});

function folder(): string {
  return path.join(mkdtempSync(path.join(os.tmpdir(), 'janitor-lock-')), 'state');
}

async function taken(dir: string, self = SELF): Promise<void> {
  held.push(await lockStateDir(dir, self, alive));
}

describe('one process at a time on a state folder', () => {
  test('the folder is made, readable by its owner only, and says who holds it', async () => {
    const dir = folder();
    await taken(dir);
    expect(JSON.parse(readFileSync(path.join(dir, 'lock-holder.json'), 'utf8'))).toEqual(SELF);
  });

  test.each([
    ['of this host', SELF],
    ['of another host, whose life we cannot see', { ...SELF, host: 'there' }],
  ])('a second process is refused, and told who holds it: a holder %s', async (_name, holder) => {
    const dir = folder();
    await taken(dir, holder);
    const options = holder.host === 'here' ? alive : dead;
    await expect(lockStateDir(dir, { ...SELF, pid: 2 }, options)).rejects.toMatchObject({
      code: 'state-dir-locked',
      source: 'system',
      message: expect.stringContaining(
        `process 4711 on ${holder.host} (janitor sweep) since 2026-03-02T08:00`,
      ),
      details: { holder },
    });
  });

  test('once released, it can be taken again', async () => {
    const dir = folder();
    const lock = await lockStateDir(dir, SELF, alive);
    await lock.release();
    await taken(dir);
  });

  test('a lock whose holder has died is taken over when it has lapsed', async () => {
    const dir = folder();
    await taken(dir, { ...SELF, pid: 1 });
    const long = new Date('2020-01-01');
    utimesSync(path.join(dir, 'lock'), long, long);
    held.splice(0);
    const lock = await lockStateDir(dir, SELF, dead);
    expect(JSON.parse(readFileSync(path.join(dir, 'lock-holder.json'), 'utf8')).pid).toBe(4711);
    await lock.release();
    expect(existsSync(path.join(dir, 'lock'))).toBe(false);
  });

  test('an unreadable note of the holder still refuses', async () => {
    const dir = folder();
    await taken(dir);
    writeFileSync(path.join(dir, 'lock-holder.json'), '{');
    await expect(lockStateDir(dir, SELF, dead)).rejects.toMatchObject({
      message: expect.stringContaining('in use by another process'),
    });
  });

  test('a file in place of the folder is a wrong argument, not a crash', async () => {
    const dir = folder();
    writeFileSync(dir, '');
    await expect(lockStateDir(dir, SELF, alive)).rejects.toMatchObject({
      code: 'state-dir-unusable',
      source: 'user',
    });
  });
});
