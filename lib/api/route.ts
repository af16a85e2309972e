import { lazily } from '../domain/lazily.ts';
import * as z from '../domain/zod.ts';
import type { BreakGlassService } from './break-glass-service.ts';
import { refuseFields } from './field-problems.ts';
import type { ProblemCode } from './problem-codes.ts';
import type { ApiCaller, Service } from './service.ts';

/** What came in, before any schema has seen it. */
export interface RawInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

interface Schemas {
  readonly params: z.ZodMiniObject;
  readonly query: z.ZodMiniObject;
  readonly body: z.ZodMiniType;
  readonly view: z.ZodMiniType;
}

interface Words {
  readonly method: 'GET' | 'POST';
  /** Under the stage, with `{name}` for each parameter. */
  readonly path: `/v1/${string}`;
  readonly summary: string;
  readonly description?: string;
  /** What it answers beside `COMMON_PROBLEMS` and, with a body, `BODY_PROBLEMS`. */
  readonly problems: readonly ProblemCode[];
}

/** One operation as documents describe it: how it is called, what it takes and answers. */
export interface Operation extends Words {
  readonly schemas: Schemas;
  readonly hasBody: boolean;
}

/** One operation, and which method of a service does it. */
export interface Route<S = Service> extends Operation {
  /** Throws `request-invalid` with every field that is wrong, before the service is reached. */
  run(service: () => Promise<S>, caller: ApiCaller, raw: RawInput): Promise<unknown>;
}

/** Operations by their names. */
export type Routes<S> = Readonly<Record<string, Route<S>>>;

/** A view as a service gives it, whose lists nobody changes. */
type Answer<T> = T extends { items: readonly (infer Item)[] }
  ? Omit<T, 'items'> & { readonly items: readonly Item[] }
  : T;

/**
 * Spread into a route, which then names only what it takes: any field is unknown, any body too much. What a gateway adds to
 * the parameters of a path, such as `proxy`, is passed over.
 */
export function takesNothing() {
  return { params: z.object({}), query: z.strictObject({}), body: z.undefined() };
}

/** The document that describes all operations; needs no service. */
export const OPENAPI_PATH = '/v1/openapi.json';

/** What every route may answer. */
export const COMMON_PROBLEMS = [
  'request-invalid',
  'header-ambiguous',
  'caller-unauthenticated',
  'caller-unresolved',
  'caller-refused',
  'throttled',
  'unexpected',
  'organisation-unreadable',
  'state-dir-locked',
  'ledger-contended',
  'timed-out',
] as const satisfies readonly ProblemCode[];

/** What every route with a body may answer as well. */
export const BODY_PROBLEMS = [
  'body-not-json',
  'body-too-deep',
  'body-key-forbidden',
  'body-too-large',
  'content-type-unsupported',
] as const satisfies readonly ProblemCode[];

/**
 * `call` gets what the schemas made of the input, and its answer is what `view` describes. Schemas are made for the first
 * call of their route.
 */
function routeOf<S>() {
  return <
    P extends z.ZodMiniObject,
    Q extends z.ZodMiniObject,
    B extends z.ZodMiniType,
    V extends z.ZodMiniType,
  >(
    words: Words,
    takes: () => { params: P; query: Q; body: B; view: V },
    call: (
      service: S,
      caller: ApiCaller,
      input: { readonly params: z.output<P>; readonly query: z.output<Q>; readonly body: z.output<B> },
    ) => Promise<Answer<z.output<V>>>,
  ): Route<S> => {
    const schemas = lazily(takes);
    return {
      ...words,
      get schemas() {
        return schemas();
      },
      get hasBody() {
        return !(schemas().body instanceof z.ZodMiniUndefined);
      },
      async run(service, caller, raw) {
        const { params, query, body } = schemas();
        const inPath = params.safeParse(raw.params);
        const inQuery = query.safeParse(raw.query);
        const inBody = body.safeParse(raw.body);
        if (!inPath.success || !inQuery.success || !inBody.success) {
          throw refuseFields({ path: inPath.error, query: inQuery.error, body: inBody.error });
        }
        const input = { params: inPath.data, query: inQuery.data, body: inBody.data };
        return call(await service(), caller, input);
      },
    };
  };
}

export const route = /* @__PURE__ */ routeOf<Service>();
export const breakGlassRoute = /* @__PURE__ */ routeOf<BreakGlassService>();
