/** The wire contract of the API: what is sent, what is answered, and everything it can do. */
export * from './bodies.ts';
export * from './decision-views.ts';
export type { ApiCaller, Service } from './service.ts';
export * from './views.ts';
