import {
  type CreateDocumentOptions,
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import { actorSchema } from '../domain/actor.ts';
import { planItemSchema } from '../domain/event-data.ts';
import { conditionsSchema, exceptionScopeSchema, requestContentSchema } from '../domain/request-events.ts';
import type * as z from '../domain/zod.ts';
import { breakGlassRoleView, grantView, incidentView } from './break-glass-views.ts';
import { haltView, planDecisionView, planView, problemView } from './decision-views.ts';
import { PROBLEM_CODES, type ProblemCode, RETRY_AFTER, TITLES } from './problem-codes.ts';
import type { Operation } from './route.ts';
import { OPENAPI_PATH, OPERATIONS, problemsOf } from './routes.ts';
import { challengeView, exceptionView, requestView } from './views.ts';

const ABOUT = `Ask for exceptions, approve or reject what waits, challenge a step, restore, revoke. Every call is signed with the caller's own AWS credentials (Signature Version 4, service execute-api); who that is, and what it may, the policy says. Errors are problem details (RFC 9457) with a stable code.`;

/** The OpenAPI document of the API, made of the schemas that validate: docs/openapi.json. */
export function openApiDocument() {
  const paths: ZodOpenApiPathsObject = {};
  for (const [operationId, route] of Object.entries(OPERATIONS)) {
    paths[route.path] = { ...paths[route.path], [methodOf(route)]: operationOf(operationId, route) };
  }
  paths[OPENAPI_PATH] = { get: describing() };
  return createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Credential Janitor',
        version: '1',
        description: ABOUT,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      // The stage is where the stack was deployed, or where `janitor serve` listens.
      servers: [{ url: '/' }],
      security: [{ sigv4: [] }],
      paths,
      components: {
        schemas: {
          Actor: actorSchema,
          BreakGlassRole: breakGlassRoleView,
          Conditions: conditionsSchema,
          Challenge: challengeView,
          Exception: exceptionView,
          ExceptionScope: exceptionScopeSchema,
          Grant: grantView,
          Halt: haltView,
          Incident: incidentView,
          Plan: planView,
          PlanDecision: planDecisionView,
          PlanItem: planItemSchema,
          Problem: problemView,
          Request: requestView,
          RequestContent: requestContentSchema,
        },
        responses: sharedResponses(),
        securitySchemes: {
          sigv4: {
            type: 'apiKey',
            name: 'Authorization',
            in: 'header',
            description: 'AWS Signature Version 4, service execute-api.',
            'x-amazon-apigateway-authtype': 'awsSigv4',
          },
        },
      },
    },
    { override },
  );
}

function methodOf({ method }: Operation): 'get' | 'post' {
  return method === 'GET' ? 'get' : 'post';
}

function operationOf(operationId: string, route: Operation): ZodOpenApiOperationObject {
  const { params, query, body, view } = route.schemas;
  return {
    operationId,
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    requestParams: { ...(isEmpty(params) ? {} : { path: params }), ...(isEmpty(query) ? {} : { query }) },
    ...(route.hasBody
      ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } }
      : {}),
    'x-problem-codes': problemsOf(route),
    responses: {
      '200': { description: 'Done', content: { 'application/json': { schema: view } } },
      ...problemResponses(problemsOf(route)),
    },
  };
}

function isEmpty(schema: z.ZodMiniObject): boolean {
  return Object.keys(schema.shape).length === 0;
}

const DESCRIBING_PROBLEMS = ['caller-unauthenticated', 'throttled', 'unexpected'] as const;

function describing(): ZodOpenApiOperationObject {
  return {
    operationId: 'describe',
    summary: 'This document',
    'x-problem-codes': DESCRIBING_PROBLEMS,
    responses: {
      '200': { description: 'OpenAPI 3.1', content: { 'application/json': { schema: { type: 'object' } } } },
      ...problemResponses(DESCRIBING_PROBLEMS),
    },
  };
}

/** By status, described once for all operations; which codes an operation has, `x-problem-codes` says. */
function problemResponses(codes: readonly ProblemCode[]) {
  const statuses = [...new Set(codes.map((code) => PROBLEM_CODES[code].status))].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => [String(status), { $ref: `#/components/responses/Problem${status}` }]),
  );
}

function sharedResponses() {
  const codes = Object.values(OPERATIONS).flatMap(problemsOf);
  const statuses = new Set(codes.map((code) => PROBLEM_CODES[code].status).sort((a, b) => a - b));
  return Object.fromEntries([...statuses].map((status) => [`Problem${status}`, problemResponse(status)]));
}

function problemResponse(status: number) {
  return {
    description: TITLES[status] ?? '',
    ...(RETRY_AFTER[status] === undefined ? {} : { headers: RETRY_AFTER_HEADER }),
    content: { 'application/problem+json': { schema: problemView } },
  };
}

const RETRY_AFTER_HEADER = {
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' as const } },
};

/** Answers may grow fields, and instants have one form that is shorter to say than by the calendar. */
const override: NonNullable<CreateDocumentOptions['override']> = ({ jsonSchema, zodSchema, io }) => {
  const { def } = zodSchema._zod;
  if (io === 'output' && def.type === 'object' && def.catchall === undefined) {
    delete jsonSchema.additionalProperties;
  }
  if (jsonSchema.format === 'date-time') jsonSchema.pattern = INSTANT;
};

const INSTANT = String.raw`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$`;
