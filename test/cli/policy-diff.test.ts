import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { subjects } from '../../lib/domain/subject.ts';
import { archivePolicyText } from '../../lib/ledger/index.ts';
import { archivePolicy, loadPolicy } from '../../lib/policy/index.ts';
import { openLocalLedger } from '../../lib/wiring/local-ledger.ts';
import { emptyFolder, janitor } from '../builders/command-line.ts';
import { draft } from '../builders/event.ts';

const POLICY = path.join(import.meta.dirname, 'policy');

const SURROUNDINGS = {
  cwd: POLICY,
  command: 'janitor test',
  note: async () => {},
  onLockLost: () => {},
};

/** A copy of the policy of these tests with one text in the place of another. */
function changed(from: string, to: string): string {
  const dir = emptyFolder();
  cpSync(POLICY, dir, { recursive: true });
  const file = path.join(dir, 'janitor.yaml');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
  return dir;
}

test('two folders: what loosens, in words, and no record is read', async () => {
  const after = changed('unusedFor: 45d', 'unusedFor: 90d');
  const people = await janitor(['policy', 'diff', POLICY, after]);
  expect(people.exit).toBe(0);
  expect(people.out).toMatch(/loosens \(1 change\)/);
  expect(people.out.replace(/\s+/g, ' ')).toContain('.match.unusedFor: 45d -> 90d (fewer credentials match)');
  const programs = await janitor(['policy', 'diff', POLICY, after, '--format', 'json']);
  expect(JSON.parse(programs.out)).toMatchObject({
    schemaVersion: 1,
    before: expect.stringMatching(/^[0-9a-f]{64}$/),
    differences: [{ effect: 'loosens', before: '45d', after: '90d' }],
  });
});

test('the same version twice says so', async () => {
  const { exit, out } = await janitor(['policy', 'diff', POLICY, POLICY]);
  expect(exit).toBe(0);
  expect(out).toMatch(/^Both are policy [0-9a-f]{12}\./);
});

test('a folder that holds no policy is named; exit 2', async () => {
  const dir = emptyFolder();
  const { exit, err } = await janitor(['policy', 'diff', POLICY, dir]);
  expect(exit).toBe(2);
  expect(err).toContain(path.join(dir, 'janitor.yaml'));
});

test('against the active version of a record, and by the hashes of archived ones', async () => {
  const stateDir = emptyFolder();
  const [active, other] = await Promise.all([
    loadPolicy(POLICY),
    loadPolicy(changed('mode: enforce', 'mode: observe')),
  ]);
  const local = await openLocalLedger({ stateDir }, SURROUNDINGS, { create: true });
  for (const policy of [active, other]) {
    await archivePolicyText(local.evidence, policy.hash, archivePolicy(policy));
  }
  const activated = draft('policy.activated', { data: { hash: active.hash, first: true } });
  await local.ledger.append(subjects.activation, null, activated);
  await local.close();
  const next = changed('unusedFor: 45d', 'unusedFor: 90d');
  const diff = async (...versions: string[]) => {
    const { out } = await janitor([
      'policy',
      'diff',
      ...versions,
      '--state-dir',
      stateDir,
      '--format',
      'json',
    ]);
    return JSON.parse(out);
  };
  expect(await diff(next)).toMatchObject({
    before: active.hash,
    differences: [{ at: expect.stringContaining('unusedFor') }],
  });
  expect(await diff(active.hash, other.hash)).toMatchObject({
    before: active.hash,
    after: other.hash,
    differences: [{ effect: 'tightens', at: 'mode', before: 'enforce', after: 'observe' }],
  });
  const unknown = await janitor(['policy', 'diff', 'f'.repeat(64), '--state-dir', stateDir]);
  expect(unknown.exit).toBe(2);
  expect(unknown.err).toContain('is archived there');
});

test('without a record there is no active version to compare with', async () => {
  const { exit, err } = await janitor(['policy', 'diff', POLICY, '--state-dir', emptyFolder()]);
  expect(exit).toBe(2);
  expect(err).toContain('there is no ledger');
});
