import type { BreakGlassService } from './break-glass-service.ts';
import { type ApiHandler, type ApiOptions, handlerOf } from './handler.ts';
import { BREAK_GLASS_ROUTES, ROUTES } from './routes.ts';
import type { Service } from './service.ts';

/** With the document that describes all of the API, whoever else answers a part of it. */
type Described<S> = ApiOptions<S> & Required<Pick<ApiOptions<S>, 'document'>>;

/** The API but for break-glass access, and the document that describes both. */
export function apiHandler(options: Described<Service>): ApiHandler {
  return handlerOf(ROUTES, options);
}

/** The whole API in one process. */
export function wholeApiHandler(options: Described<Service & BreakGlassService>): ApiHandler {
  return handlerOf<Service & BreakGlassService>({ ...ROUTES, ...BREAK_GLASS_ROUTES }, options);
}
