import { type ErrorSource, JanitorError } from '../domain/error.ts';
import * as z from '../domain/zod.ts';
import { adviceFor } from './failure-advice.ts';
import { type AwsFailureKind, kindOfName, normalName, quotesSignedRequest } from './failure-names.ts';

/** An error of AWS in our words. `message` and `hint` are one line each and hold no secret. */
export interface AwsFailure {
  readonly kind: AwsFailureKind;
  /** AWS's own name for it without `Exception`, or the network's (`ECONNREFUSED`). */
  readonly code: string;
  /** What failed and why. */
  readonly message: string;
  /** What to do next. */
  readonly hint: string;
  /** The missing permission as in a policy, such as `iam:ListUsers`; only when denied. */
  readonly permission?: string;
}

/** What we read of an error: everything optional, since anything can be thrown. */
const errorShape = z.lazy(() =>
  z.object({
    name: z.catch(z.string(), ''),
    message: z.catch(z.string(), ''),
    code: z.catch(z.optional(z.string()), undefined),
    status: z.optional(z.number()),
    contentType: z.string(),
  }),
);
type ErrorShape = z.infer<typeof errorShape>;

const httpStatus = z.lazy(() => z.catch(z.optional(z.int().check(z.gte(100), z.lte(599))), undefined));

const metadataShape = z.lazy(() => z.object({ httpStatusCode: httpStatus }));

const responseShape = z.lazy(() =>
  z.object({
    statusCode: httpStatus,
    headers: z.catch(z.record(z.string(), z.string()), {}),
  }),
);

function shapeOf(error: unknown): ErrorShape {
  const given = typeof error === 'object' && error !== null ? error : { message: String(error) };
  const metadata = metadataShape.safeParse(property(given, '$metadata')).data;
  const response = responseShape.safeParse(property(given, '$response')).data;
  return errorShape.parse({
    name: property(given, 'name'),
    message: property(given, 'message'),
    code: property(given, 'code') ?? property(property(given, 'cause'), 'code'),
    status: metadata?.httpStatusCode ?? response?.statusCode,
    contentType: response?.headers['content-type'] ?? '',
  });
}

/** Also finds properties that are not enumerable, as the SDK's `$response`. */
function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** An HTML page instead of an answer in the service's protocol: a proxy, or an emulator that lacks the operation. */
export function isForeignAnswer(error: unknown): boolean {
  return shapeOf(error).contentType.startsWith('text/html');
}

export function isThrottled(error: unknown): boolean {
  return kindOf(shapeOf(error)) === 'throttled';
}

/** What a read of the credential report ran into, when it is one of its ordinary states. */
export function credentialReportState(error: unknown): 'not-present' | 'expired' | 'not-ready' | undefined {
  const name = normalName(shapeOf(error).name);
  if (name === 'CredentialReportNotPresent') return 'not-present';
  if (name === 'CredentialReportExpired') return 'expired';
  return name === 'CredentialReportNotReady' ? 'not-ready' : undefined;
}

function kindOf(shape: ErrorShape): AwsFailureKind {
  if (isExpiredSession(shape)) return 'expired-credentials';
  const named = kindOfName(shape.name) ?? kindOfName(shape.code ?? '');
  if (named !== undefined) return named;
  if (shape.contentType.startsWith('text/html')) return kindOfPage(shape.status);
  if (/^Region (is missing|not accepted)/.test(shape.message)) return 'invalid';
  return kindOfStatus(shape.status);
}

/** A page of a gateway that has no backend now, or of something that is not the service we asked. */
function kindOfPage(status: number | undefined): AwsFailureKind {
  return status === 502 || status === 503 || status === 504 ? 'unreachable' : 'not-offered';
}

function kindOfStatus(status: number | undefined): AwsFailureKind {
  if (status === 403) return 'denied';
  if (status === 404) return 'not-found';
  if (status === 409) return 'conflict';
  if (status === 429) return 'throttled';
  if (status === 501) return 'not-offered';
  return status === 400 ? 'invalid' : 'other';
}

/** Sign-ins of IAM Identity Center and web identities end inside the credential providers, under their one name. */
function isExpiredSession({ name, message }: ErrorShape): boolean {
  return (
    ['CredentialsProviderError', 'TokenProviderError'].includes(name) && /expired|refresh/i.test(message)
  );
}

/**
 * The one place that turns an error of the SDK into our words; knows every name, throws never.
 * `operation` is named like its permission (`iam:ListUsers`), `region` where it matters.
 */
export function mapAwsError(error: unknown, operation: string, region?: string): AwsFailure {
  const shape = shapeOf(error);
  const kind = kindOf(shape);
  const code = codeOf(shape);
  const permission = permissionOf(shape.message) ?? operation;
  const { message, hint } = adviceFor({
    kind,
    code,
    operation,
    permission,
    region,
    said: said(shape),
    status: shape.status,
  });
  return { kind, code, message, hint, ...(kind === 'denied' ? { permission } : {}) };
}

function codeOf({ name, code, status }: ErrorShape): string {
  if (kindOfName(name) !== undefined) return normalName(name);
  const candidates = [code, ['Error', 'SyntaxError', 'TypeError'].includes(name) ? '' : normalName(name)];
  const known = candidates.map((each) => each?.replaceAll(/[^\w.-]/g, '').slice(0, 64) ?? '');
  return known.find((each) => each !== '') ?? (status === undefined ? 'Unknown' : `Http${status}`);
}

/** AWS names what was missing, which may differ from the operation (`kms:Decrypt`). */
function permissionOf(message: string): string | undefined {
  return /not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)/.exec(message)?.[1];
}

const LONGEST_QUOTE = 300;

/** AWS's own text on one line, unless it would repeat signed headers or is the SDK's word for unparsable HTML. */
function said({ name, message, contentType }: ErrorShape): string {
  if (quotesSignedRequest(name) || contentType.startsWith('text/html')) return '';
  const line = message.replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line;
}

const SOURCES: Readonly<Partial<Record<AwsFailureKind, ErrorSource>>> = {
  'no-credentials': 'user',
  'expired-credentials': 'user',
  invalid: 'user',
  denied: 'access',
  throttled: 'access',
};

/** The failure as the error that ends a command. */
export function awsError(error: unknown, operation: string, region?: string): JanitorError {
  if (error instanceof JanitorError) return error;
  const failure = mapAwsError(error, operation, region);
  return new JanitorError(failure.message, {
    code: `aws-${failure.kind}`,
    source: SOURCES[failure.kind] ?? 'system',
    hint: failure.hint,
    cause: error,
    details: {
      operation,
      awsCode: failure.code,
      ...(failure.permission === undefined ? {} : { permission: failure.permission }),
      ...(region === undefined ? {} : { region }),
    },
  });
}
