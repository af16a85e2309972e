import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { JanitorError } from '../domain/error.ts';
import { type EmbeddedDynamo, embeddedDynamo } from '../embedded-aws/index.ts';
import { createProofTable, DynamoProofStore, type ProofStore } from '../identity/index.ts';
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
const PROOF_TABLE = 'janitor-proofs';

/** The ledger of a state folder: tables, evidence, outbox. One process at a time. */
export interface LocalLedger {
  readonly stateDir: string;
  readonly outbox: string;
  readonly ledger: DynamoDecisionLedger;
  readonly state: StateProjection;
  readonly record: CredentialRecord;
  readonly evidence: FileEvidenceStore;
  readonly newest: NewestInstant;
  /** Which proofs of delegations were used. */
  readonly proofs: ProofStore;
  close(): Promise<void>;
}

/**
 * Opens the state folder, `.janitor` by default, and creates it for a command that records. Throws
 * `state-dir-locked`, `state-dir-unusable`, `state-dir-damaged`, and `state-dir-empty` when there must be a ledger and is none.
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
  const unlock = async () => {
    process.umask(umask);
    await lock.release();
  };
  const dynamo = await opened(stateDir, folder).catch((error: unknown) => unlock().then(() => raise(error)));
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: dynamo.requestHandler,
  });
  const shut = async () => {
    client.destroy();
    await dynamo.close().finally(unlock);
  };
  const newest = new NewestInstant(path.join(stateDir, 'newest-instant.json'));
  try {
    if (newest.value !== undefined && (await isEmpty(client))) {
      throw damaged(stateDir, `Its record has reached ${newest.value}, but its tables are gone.`);
    }
    await createLedgerTables(client, LEDGER_TABLES);
  } catch (error) {
    await shut();
    throw error;
  }
  const table = { client, tableName: LEDGER_TABLES.ledger };
  return {
    stateDir,
    outbox: path.join(stateDir, 'outbox'),
    ...ledgerStores(client, new LocalDecisionLedger(table, newest)),
    evidence: new FileEvidenceStore(path.join(stateDir, 'evidence')),
    newest,
    proofs: proofsIn(client),
    close: async () => {
      try {
        newest.keep();
      } finally {
        await shut();
      }
    },
  };
}

/** Its table is made by the first proof that is used: most folders never see one. */
function proofsIn(client: DynamoDBClient): ProofStore {
  const store = new DynamoProofStore({ client, tableName: PROOF_TABLE });
  let made: Promise<void> | undefined;
  return {
    claim: async (proofId, until) => {
      made ??= createProofTable(client, PROOF_TABLE).catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      await made;
      return store.claim(proofId, until);
    },
  };
}

function raise(error: unknown): never {
  throw error;
}

async function opened(stateDir: string, folder: string): Promise<EmbeddedDynamo> {
  try {
    return await embeddedDynamo({ path: folder });
  } catch (cause) {
    if (cause instanceof JanitorError && cause.code === 'dynamo-folder-damaged')
      throw damaged(stateDir, `${cause.message}.`, cause);
    throw cause;
  }
}

/** LevelDB throws away the end of a log that it cannot read, which may be everything. */
async function isEmpty(client: DynamoDBClient): Promise<boolean> {
  const { TableNames } = await client.send(new ListTablesCommand({}));
  return !(TableNames ?? []).includes(LEDGER_TABLES.ledger);
}

function damaged(stateDir: string, how: string, cause?: unknown): JanitorError {
  return new JanitorError(`the files of the local ledger in ${stateDir} are damaged. ${how}`, {
    code: 'state-dir-damaged',
    source: 'system',
    hint: 'Put a copy of the whole folder in its place and run "janitor ledger verify", or begin another record with --state-dir.',
    details: { stateDir },
    ...(cause === undefined ? {} : { cause }),
  });
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
