import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foldCredential } from '../../lib/domain/history.ts';
import { subjects } from '../../lib/domain/subject.ts';
import { DAY_MS, HOUR_MS, plus } from '../../lib/domain/time.ts';
import { bareName, rebuildState, type StateItem, stateItemOf } from '../../lib/ledger/index.ts';
import type { Item } from '../../lib/ledger/stored-event.ts';
import { ACCOUNT, NOW } from '../builders/credential.ts';
import { chainOf, draft, KEY_ID } from '../builders/event.ts';
import { arbitraryDrafts } from '../domain/arbitrary-chain.ts';
import { type LocalLedger, localLedger } from './local-ledger.ts';
import { appendTo, recordAll, recordSweep } from './recorded-sweep.ts';

let local: LocalLedger;
let number = 0;

beforeAll(async () => {
  local = await localLedger();
});
afterAll(() => local.close());

function newKeyId(): string {
  number += 1;
  return `arn:aws:iam::${ACCOUNT}:user/u${number}/access-key/AKIASTATE${String(number).padStart(11, '0')}`;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function stateAfter(...drafts: Parameters<typeof chainOf>[1]): StateItem {
  return stateItemOf(KEY_ID, foldCredential(chainOf(subjects.credential(KEY_ID), drafts)));
}

describe('a row of the projection', () => {
  const opened = draft('finding.opened');
  const told = draft('owner.notified');
  const intent = draft('step.intended');
  const done = draft('step.done', { data: { intent: 3 } });
  const statuses = [
    ['clear', [opened, draft('finding.closed')]],
    ['found', [opened]],
    ['warned', [opened, told]],
    ['changing', [opened, told, intent]],
    ['quarantined', [opened, told, intent, done]],
    [
      'deleted',
      [
        opened,
        told,
        draft('step.intended', { data: { change: 'delete' } }),
        draft('step.done', { data: { change: 'delete', intent: 3 } }),
      ],
    ],
  ] as const;
  it.each(statuses)('says %s', (status, drafts) => {
    expect(stateAfter(...drafts).status).toBe(status);
  });

  it('has who was told last, and when the announced step is due', () => {
    expect(stateAfter(opened, told)).toMatchObject({
      ownerId: 'ana',
      dueAt: plus(NOW, 14 * DAY_MS),
      name: 'AKIAEXAMPLEDEPLOYER0',
    });
    expect(stateAfter(opened)).not.toHaveProperty('ownerId');
    expect(stateAfter(opened, told, intent, done)).not.toHaveProperty('dueAt');
  });

  it.each([
    [KEY_ID, 'AKIAEXAMPLEDEPLOYER0'],
    [`arn:aws:iam::${ACCOUNT}:user/a/access-key/slot-1`, undefined],
    [`arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:prod/db-main-AbCdEf`, 'prod/db-main'],
    [`arn:aws:iam::${ACCOUNT}:user/a/console-password`, undefined],
  ])('%s is found by the name %s', (id, name) => {
    expect(bareName(id)).toBe(name);
  });
});

describe('projecting', () => {
  it('is written with each append, and read strongly', async () => {
    const id = newKeyId();
    await recordAll(local, id, [draft('finding.opened'), draft('owner.notified')]);
    const history = await local.record.read(id);
    expect(await local.state.get(ACCOUNT, id)).toEqual(stateItemOf(id, history));
    expect(history.seq).toBe(2);
  });

  it('never goes back: an older row loses, however late it arrives', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryDrafts(8), fc.infiniteStream(fc.nat()), async (drafts, order) => {
        const id = newKeyId();
        const events = chainOf(subjects.credential(id), drafts);
        const rows = events.map((_, index) => stateItemOf(id, foldCredential(events.slice(0, index + 1))));
        const shuffled = rows.map((row) => ({ row, key: order.next().value })).sort((a, b) => a.key - b.key);
        for (const { row } of shuffled) await local.state.project(row);
        expect(await local.state.get(ACCOUNT, id)).toEqual(rows.at(-1));
      }),
      { numRuns: 25 },
    );
  });

  it('a failing projection does not fail the append; it is said, and mended by reprojecting', async () => {
    const id = newKeyId();
    let puts = 0;
    local.mishaps((operation) => {
      if (operation === 'PutItem') puts += 1;
      return operation === 'PutItem' && puts > 1 ? 'refused' : undefined;
    });
    const recorded = await local.record.append(id, await local.record.read(id), draft('finding.opened'));
    local.mishaps(undefined);
    expect(recorded).toMatchObject({ ok: true, projected: false, history: { seq: 1 } });
    expect(await local.state.get(ACCOUNT, id)).toBeUndefined();
    expect(await local.record.reproject([subjects.credential(id), 'cap#organisation'])).toBe(1);
    expect((await local.state.get(ACCOUNT, id))?.history).toEqual(await local.record.read(id));
    expect(await local.record.reproject([subjects.credential(id)])).toBe(0);
  });

  it('stale is passed on, and nothing is projected', async () => {
    const id = newKeyId();
    const empty = await local.record.read(id);
    await local.record.append(id, empty, draft('finding.opened'));
    expect(await local.record.append(id, empty, draft('hold.placed'))).toEqual({
      ok: false,
      reason: 'stale',
    });
    expect((await local.state.get(ACCOUNT, id))?.history.seq).toBe(1);
  });

  it('refuses what is no credential before writing anything', async () => {
    const empty = await local.record.read('deployer');
    await expect(local.record.append('deployer', empty, draft('finding.opened'))).rejects.toMatchObject({
      code: 'credential-id-invalid',
      source: 'user',
    });
    expect(await local.ledger.head('credential#deployer')).toBeUndefined();
  });

  it('says what to do when a row cannot be read', async () => {
    const id = newKeyId();
    const row = {
      pk: { S: `account#${ACCOUNT}` },
      sk: { S: subjects.credential(id) },
      seq: { N: '1' },
      hash: { S: '' },
      history: { S: '{"seq":1}' },
    };
    await local.state.replace(row, undefined);
    await expect(local.state.get(ACCOUNT, id)).rejects.toMatchObject({ code: 'state-corrupt' });
    await local.state.remove(row);
  });
});

describe('queries', () => {
  it('find credentials by account, owner, due date and name, and the newest sweep of an account', async () => {
    const other = '444455556666';
    const secretId = `arn:aws:secretsmanager:eu-central-1:${other}:secret:prod/db-AbCdEf`;
    const keyId = `arn:aws:iam::${other}:user/x/access-key/AKIAQUERIES000000000`;
    const notBefore = plus(NOW, 2 * DAY_MS);
    await recordAll(local, secretId, [draft('finding.opened')]);
    await recordAll(local, keyId, [
      draft('finding.opened'),
      draft('owner.notified', { data: { recipient: 'olga', announces: { step: 'disable', notBefore } } }),
    ]);
    const ids = async (items: AsyncIterable<StateItem>) =>
      (await collect(items)).map((item) => item.credentialId);
    expect(await ids(local.state.ofAccount(other))).toEqual([keyId, secretId]);
    expect(await ids(local.state.ofOwner('olga'))).toEqual([keyId]);
    expect(await ids(local.state.due(other, notBefore))).toEqual([keyId]);
    expect(await ids(local.state.due(other, plus(notBefore, -1)))).toEqual([]);
    expect(await local.state.named('prod/db')).toEqual([secretId]);
    expect(await local.state.named('AKIAQUERIES000000000')).toEqual([keyId]);
    expect(await local.state.named('nothing')).toEqual([]);

    await recordSweep(local, { sweepId: 'first', accountId: other });
    const newest = await recordSweep(local, { sweepId: 'second', accountId: other, at: plus(NOW, HOUR_MS) });
    expect(await local.state.account(other)).toMatchObject({
      sweepId: 'second',
      seq: 2,
      hash: newest.hash,
      manifest: newest.evidence?.[0],
    });
    expect((await collect(local.state.accounts())).map((account) => account.accountId)).toContain(other);
  });
});

describe('rebuilding', () => {
  /** Every row, byte for byte. */
  async function rows(of: LocalLedger): Promise<Item[]> {
    return (await collect(of.state.items())).sort((a, b) => ((a.sk?.S ?? '') < (b.sk?.S ?? '') ? -1 : 1));
  }

  it('I10: from the ledger alone it comes to the same bytes as projecting event by event', async () => {
    const fresh = await localLedger();
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(arbitraryDrafts(6), { minLength: 1, maxLength: 3 }), async (chains) => {
          for (const drafts of chains) await recordAll(fresh, newKeyId(), drafts);
          await recordSweep(fresh, { sweepId: `sweep-${number}` });
          const projected = await rows(fresh);
          for (const row of projected) await fresh.state.remove(row);
          const rebuilt = await rebuildState(fresh);
          expect(await rows(fresh)).toEqual(projected);
          expect(rebuilt).toEqual({ rows: projected.length, written: projected.length, removed: 0 });
        }),
        { numRuns: 8 },
      );
    } finally {
      await fresh.close();
    }
  });

  it('touches only what is wrong: behind, ahead, altered and orphaned rows', async () => {
    const fresh = await localLedger();
    try {
      const [right, behind, ahead, altered] = [newKeyId(), newKeyId(), newKeyId(), newKeyId()];
      for (const id of [right, ahead, altered])
        await recordAll(fresh, id, [draft('finding.opened'), draft('owner.notified')]);
      await recordAll(fresh, behind, [draft('finding.opened')]);
      await appendTo(fresh, subjects.credential(behind), draft('owner.notified'));
      const wanted = await rows(fresh);
      const rowOf = (id: string) => wanted.find((row) => row.sk?.S === subjects.credential(id)) ?? {};
      await fresh.state.replace({ ...rowOf(ahead), seq: { N: '9' } }, rowOf(ahead));
      await fresh.state.replace({ ...rowOf(altered), status: { S: 'clear' } }, rowOf(altered));
      await fresh.state.replace({ ...rowOf(right), sk: { S: subjects.credential(newKeyId()) } }, undefined);
      expect(await rebuildState(fresh)).toEqual({ rows: 4, written: 3, removed: 1 });
      for (const id of [right, behind, ahead, altered]) {
        expect((await fresh.state.get(ACCOUNT, id))?.history).toEqual(await fresh.record.read(id));
      }
      expect(await rows(fresh)).toHaveLength(4);
      expect(await rebuildState(fresh)).toEqual({ rows: 4, written: 0, removed: 0 });
    } finally {
      await fresh.close();
    }
  });

  it('refuses a broken chain and leaves its row', async () => {
    const fresh = await localLedger();
    try {
      const id = newKeyId();
      await recordAll(fresh, id, [draft('finding.opened'), draft('owner.notified')]);
      const before = await rows(fresh);
      const [first] = await collect(fresh.ledger.items());
      await fresh.tamper({ ...first, event: { S: '{}' } });
      await expect(rebuildState(fresh)).rejects.toMatchObject({ code: 'chain-broken' });
      expect(await rows(fresh)).toEqual(before);
    } finally {
      await fresh.close();
    }
  });
});
