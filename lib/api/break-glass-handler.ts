import { BREAK_GLASS_ROUTES } from './break-glass-routes.ts';
import type { BreakGlassService } from './break-glass-service.ts';
import { type ApiHandler, type ApiOptions, handlerOf } from './handler.ts';

/** Break-glass access alone: what the broker answers, in a function that is small. */
export function breakGlassHandler(options: ApiOptions<BreakGlassService>): ApiHandler {
  return handlerOf(BREAK_GLASS_ROUTES, options);
}
