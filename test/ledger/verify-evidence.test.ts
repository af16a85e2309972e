import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../lib/domain/event.ts';
import { subjects } from '../../lib/domain/subject.ts';
import { manifestOf, verifyLedger } from '../../lib/ledger/index.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { draft } from '../builders/event.ts';
import { type AttackedLedger, attackedLedger, CHAINS, forged } from './attacked-ledger.ts';
import type { LocalLedger } from './local-ledger.ts';
import { appendTo, POLICY_HASH, recordSweep } from './recorded-sweep.ts';

let attacked: AttackedLedger;
let local: LocalLedger;

beforeEach(async () => {
  attacked = await attackedLedger();
  local = attacked.local;
});
afterEach(() => local.close());

function chain(index: number): string {
  return CHAINS[index] ?? '';
}

describe('the projection', () => {
  it('that is behind is repairable, not broken', async () => {
    await appendTo(local, chain(0), draft('hold.lifted'));
    expect(await verifyLedger(local)).toMatchObject({
      ok: true,
      problems: [],
      repairable: [{ code: 'state-behind', subject: chain(0), seq: 4 }],
    });
  });

  it('I10: that differs from its fold is a failure', async () => {
    for await (const row of local.state.items()) {
      if (row.sk?.S === chain(0)) await local.state.replace({ ...row, status: { S: 'clear' } }, row);
    }
    expect(await verifyLedger(local)).toMatchObject({
      ok: false,
      problems: [{ code: 'state-differs', subject: chain(0), seq: 3 }],
    });
  });
});

describe('the evidence of a sweep', () => {
  function evidencePath(key: string): string {
    return join(local.folder, 'evidence', key);
  }

  it.each([
    ['is gone', () => rm(evidencePath(manifestOf(attacked.sweep)?.key ?? '')), 'manifest-missing'],
    [
      'has other content',
      () => writeFile(evidencePath(manifestOf(attacked.sweep)?.key ?? ''), 'x'),
      'manifest-altered',
    ],
    ['has no archived policy', () => rm(evidencePath(`policies/${POLICY_HASH}.json`)), 'policy-missing'],
    [
      'has another policy archived',
      () => writeFile(evidencePath(`policies/${POLICY_HASH}.json`), '{}'),
      'evidence-altered',
    ],
  ] as const)('that %s is a failure naming the sweep', async (_what, attack, code) => {
    await attack();
    const { ok, problems } = await verifyLedger(local);
    expect(ok).toBe(false);
    expect(problems).toContainEqual(
      expect.objectContaining({
        code,
        subject: subjects.sweep(ACCOUNT),
        seq: 1,
        message: expect.stringContaining('sweep-1'),
      }),
    );
  });

  it('whose Merkle root is another is a failure', async () => {
    const other = await recordSweep(local, { sweepId: 'sweep-2', chains: CHAINS });
    const { merkleRoot: _root, ...data } = other.data;
    await attacked.put(
      forged(other, { data: { ...data, merkleRoot: '1'.repeat(64) } } as Partial<LedgerEvent>),
    );
    expect((await verifyLedger(local)).problems).toContainEqual(
      expect.objectContaining({ code: 'merkle-root', seq: 2 }),
    );
  });

  it('that belongs to another sweep is a failure', async () => {
    const other = await recordSweep(local, { sweepId: 'sweep-2', chains: CHAINS });
    await attacked.put(forged(other, { evidence: attacked.sweep.evidence }));
    expect((await verifyLedger(local)).problems).toContainEqual(
      expect.objectContaining({ code: 'manifest-altered', seq: 2 }),
    );
  });
});
