/** The wire contract of the API: what is sent, what is answered, and everything it can do. */
export { apiHandler, wholeApiHandler } from './api-handler.ts';
export * from './bodies.ts';
export * from './break-glass-bodies.ts';
export { breakGlassHandler } from './break-glass-handler.ts';
export type { BreakGlassService } from './break-glass-service.ts';
export * from './break-glass-views.ts';
export * from './decision-views.ts';
export type { ApiHandler, ApiLog } from './handler.ts';
export { problemDetails } from './problem.ts';
export { BREAK_GLASS_ROUTES, ROUTES } from './routes.ts';
export type { ApiCaller, Service } from './service.ts';
export * from './views.ts';
