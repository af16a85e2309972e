import { ASKING_ROUTES } from './asking-routes.ts';
import { BREAK_GLASS_ROUTES } from './break-glass-routes.ts';
import { DECIDING_ROUTES } from './deciding-routes.ts';
import type { ProblemCode } from './problem-codes.ts';
import { BODY_PROBLEMS, COMMON_PROBLEMS, type Operation, type Route } from './route.ts';
import type { Service } from './service.ts';

export { BREAK_GLASS_ROUTES } from './break-glass-routes.ts';
export { OPENAPI_PATH } from './route.ts';

/** Every operation of the service by its name, and nothing else: the one table that handler, client and documents share. */
export const ROUTES: Readonly<Record<keyof Service, Route>> = { ...DECIDING_ROUTES, ...ASKING_ROUTES };

/** Both tables, as one document describes them. */
export const OPERATIONS: Readonly<Record<string, Operation>> = { ...ROUTES, ...BREAK_GLASS_ROUTES };

/** Every code that an operation may answer. */
export function problemsOf(route: Operation): readonly ProblemCode[] {
  return [...COMMON_PROBLEMS, ...(route.hasBody ? BODY_PROBLEMS : []), ...route.problems];
}
