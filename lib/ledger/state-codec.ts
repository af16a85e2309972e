import { canonical } from '../domain/canonical.ts';
import { evidenceReferenceSchema } from '../domain/event.ts';
import { historySchema } from '../domain/history.ts';
import { credentialOfSubject, subjects } from '../domain/subject.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { stateCorrupt } from './state-corrupt.ts';
import { type StateItem, stateItemOf } from './state-item.ts';
import type { Item } from './stored-event.ts';
import type { AccountItem } from './sweep-record.ts';

/** Partition of the accounts' newest sweeps. */
export const ACCOUNTS = 'accounts';

export function accountPartition(accountId: string): string {
  return `account#${accountId}`;
}

export function encodeState(state: StateItem): Item {
  const { accountId, credentialId, history, status, ownerId, dueAt, name } = state;
  return {
    pk: { S: accountPartition(accountId) },
    sk: { S: subjects.credential(credentialId) },
    seq: { N: String(history.seq) },
    hash: { S: history.hash ?? '' },
    history: { S: canonical(history) },
    status: { S: status },
    ...(ownerId === undefined ? {} : { ownerId: { S: ownerId } }),
    ...(dueAt === undefined ? {} : { dueAt: { S: dueAt } }),
    ...(name === undefined ? {} : { name: { S: name } }),
  };
}

/** Reads a row; everything but the history follows from it. Throws `state-corrupt`. */
export function decodeState(item: Item): StateItem {
  const credentialId = credentialOfSubject(item.sk?.S ?? '');
  const history = historySchema.safeParse(json(item, 'history'));
  if (credentialId === undefined || !history.success) throw stateCorrupt(item);
  return stateItemOf(credentialId, history.data);
}

const accountSchema = z.lazy(() =>
  z.strictObject({
    accountId: z.string(),
    sweepId: z.string(),
    seq: z.int().check(z.positive()),
    hash: z.string(),
    at: instantSchema,
    complete: z.boolean(),
    manifest: z.optional(evidenceReferenceSchema),
  }),
);

export function encodeAccount(account: AccountItem): Item {
  return {
    pk: { S: ACCOUNTS },
    sk: { S: account.accountId },
    seq: { N: String(account.seq) },
    hash: { S: account.hash },
    sweep: { S: canonical(account) },
  };
}

export function decodeAccount(item: Item): AccountItem {
  const parsed = accountSchema.safeParse(json(item, 'sweep'));
  if (!parsed.success) throw stateCorrupt(item);
  const { manifest, ...rest } = parsed.data;
  return manifest === undefined ? rest : { ...rest, manifest };
}

function json(item: Item, attribute: string): unknown {
  try {
    return JSON.parse(item[attribute]?.S ?? '');
  } catch {
    throw stateCorrupt(item);
  }
}
