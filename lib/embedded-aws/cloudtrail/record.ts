import type { IssuedCredential, Principal } from '../principal.ts';
import type { Call } from '../service.ts';
import type { ServiceError } from '../service-error.ts';
import type { WireResponse } from '../wire.ts';
import { madeBy, parametersOf, resourcesOf, spelt } from './details.ts';

/** Services whose events are in one Region, whichever was called. */
const GLOBAL = new Map([
  ['iam', 'us-east-1'],
  ['account', 'us-east-1'],
]);
const READS = /^(Get|List|Describe|Lookup|BatchGet|AssumeRole|Simulate)/;

interface Served {
  readonly call: Call;
  readonly credential: IssuedCredential;
  readonly accessKeyId: string;
  readonly response: WireResponse;
  readonly error?: ServiceError | undefined;
}

/**
 * Records a management call where CloudTrail would: in the caller's account, and AssumeRole in the role's account as well.
 * Data events are none: DynamoDB's are left out.
 */
export function recordManagementCall(served: Served): void {
  const { call, credential } = served;
  if (!isKept(call, credential)) return;
  const { world, service, operation, now, principal } = call;
  const parameters = parametersOf(call.request);
  const made = served.error === undefined ? madeBy(call, served.response) : undefined;
  const region = GLOBAL.get(service) ?? call.region;
  const readOnly = READS.test(operation);
  const common = {
    at: now,
    visibleAt: now + delayMs(call),
    region,
    name: operation,
    source: `${service}.amazonaws.com`,
    readOnly,
    accessKeyId: served.accessKeyId,
    username: principal.userName ?? principal.arn.slice(principal.arn.lastIndexOf('/') + 1),
    resources: [...resourcesOf(service, parameters), ...(made?.resources ?? [])],
    record: {
      eventVersion: '1.11',
      userIdentity: identityOf(principal, served.accessKeyId),
      eventTime: `${new Date(now).toISOString().slice(0, 19)}Z`,
      eventSource: `${service}.amazonaws.com`,
      eventName: operation,
      awsRegion: region,
      ...failureOf(served.error),
      requestParameters: isDenied(served.error) ? null : spelt(parameters),
      responseElements: made?.elements ?? null,
      requestID: call.requestId,
      readOnly,
      eventType: 'AwsApiCall',
      managementEvent: true,
      eventCategory: 'Management',
    },
  };
  for (const accountId of accountsOf(call, parameters.RoleArn)) {
    world.trail.add({ ...common, accountId, eventId: world.trailIds.requestId() });
  }
}

/**
 * What people, programs with a user's key and sessions of a known person do, and every AssumeRole and change. Left out are
 * administrators, who set scenes, and reads by a role's sessions without a source identity: a sweep makes millions.
 */
function isKept({ service, operation, principal }: Call, { kind }: IssuedCredential): boolean {
  if (service === 'dynamodb') return false;
  if (operation === 'AssumeRole') return true;
  if (kind === 'administrator') return false;
  return kind === 'user-key' || principal.sourceIdentity !== undefined || !READS.test(operation);
}

function delayMs({ world }: Call): number {
  const { trailDelayMs = 0 } = world.options;
  return typeof trailDelayMs === 'number' ? trailDelayMs : trailDelayMs();
}

function accountsOf({ account, operation }: Call, roleArn: unknown): ReadonlySet<string> {
  const other = typeof roleArn === 'string' ? /^arn:aws:iam::(\d{12}):role\//.exec(roleArn)?.[1] : undefined;
  return new Set([account.id, ...(operation === 'AssumeRole' && other !== undefined ? [other] : [])]);
}

function identityOf(principal: Principal, accessKeyId: string): Readonly<Record<string, unknown>> {
  const { kind, arn, accountId, userId, userName, principalArn, sourceIdentity } = principal;
  const who = { principalId: userId, arn, accountId, accessKeyId };
  if (kind === 'user') return { type: 'IAMUser', ...who, userName };
  return {
    type: 'AssumedRole',
    ...who,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: userId.split(':')[0],
        arn: principalArn,
        accountId,
        userName: principalArn.slice(principalArn.lastIndexOf('/') + 1),
      },
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    },
  };
}

/** CloudTrail writes AccessDenied and AccessDeniedException as the services do; a denied call shows no parameters. */
function failureOf(error: ServiceError | undefined): Readonly<Record<string, unknown>> {
  return error === undefined ? {} : { errorCode: error.code, errorMessage: error.message };
}

function isDenied(error: ServiceError | undefined): boolean {
  return error?.code.startsWith('AccessDenied') === true;
}
