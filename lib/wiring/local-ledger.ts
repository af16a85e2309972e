import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { JanitorError } from '../domain/error.ts';
import { embeddedDynamo } from '../embedded-aws/index.ts';
import {
  type CredentialRecord,
  createLedgerTables,
  type DynamoDecisionLedger,
  FileEvidenceStore,
  type StateProjection,
} from '../ledger/index.ts';
import type { StateFlags } from './flags.ts';
import { LEDGER_TABLES, ledgerStores } from './ledger-stores.ts';
import { LocalDecisionLedger, NewestInstant } from './local-decision-ledger.ts';
import { lockStateDir } from './state-lock.ts';
import type { Surroundings } from './surroundings.ts';
import { systemClock } from './system-clock.ts';

export const DEFAULT_STATE_DIR = '.janitor';

/** The ledger of a state folder: tables, evidence, outbox. One process at a time. */
export interface LocalLedger {
  readonly stateDir: string;
  readonly outbox: string;
  readonly ledger: DynamoDecisionLedger;
  readonly state: StateProjection;
  readonly record: CredentialRecord;
  readonly evidence: FileEvidenceStore;
  readonly newest: NewestInstant;
  close(): Promise<void>;
}

/**
 * Opens the state folder, `.janitor` by default, and creates it for a command that records. Throws
 * `state-dir-locked`, `state-dir-unusable`, and `state-dir-empty` when there must be a ledger and is none.
 */
export async function openLocalLedger(
  flags: StateFlags,
  surroundings: Surroundings,
  { create }: { readonly create: boolean },
): Promise<LocalLedger> {
  const stateDir = path.resolve(surroundings.cwd, flags.stateDir ?? DEFAULT_STATE_DIR);
  const folder = path.join(stateDir, 'dynamodb');
  if (!create && !existsSync(folder)) throw noLedger(stateDir);
  if (flags.stateDir === undefined) await surroundings.note(`The ledger is in ${stateDir} (--state-dir).`);
  const lock = await lockStateDir(stateDir, holder(surroundings), {
    onLost: surroundings.onLockLost,
    isAlive,
  });
  // For as long as it is open: LevelDB creates files by itself, and all of them are for their owner's eyes only.
  const umask = process.umask(0o077);
  try {
    const dynamo = await embeddedDynamo({ path: folder });
    const client = new DynamoDBClient({
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      requestHandler: dynamo.requestHandler,
    });
    await createLedgerTables(client, LEDGER_TABLES);
    const newest = new NewestInstant(path.join(stateDir, 'newest-instant.json'));
    const table = { client, tableName: LEDGER_TABLES.ledger };
    const stores = ledgerStores(client, new LocalDecisionLedger(table, newest));
    return {
      stateDir,
      outbox: path.join(stateDir, 'outbox'),
      ...stores,
      evidence: new FileEvidenceStore(path.join(stateDir, 'evidence')),
      newest,
      close: async () => {
        client.destroy();
        try {
          newest.keep();
        } finally {
          await dynamo.close().finally(() => lock.release());
          process.umask(umask);
        }
      },
    };
  } catch (error) {
    process.umask(umask);
    await lock.release();
    throw error;
  }
}

function holder({ command }: Surroundings) {
  return { pid: process.pid, host: os.hostname(), since: systemClock.now(), command };
}

/** EPERM means that it lives and belongs to somebody else. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function noLedger(stateDir: string): JanitorError {
  return new JanitorError(`there is no ledger in ${stateDir}`, {
    code: 'state-dir-empty',
    source: 'user',
    hint: 'Name the folder of your sweeps with --state-dir, or begin one with "janitor sweep".',
  });
}
