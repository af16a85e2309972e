import type { BreakGlassService } from './break-glass-service.ts';
import { type ApiHandler, type ApiOptions, handlerOf } from './handler.ts';
import { OPENAPI_PATH } from './route.ts';
import { BREAK_GLASS_ROUTES, ROUTES } from './routes.ts';
import type { Service } from './service.ts';

const DOCUMENT = {
  path: OPENAPI_PATH,
  content: async () => (await import('../../docs/openapi.json', { with: { type: 'json' } })).default,
};

/** The API but for break-glass access, and the document that describes both. */
export function apiHandler(options: ApiOptions<Service>): ApiHandler {
  return handlerOf(ROUTES, options, DOCUMENT);
}

/** The whole API in one process. */
export function wholeApiHandler(options: ApiOptions<Service & BreakGlassService>): ApiHandler {
  return handlerOf<Service & BreakGlassService>({ ...ROUTES, ...BREAK_GLASS_ROUTES }, options, DOCUMENT);
}
