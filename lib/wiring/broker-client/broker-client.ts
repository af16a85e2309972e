import {
  BREAK_GLASS_ROUTES,
  type BreakGlassService,
  breakGlassRoleView,
  drillView,
  endedManyView,
  endedView,
  grantEvidenceView,
  grantView,
  incidentView,
  pageOf,
  startedView,
} from '../../api/index.ts';
import type * as z from '../../domain/zod.ts';
import type { Asked } from '../api-client/api-failure.ts';
import { askApi } from '../api-client/ask-api.ts';
import type { AskedOf } from '../api-client/asked-service.ts';
import type { ApiEndpoint } from '../api-client/endpoint.ts';

/** The broker as one person meets it, who is known by his signature. */
export type AskedBroker = AskedOf<BreakGlassService>;

interface What extends Pick<Asked, 'look' | 'again'> {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: object;
  readonly body?: unknown;
}

type Ask = <T>(operation: keyof BreakGlassService, answer: z.ZodMiniType<T>, what?: What) => Promise<T>;

/** The broker behind an API, for whoever signs. Throws as `apiClient` does. */
export function brokerClient(endpoint: ApiEndpoint): AskedBroker {
  const ask: Ask = (operation, answer, { path: parameters = {}, query, ...rest } = {}) => {
    const { method, path } = BREAK_GLASS_ROUTES[operation];
    return askApi(endpoint, {
      operation,
      method,
      path: filled(path, parameters),
      ...(query === undefined ? {} : { query: queryOf(query) }),
      answer,
      ...rest,
    });
  };
  return { ...ofGrants(ask), ...ofOthers(ask) };
}

type OfGrants = Extract<keyof BreakGlassService, `${string}Grant${string}`>;

function ofGrants(ask: Ask): Pick<AskedBroker, OfGrants> {
  const of = (grantId: string) => ({ path: { grantId }, look: `janitor break-glass show ${grantId}` });
  return {
    startGrant: (body) =>
      ask('startGrant', startedView, {
        body,
        look: `janitor break-glass show ${body.grantId}`,
        again: `The same command with --id ${body.grantId} goes on with the same grant, whether it began or not.`,
      }),
    listGrants: (query) => ask('listGrants', pageOf(grantView), { query }),
    getGrant: (grantId) => ask('getGrant', grantView, { path: { grantId } }),
    renewGrant: (grantId) => ask('renewGrant', startedView, { ...of(grantId), again: ANOTHER_SESSION }),
    approveGrant: (grantId) => ask('approveGrant', grantView, of(grantId)),
    returnGrant: (grantId, reason) =>
      ask('returnGrant', endedView, {
        ...of(grantId),
        again: ENDS_ONCE,
        body: reason === undefined ? {} : { reason },
      }),
    revokeGrant: (grantId, reason) =>
      ask('revokeGrant', endedView, { ...of(grantId), again: ENDS_ONCE, body: { reason } }),
    getGrantEvidence: (grantId) => ask('getGrantEvidence', grantEvidenceView, { path: { grantId } }),
    reviewGrant: (grantId, body) => ask('reviewGrant', grantView, { ...of(grantId), body }),
  };
}

function ofOthers(ask: Ask): Omit<AskedBroker, OfGrants> {
  const list = 'janitor break-glass list';
  const incidents = 'janitor break-glass incidents';
  return {
    listBreakGlassRoles: () => ask('listBreakGlassRoles', pageOf(breakGlassRoleView)),
    revokeRole: (body) => ask('revokeRole', endedManyView, { body, look: list, again: ENDS_ONCE }),
    listIncidents: (query) => ask('listIncidents', pageOf(incidentView), { query }),
    explainIncident: (incidentId, body) =>
      ask('explainIncident', incidentView, { path: { incidentId }, body, look: incidents }),
    reviewIncident: (incidentId, body) =>
      ask('reviewIncident', incidentView, { path: { incidentId }, body, look: incidents }),
    drill: (body) =>
      ask('drill', drillView, {
        body,
        look: `janitor break-glass show ${body.grantId}`,
        again: `The same command with --id ${body.grantId} goes on with the same drill.`,
      }),
  };
}

const ANOTHER_SESSION =
  'Run it again: one more session is recorded, and the end of the grant stays where it is.';
const ENDS_ONCE = 'Run it again: what has ended stays ended.';

function filled(path: string, parameters: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(parameters[name] ?? ''));
}

function queryOf(query: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
}
