/** What people are given the right to call, `<method> <path>` under the stage; a route of lib/api, or a pattern. */
export type ApiRoute = `${'GET' | 'POST'} /v1/${string}`;

/** For whoever asks for something, for itself or for others: asking, seeing what became of it, and challenging. */
export const ASKING: readonly ApiRoute[] = [
  'GET /v1/openapi.json',
  'GET /v1/caller',
  'GET /v1/explain',
  'POST /v1/requests',
  'GET /v1/requests',
  'GET /v1/requests/{requestId}',
  'POST /v1/requests/{requestId}/withdraw',
  'GET /v1/exceptions',
  'GET /v1/exceptions/{exceptionId}',
  'POST /v1/exceptions/{exceptionId}/revoke',
  'POST /v1/challenges',
  'GET /v1/challenges',
  'GET /v1/challenges/{challengeId}',
  'POST /v1/restores',
];

/** For whoever is on call, approves or reviews break-glass access, which the broker judges at each call. */
export const BREAK_GLASS: readonly ApiRoute[] = [
  'GET /v1/caller',
  'GET /v1/explain',
  'GET /v1/break-glass/*',
  'POST /v1/break-glass/*',
];

/** For whoever decides and operates. Whom the policy lets decide is judged behind it, at each call. */
export const EVERYTHING = ['GET /v1/*', 'POST /v1/*'] as const satisfies readonly ApiRoute[];
