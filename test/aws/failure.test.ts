import { ListUserTagsCommand } from '@aws-sdk/client-iam';
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { awsError, createAwsClients, mapAwsError } from '../../lib/aws/index.ts';
import { JanitorError } from '../../lib/domain/error.ts';
import { EmbeddedAws, type Fault } from '../../lib/embedded-aws/index.ts';

/** An error as the SDK throws it. */
function sdkError(name: string, status: number, message = 'as AWS words it'): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

/** An error of Node's network stack. */
function networkError(code: string, message = `connect ${code}`): Error {
  return Object.assign(new Error(message), { code });
}

/** What the SDK throws for an answer that is no answer of the service: the response is a hidden property. */
function foreignAnswer(statusCode: number, contentType = 'text/html; charset=utf-8'): Error {
  const error = Object.assign(new SyntaxError('Unexpected token <'), {
    $metadata: { httpStatusCode: statusCode },
  });
  Object.defineProperty(error, '$response', {
    enumerable: false,
    value: { statusCode, headers: { 'content-type': contentType } },
  });
  return error;
}

describe('every error of AWS, its SDK and the network has a kind', () => {
  test.each([
    ['AccessDenied', 403, 'denied'],
    ['AccessDeniedException', 400, 'denied'],
    ['UnauthorizedOperation', 403, 'denied'],
    ['OptInRequired', 403, 'denied'],
    ['SomethingNew', 403, 'denied'],
    ['Throttling', 400, 'throttled'],
    ['ThrottlingException', 400, 'throttled'],
    ['TooManyRequestsException', 429, 'throttled'],
    ['SomethingNew', 429, 'throttled'],
    ['NoSuchEntityException', 404, 'not-found'],
    ['ResourceNotFoundException', 400, 'not-found'],
    ['CredentialReportNotPresentException', 410, 'not-found'],
    ['ValidationError', 400, 'invalid'],
    ['InvalidParameterException', 400, 'invalid'],
    ['SomethingNew', 400, 'invalid'],
    ['LimitExceededException', 409, 'conflict'],
    ['ConcurrentModificationException', 409, 'conflict'],
    ['EntityTemporarilyUnmodifiableException', 409, 'conflict'],
    ['InvalidRequestException', 400, 'conflict'],
    ['ExpiredToken', 403, 'expired-credentials'],
    ['ExpiredTokenException', 400, 'expired-credentials'],
    ['InvalidClientTokenId', 403, 'no-credentials'],
    ['UnrecognizedClientException', 400, 'no-credentials'],
    ['SignatureDoesNotMatch', 403, 'no-credentials'],
    ['RequestTimeTooSkewed', 403, 'no-credentials'],
    ['InvalidAction', 400, 'not-offered'],
    ['NotImplemented', 501, 'not-offered'],
    ['UnknownOperationException', 404, 'not-offered'],
    ['SomethingNew', 501, 'not-offered'],
    ['TimeoutError', 0, 'unreachable'],
    ['InternalFailure', 500, 'other'],
    ['ServiceUnavailable', 503, 'other'],
  ])('%s with HTTP %i is %s', (name, status, kind) => {
    expect(mapAwsError(sdkError(name, status), 'iam:ListUsers').kind).toBe(kind);
  });

  test.each([
    'ECONNREFUSED',
    'ENOTFOUND',
    'ECONNRESET',
    'ETIMEDOUT',
    'EAI_AGAIN',
    'SELF_SIGNED_CERT_IN_CHAIN',
  ])('network error %s is unreachable and keeps its code', (code) => {
    const failure = mapAwsError(networkError(code), 'iam:ListUsers');
    expect(failure).toMatchObject({ kind: 'unreachable', code });
  });

  test.each([
    ['an HTML page with 404 (an emulator without the service)', foreignAnswer(404), 'not-offered'],
    ['an HTML page with 500 (an emulator without the operation)', foreignAnswer(500), 'not-offered'],
    ['an HTML page with 503 (a gateway without its backend)', foreignAnswer(503), 'unreachable'],
  ])('%s', (_what, error, kind) => {
    expect(mapAwsError(error, 'account:ListRegions').kind).toBe(kind);
  });

  test('no credentials and a lapsed sign-in have the same name in the SDK and are told apart', () => {
    const none = sdkError('CredentialsProviderError', 0, 'Could not load credentials from any providers');
    const lapsed = sdkError(
      'CredentialsProviderError',
      0,
      'Token is expired. To refresh this SSO session run aws sso login',
    );
    expect(mapAwsError(none, 'sts:GetCallerIdentity').kind).toBe('no-credentials');
    expect(mapAwsError(lapsed, 'sts:GetCallerIdentity').kind).toBe('expired-credentials');
  });

  test('a missing or malformed Region is invalid input', () => {
    expect(mapAwsError(new Error('Region is missing'), 'iam:ListUsers').kind).toBe('invalid');
  });
});

/** Anything in the places where we look. */
const errorLike = fc.record(
  {
    name: fc.oneof(fc.anything(), fc.string()),
    message: fc.oneof(fc.anything(), fc.string()),
    code: fc.oneof(fc.anything(), fc.string()),
    cause: fc.oneof(fc.anything(), fc.record({ code: fc.string() })),
    $metadata: fc.oneof(fc.anything(), fc.record({ httpStatusCode: fc.oneof(fc.integer(), fc.anything()) })),
    $response: fc.oneof(fc.anything(), fc.record({ statusCode: fc.anything(), headers: fc.anything() })),
  },
  { requiredKeys: [] },
);

describe('every failure says in one line what failed, and in another what to do', () => {
  test('a denial names the missing permission', () => {
    const failure = mapAwsError(sdkError('AccessDenied', 403, 'no'), 'iam:GenerateCredentialReport');
    expect(failure.permission).toBe('iam:GenerateCredentialReport');
    expect(failure.message).toContain('iam:GenerateCredentialReport');
    expect(failure.hint).toContain('Grant iam:GenerateCredentialReport');
    expect(failure.hint).toContain('docs/permissions-read-only.json');
  });

  test('a denial names the permission that AWS says was missing, when that is another one', () => {
    const message =
      'User: arn:aws:iam::111122223333:user/ana is not authorized to perform: kms:Decrypt on resource: x';
    expect(
      mapAwsError(sdkError('AccessDeniedException', 400, message), 'secretsmanager:GetSecretValue')
        .permission,
    ).toBe('kms:Decrypt');
  });

  test('only a denial has a permission', () => {
    expect(mapAwsError(sdkError('Throttling', 400), 'iam:ListUsers')).not.toHaveProperty('permission');
  });

  test('a denial by a service control policy does not send people to the wrong policy', () => {
    const message =
      'User: arn:aws:sts::111122223333:assumed-role/Audit/ana is not authorized to perform: secretsmanager:ListSecrets with an explicit deny in a service control policy';
    const { hint } = mapAwsError(
      sdkError('AccessDeniedException', 400, message),
      'secretsmanager:ListSecrets',
      'eu-west-3',
    );
    expect(hint).toContain('service control policy denies secretsmanager:ListSecrets');
  });

  test.each([
    ['no credentials', sdkError('CredentialsProviderError', 0, 'Could not load credentials'), /--profile/],
    ['an expired token', sdkError('ExpiredToken', 403), /aws sso login/],
    ['a Region that is not enabled', sdkError('UnrecognizedClientException', 400), /Enable af-south-1/],
    ['a Region to opt in to', sdkError('OptInRequired', 403), /Enable af-south-1/],
    ['a wrong clock', sdkError('RequestTimeTooSkewed', 403), /clock/],
    ['an endpoint nobody listens at', networkError('ECONNREFUSED'), /AWS_ENDPOINT_URL/],
    ['a name that does not resolve', networkError('ENOTFOUND'), /spelling of the Region \(af-south-1\)/],
    ['an inspecting proxy', networkError('SELF_SIGNED_CERT_IN_CHAIN'), /NODE_EXTRA_CA_CERTS/],
    ['an emulator that lacks an operation', foreignAnswer(500), /emulator/],
  ])('%s', (_what, error, wayOut) => {
    const { message, hint } = mapAwsError(error, 'secretsmanager:ListSecrets', 'af-south-1');
    expect(hint).toMatch(wayOut);
    expect(`${message}${hint}`).not.toContain('\n');
  });

  test('AWS repeats signed headers when a signature is wrong: the session token is not passed on', () => {
    const message = "The Canonical String should have been 'POST\n/\n\nx-amz-security-token:IQoJSECRETTOKEN'";
    const failure = mapAwsError(sdkError('SignatureDoesNotMatch', 403, message), 'iam:ListUsers');
    expect(JSON.stringify(failure)).not.toContain('IQoJSECRETTOKEN');
  });

  test('whatever is thrown, it becomes one line and never another error (I20)', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), errorLike), (thrown) => {
        const failure = mapAwsError(thrown, 'iam:ListUsers', 'eu-central-1');
        expect(`${failure.message}${failure.hint}`).not.toMatch(/[\r\n]/);
        expect(failure.code).toMatch(/^[\w.-]+$/);
        expect(awsError(thrown, 'iam:ListUsers')).toBeInstanceOf(JanitorError);
      }),
      { seed: 15, numRuns: 500 },
    );
  });

  test('what ends a command says who can mend it', () => {
    expect(awsError(sdkError('AccessDenied', 403), 'iam:ListUsers')).toMatchObject({
      code: 'aws-denied',
      source: 'access',
      details: { operation: 'iam:ListUsers', awsCode: 'AccessDenied', permission: 'iam:ListUsers' },
    });
    expect(awsError(sdkError('ExpiredToken', 403), 'iam:ListUsers')).toMatchObject({
      code: 'aws-expired-credentials',
      source: 'user',
    });
  });
});

describe('the same over the real wire protocols of the embedded AWS', () => {
  const ACCOUNT = '111122223333';

  async function failureOf(fault: Partial<Fault>, call: 'iam' | 'sts' | 'secretsmanager') {
    const aws = new EmbeddedAws();
    aws.faults.add({ match: { service: call }, effect: 'error', times: Number.POSITIVE_INFINITY, ...fault });
    const clients = await createAwsClients({
      region: 'eu-central-1',
      credentials: aws.account(ACCOUNT).credentials(),
      requestHandler: () => aws.requestHandler(),
      retryDelays: 'none',
    });
    const calls = {
      iam: () => clients.iam.send(new ListUserTagsCommand({ UserName: 'ana' })),
      sts: () => clients.sts.send(new GetCallerIdentityCommand({})),
      secretsmanager: () => clients.secretsManager('eu-west-3').send(new ListSecretsCommand({})),
    };
    try {
      await calls[call]();
    } catch (error) {
      return mapAwsError(error, 'test:Operation');
    }
    throw new Error('the call should have failed');
  }

  test.each([
    ['iam', { code: 'AccessDenied', status: 403 }, 'denied', 'AccessDenied'],
    ['secretsmanager', { code: 'AccessDeniedException', status: 400 }, 'denied', 'AccessDenied'],
    ['iam', { effect: 'throttle' }, 'throttled', 'Throttling'],
    ['secretsmanager', { effect: 'throttle' }, 'throttled', 'Throttling'],
    ['iam', { code: 'NoSuchEntity', status: 404 }, 'not-found', 'NoSuchEntity'],
    ['iam', { code: 'LimitExceeded', status: 409 }, 'conflict', 'LimitExceeded'],
    ['sts', { code: 'ExpiredToken', status: 403 }, 'expired-credentials', 'ExpiredToken'],
    ['sts', { code: 'InvalidClientTokenId', status: 403 }, 'no-credentials', 'InvalidClientTokenId'],
    ['iam', { effect: 'timeout' }, 'unreachable', 'Timeout'],
    ['iam', { code: 'InternalFailure', status: 500 }, 'other', 'InternalFailure'],
  ] as const)('%s %o is %s (%s)', async (service, fault, kind, code) => {
    expect(await failureOf(fault, service)).toMatchObject({ kind, code });
  });
});
