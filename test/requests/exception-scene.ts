import { expect } from 'vitest';
import { type Exception, exceptionState, foldException } from '../../lib/domain/exception.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { exceptionEffect, executeRequest } from '../../lib/requests/index.ts';
import { REQUEST_ID } from '../builders/asked.ts';
import { NOW } from '../builders/credential.ts';
import { type Ground, SERVICE } from './ground.ts';

/** An end that makes an exception routine. */
export const ROUTINE = { endsAt: plus(NOW, 7 * DAY_MS) };

export const nothing = async () => {};

export function effect({ context }: Ground, over: Partial<Parameters<typeof exceptionEffect>[1]> = {}) {
  return exceptionEffect(context, { actor: SERVICE, owner: 'dora', takeEffect: nothing, ...over });
}

export function execute(ground: Ground, requestId = REQUEST_ID, using = effect(ground)) {
  return executeRequest(ground.context, { requestId, actor: SERVICE, effect: using });
}

/** An exception in force. */
export async function excepted(ground: Ground): Promise<void> {
  await ground.submitted({ content: ROUTINE });
  expect(await execute(ground)).toMatchObject({ state: 'done' });
}

export async function exception({ context }: Ground, id = REQUEST_ID): Promise<Exception> {
  const folded = foldException(await context.ledger.chain(`exception#${id}`));
  if (folded === undefined) throw new Error(`there is no exception ${id}`);
  return folded;
}

export async function state(ground: Ground, id = REQUEST_ID) {
  return exceptionState(await exception(ground, id), ground.now);
}
