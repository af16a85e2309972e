/** The wire contract of the API: what is sent, what is answered, and everything it can do. */
export * from './bodies.ts';
export * from './break-glass-bodies.ts';
export type { BreakGlassService } from './break-glass-service.ts';
export * from './break-glass-views.ts';
export * from './decision-views.ts';
export { type ApiHandler, type ApiLog, apiHandler } from './handler.ts';
export { problemDetails } from './problem.ts';
export { ROUTES } from './routes.ts';
export type { ApiCaller, Service } from './service.ts';
export * from './views.ts';
