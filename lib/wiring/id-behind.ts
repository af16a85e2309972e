import { accountOf } from '../domain/credential.ts';
import { JanitorError } from '../domain/error.ts';
import * as z from '../domain/zod.ts';
import type { AskedService } from './api-client/asked-service.ts';
import { unknownCredential } from './credential-id.ts';

const explained = z.object({ kind: z.literal('credential'), subject: z.string() });

/**
 * The whole id behind what was typed, by the record behind the service, which the caller need not be able to read
 * himself. Throws `credential-not-found` and `ambiguous`.
 */
export async function idBehind({ explain }: Pick<AskedService, 'explain'>, typed: string): Promise<string> {
  if (accountOf(typed) !== undefined) return typed;
  try {
    const found = explained.safeParse(await explain({ id: typed }));
    if (found.success) return found.data.subject;
  } catch (error) {
    if (!(error instanceof JanitorError) || error.code !== 'not-found') throw error;
  }
  throw unknownCredential(typed);
}
