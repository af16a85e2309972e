import * as z from 'zod';
import { JanitorError, messageOf } from '../../domain/error.ts';
import type { EmbeddedAws } from '../embedded-aws.ts';
import { loadSeed } from '../seed/load.ts';
import type { WireRequest, WireResponse } from '../wire.ts';

/** Where the administration of an embedded server lives: `/_embedded/status` and its siblings. */
export const ADMIN_PATH = '/_embedded/';
/** Of the administration's answers. */
const VERSION = 1;

const clockInput = z.strictObject({ now: z.string() });
const faultInput = z.strictObject({
  match: z
    .strictObject({
      service: z.string().optional(),
      operation: z.string().optional(),
      accountId: z.string().optional(),
      region: z.string().optional(),
      nth: z.int().min(1).optional(),
    })
    .default({}),
  effect: z.enum(['error', 'throttle', 'timeout', 'answer-lost']),
  code: z.string().optional(),
  status: z.int().min(400).max(599).optional(),
  message: z.string().optional(),
  times: z.union([z.int().min(1), z.literal('always')]).optional(),
});

type Answer = (aws: EmbeddedAws, request: WireRequest) => unknown;

/**
 * For people and for tests in other languages, on loopback only:
 * `GET status`, `PUT clock {"now"}`, `POST seed` (a SeedDocument), `POST faults` (one fault), `DELETE faults`,
 * `GET calls` (`?since=n` leaves out the first n). A crash cannot be injected here: the process is not ours.
 */
const ENDPOINTS: Readonly<Record<string, Answer>> = {
  'GET status': (aws) => status(aws),
  'PUT clock': (aws, request) => {
    aws.clock.set(input(clockInput, request).now);
    return status(aws);
  },
  'POST seed': (aws, request) => ({ accounts: loadSeed(aws, jsonOf(request)) }),
  'POST faults': (aws, request) => {
    plant(aws, input(faultInput, request));
    return { planted: true };
  },
  'DELETE faults': (aws) => {
    aws.faults.clear();
    return { planted: false };
  },
  'GET calls': (aws, request) => {
    const since = Number(request.query.since ?? 0);
    return { counts: aws.calls.counts(since), calls: aws.calls.all.slice(since) };
  },
};

function status(aws: EmbeddedAws): unknown {
  return { embeddedAws: VERSION, now: aws.clock.now().toISOString(), pinned: aws.clock.isPinned };
}

function plant(aws: EmbeddedAws, { times, ...fault }: z.infer<typeof faultInput>): void {
  const count = times === 'always' ? Number.POSITIVE_INFINITY : (times ?? 1);
  aws.faults.add({ ...fault, times: count });
}

/** Answers an administration request; errors are JSON with a code, a message and a hint. */
export function administer(aws: EmbeddedAws, request: WireRequest): WireResponse {
  const name = `${request.method} ${request.path.slice(ADMIN_PATH.length)}`;
  const endpoint = ENDPOINTS[name];
  if (endpoint === undefined) {
    return failure(
      404,
      'no-such-endpoint',
      `There is no ${name}`,
      `There are ${Object.keys(ENDPOINTS).join(', ')}.`,
    );
  }
  try {
    return json(200, endpoint(aws, request));
  } catch (error) {
    if (error instanceof JanitorError) return failure(400, error.code, error.message, error.hint);
    return failure(500, 'internal', messageOf(error), undefined);
  }
}

function input<S extends z.ZodType>(schema: S, request: WireRequest): z.infer<S> {
  const parsed = schema.safeParse(jsonOf(request));
  if (parsed.success) return parsed.data;
  throw new JanitorError(`The request is not valid:\n${z.prettifyError(parsed.error)}`, {
    code: 'request-invalid',
    source: 'user',
    hint: 'Correct the places named.',
  });
}

function jsonOf(request: WireRequest): unknown {
  try {
    return JSON.parse(request.body);
  } catch (error) {
    throw new JanitorError(`The body is no JSON: ${messageOf(error)}`, {
      code: 'request-invalid',
      source: 'user',
      hint: 'Send one JSON document as the body.',
    });
  }
}

export function failure(
  statusCode: number,
  code: string,
  message: string,
  hint: string | undefined,
): WireResponse {
  return json(statusCode, { error: { code, message, hint } });
}

function json(statusCode: number, body: unknown): WireResponse {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(body)}\n` };
}
