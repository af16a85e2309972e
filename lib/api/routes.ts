import { ASKING_ROUTES } from './asking-routes.ts';
import { DECIDING_ROUTES } from './deciding-routes.ts';
import type { ProblemCode } from './problem-codes.ts';
import { BODY_PROBLEMS, COMMON_PROBLEMS, type Route } from './route.ts';
import type { Service } from './service.ts';

/** Every operation of the service by its name, and nothing else: the one table that handler, OpenAPI and documents share. */
export const ROUTES: Readonly<Record<keyof Service, Route>> = { ...DECIDING_ROUTES, ...ASKING_ROUTES };

/** The document that describes them; needs no service. */
export const OPENAPI_PATH = '/v1/openapi.json';

/** Every code that an operation may answer. */
export function problemsOf(route: Route): readonly ProblemCode[] {
  return [...COMMON_PROBLEMS, ...(route.hasBody ? BODY_PROBLEMS : []), ...route.problems];
}
