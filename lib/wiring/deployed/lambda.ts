import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { JanitorError } from '../../domain/error.ts';
import * as z from '../../domain/zod.ts';
import { named, workflowError } from './workflow-error.ts';

export const logger = new Logger();

/** What an invocation may know beside its event. */
export interface Invocation {
  /** Milliseconds until Lambda ends it. */
  readonly remaining: () => number;
}

/**
 * A Lambda handler: its event is parsed by a schema that refuses unknown keys, its errors are logged once with their
 * code and way out. Errors keep their code as name, so that the workflow can tell them apart. Functions that count
 * something are `.use(metered)`.
 */
export function lambda<Event, Answer>(
  schema: z.ZodMiniType<Event>,
  handle: (event: Event, invocation: Invocation) => Promise<Answer>,
) {
  return middy<unknown, Answer>()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .onError(({ error }) => logger.error('failed', describe(error)))
    .handler(async (raw: unknown, context: Context) => {
      const event = schema.safeParse(raw);
      if (!event.success) throw named('EventInvalid', z.prettifyError(event.error));
      try {
        return await handle(event.data, { remaining: () => context.getRemainingTimeInMillis() });
      } catch (error) {
        throw error instanceof JanitorError ? workflowError(error) : error;
      }
    });
}

/** Opens something on first use and keeps it, but not a failure to open it. */
export function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}

function describe(error: Error | null | undefined): Record<string, unknown> {
  const cause = error?.cause;
  return {
    name: error?.name,
    reason: error?.message,
    ...(cause instanceof JanitorError ? { code: cause.code, hint: cause.hint, details: cause.details } : {}),
  };
}
