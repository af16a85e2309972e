import type { Call } from '../service.ts';
import type { WireRequest, WireResponse } from '../wire.ts';
import type { TrailResource } from './trail.ts';

/** Parameters that name something or say how; everything else is left out, so that no value that is secret is kept. */
const KEPT = new Set([
  'AccessKeyId',
  'DocumentName',
  'DurationSeconds',
  'GroupName',
  'Name',
  'PolicyArn',
  'PolicyName',
  'RecoveryWindowInDays',
  'RoleArn',
  'RoleName',
  'RoleSessionName',
  'SecretId',
  'SecretIdList',
  'SessionId',
  'SourceIdentity',
  'Status',
  'Target',
  'UserName',
  'VersionId',
  'VersionStage',
]);

/** What kind of resource a parameter names, per service. */
const RESOURCE_TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  iam: {
    AccessKeyId: 'AWS::IAM::AccessKey',
    GroupName: 'AWS::IAM::Group',
    PolicyArn: 'AWS::IAM::Policy',
    RoleName: 'AWS::IAM::Role',
    UserName: 'AWS::IAM::User',
  },
  sts: { RoleArn: 'AWS::IAM::Role' },
  secretsmanager: { SecretId: 'AWS::SecretsManager::Secret', Name: 'AWS::SecretsManager::Secret' },
  ssm: { Target: 'AWS::EC2::Instance', SessionId: 'AWS::SSM::Session' },
};

type Parameters = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** The parameters of a request that are kept, named as the API names them. */
export function parametersOf({ body }: WireRequest): Parameters {
  const given: [string, unknown][] = body.startsWith('{')
    ? Object.entries(objectOf(body))
    : [...new URLSearchParams(body)];
  return Object.fromEntries(
    given.flatMap(([name, value]) => (KEPT.has(name) && isPlain(value) ? [[name, value]] : [])),
  );
}

/** As CloudTrail spells them: `userName`. */
export function spelt(parameters: Parameters): Parameters | null {
  const entries = Object.entries(parameters).map(([name, value]) => [
    name.charAt(0).toLowerCase() + name.slice(1),
    value,
  ]);
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

export function resourcesOf(service: string, parameters: Parameters): readonly TrailResource[] {
  const types = RESOURCE_TYPES[service] ?? {};
  return Object.entries(parameters).flatMap(([parameter, value]) => {
    const type = types[parameter];
    return type === undefined || typeof value !== 'string' ? [] : [{ type, name: value }];
  });
}

/** What a call made, by its name; undefined where the answer of the call is not kept. */
export function madeBy(
  { service, operation }: Call,
  { body }: WireResponse,
):
  | { readonly elements: Readonly<Record<string, unknown>>; readonly resources: readonly TrailResource[] }
  | undefined {
  if (service === 'iam' && operation === 'CreateAccessKey') {
    const key = { userName: element(body, 'UserName'), accessKeyId: element(body, 'AccessKeyId') };
    return {
      elements: { accessKey: { ...key, status: 'Active' } },
      resources: [{ type: 'AWS::IAM::AccessKey', name: key.accessKeyId }],
    };
  }
  if (service === 'sts' && operation === 'AssumeRole') {
    const accessKeyId = element(body, 'AccessKeyId');
    return {
      elements: { credentials: { accessKeyId }, assumedRoleUser: { arn: element(body, 'Arn') } },
      resources: [{ type: 'AWS::IAM::AccessKey', name: accessKeyId }],
    };
  }
  if (service === 'secretsmanager' && operation === 'CreateSecret') {
    return { elements: { arn: text(objectOf(body).ARN) }, resources: [] };
  }
  if (service === 'ssm' && operation === 'StartSession') {
    const sessionId = text(objectOf(body).SessionId);
    return { elements: { sessionId }, resources: [{ type: 'AWS::SSM::Session', name: sessionId }] };
  }
  return undefined;
}

function element(xml: string, name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function objectOf(body: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

function isPlain(value: unknown): value is Parameters[string] {
  if (Array.isArray(value)) return value.every((each) => typeof each === 'string');
  return ['string', 'number', 'boolean'].includes(typeof value);
}
