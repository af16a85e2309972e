/** The wire contract of the API: what is sent, what is answered, and everything it can do. */
export * from './bodies.ts';
export * from './decision-views.ts';
export { type ApiHandler, type ApiLog, type ApiOptions, apiHandler } from './handler.ts';
export { type ProblemDetails, problemDetails } from './problem.ts';
export { PROBLEM_CODES, type ProblemCode } from './problem-codes.ts';
export type { Route } from './route.ts';
export { OPENAPI_PATH, ROUTES } from './routes.ts';
export type { ApiCaller, Service } from './service.ts';
export * from './views.ts';
