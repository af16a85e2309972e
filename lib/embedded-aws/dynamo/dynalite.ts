import { setImmediate as nextTurn } from 'node:timers/promises';
import database from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';
import * as z from 'zod';
import { JanitorError, messageOf } from '../../domain/error.ts';
import type { WireRequest, WireResponse } from '../wire.ts';
import type { DynaliteAction, DynaliteStore } from './dynalite-store.ts';
import { DYNALITE_OPERATIONS } from './operations.ts';

const TARGET = 'DynamoDB_20120810.';

/** What dynalite throws or passes when it refuses a request; anything else is a failure of the storage. */
const refusal = z.object({ statusCode: z.number(), body: z.record(z.string(), z.unknown()) });

/** dynalite's store and operations without its HTTP server, so that no call needs a socket. */
export interface Dynalite {
  serve(request: WireRequest): Promise<WireResponse>;
  close(): Promise<void>;
}

/**
 * Opens a store in memory, or in a folder. One process at a time may hold a folder: throws
 * `dynamo-folder-unusable` when it is held or cannot be written, `dynamo-folder-damaged` when it cannot be read.
 */
export async function openDynalite(path: string | undefined): Promise<Dynalite> {
  const immediate = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 };
  const store = database.create(path === undefined ? immediate : { ...immediate, path });
  try {
    await store.db.open();
  } catch (error) {
    throw isDamage(error) ? damaged(path ?? '', error) : unusable(path ?? '', error);
  }
  return { serve: (request) => serve(store, request), close: () => store.db.close() };
}

/** What LevelDB says of files that it cannot make sense of, or that others of its files speak of and are gone. */
function isDamage(error: unknown): boolean {
  return /Corruption:|No such file or directory/.test(causeOf(error));
}

function damaged(path: string, cause: unknown): JanitorError {
  return new JanitorError(`The files of the DynamoDB folder ${path} are damaged: ${causeOf(cause)}`, {
    code: 'dynamo-folder-damaged',
    source: 'system',
    hint: 'Put a copy of the whole folder in its place, or begin with another one.',
    cause,
  });
}

function unusable(path: string, cause: unknown): JanitorError {
  return new JanitorError(`The DynamoDB folder ${path} cannot be opened: ${causeOf(cause)}`, {
    code: 'dynamo-folder-unusable',
    source: 'user',
    hint: 'Another process may be using it: let that end, or choose another folder.',
    cause,
  });
}

function causeOf(error: unknown): string {
  return error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error);
}

async function serve(store: DynaliteStore, request: WireRequest): Promise<WireResponse> {
  const target = request.headers['x-amz-target'] ?? '';
  const name = target.startsWith(TARGET) ? target.slice(TARGET.length) : '';
  const operation = DYNALITE_OPERATIONS.get(name);
  if (operation === undefined)
    return answer(400, { __type: 'com.amazon.coral.service#UnknownOperationException' });
  try {
    const data = validations.checkTypes(parseBody(request.body), operation.input.types);
    validations.checkValidations(data, operation.input.types, operation.input.custom, store);
    const output = await run(store, operation.action, data);
    if (name === 'CreateTable') await untilActive(store, data);
    return answer(200, output);
  } catch (error) {
    return refuse(error);
  }
}

function run(store: DynaliteStore, action: DynaliteAction, data: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    action(store, data, (failure, output) => (failure ? reject(failure) : resolve(output)));
  });
}

const tableInput = z.object({ TableName: z.string() });

/** dynalite makes a table active after its answer; here the answer waits, so that callers need not poll. */
async function untilActive(store: DynaliteStore, data: unknown): Promise<void> {
  const { TableName } = tableInput.parse(data);
  const isActive = () =>
    new Promise<boolean>((resolve) => {
      store.getTable(TableName, (failure) => resolve(failure === null));
    });
  while (!(await isActive())) await nextTurn();
}

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw Object.assign(new Error('The body is no JSON'), {
      statusCode: 400,
      body: { __type: 'com.amazon.coral.service#SerializationException' },
    });
  }
}

/** A failing disk is the server's fault, as it would be AWS's; it must not end this process. */
function refuse(error: unknown): WireResponse {
  const parsed = refusal.safeParse(error);
  if (parsed.success) return answer(parsed.data.statusCode, parsed.data.body);
  const message = messageOf(error);
  return answer(500, { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message });
}

function answer(statusCode: number, body: unknown): WireResponse {
  return {
    statusCode,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify(body),
  };
}
