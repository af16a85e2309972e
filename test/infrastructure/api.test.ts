import path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { problemDetails } from '../../lib/api/index.ts';
import { MAX_BODY_BYTES } from '../../lib/api/json-body.ts';
import { PROBLEM_CODES, TITLES } from '../../lib/api/problem-codes.ts';
import { JanitorError } from '../../lib/domain/error.ts';
import { ACCESS_LOG_FIELDS } from '../../lib/infrastructure/api/access-log.ts';
import { callersPolicy } from '../../lib/infrastructure/api/callers.ts';
import { GATEWAY_PROBLEMS } from '../../lib/infrastructure/api/problems.ts';
import { outsideAccountsOf } from '../../lib/infrastructure/policy.ts';
import { loadPolicy } from '../../lib/policy/index.ts';
import { roleOf, statementsOf } from './statements.ts';
import { hubTemplate, plain, resourcesOf } from './synthesised.ts';

const organisation = await hubTemplate({ accounts: 'organization', organizationId: 'o-exampleorgid' });
const listed = await hubTemplate({ accounts: ['444455556666'], api: { rate: 7, burst: 9 } });
const guarded = await hubTemplate({ api: { waf: true } });

const properties = (template: typeof listed, type: string) =>
  resourcesOf(template, type).map(([, { Properties }]) => Properties);
const [stage = {}] = properties(listed, 'AWS::ApiGateway::Stage');

describe('who may call', () => {
  it('every method takes a signature (AWS_IAM), and there are GET and POST alone', () => {
    const methods = properties(organisation, 'AWS::ApiGateway::Method');
    expect(methods.map(({ HttpMethod }) => HttpMethod).toSorted()).toEqual(['GET', 'POST']);
    for (const method of methods) {
      expect(method).toMatchObject({
        AuthorizationType: 'AWS_IAM',
        Integration: { Type: 'AWS_PROXY', TimeoutInMillis: 29_000 },
      });
      expect(plain(method.ResourceId)).toMatch(/proxy/);
    }
  });

  it('everything reaches one function, which API Gateway alone may invoke, for this API', () => {
    const allowed = properties(organisation, 'AWS::Lambda::Permission').filter(
      ({ Principal }) => Principal === 'apigateway.amazonaws.com',
    );
    expect(allowed).toHaveLength(2);
    for (const { FunctionName, SourceArn } of allowed) {
      expect(plain(FunctionName)).toMatch(/^<Functionsanswerrequests/);
      expect(plain(SourceArn)).toMatch(/<Api\w+>\/<ApiDeploymentStageapi\w+>\/(GET|POST)\/\*$/);
    }
  });

  const hub = '<AWS::AccountId>';
  const account = (id: string) => `arn:<AWS::Partition>:iam::${id}:root`;

  it('an organisation: its accounts with a right of their own, the hub’s by such a right alone, nobody else', () => {
    const [api] = properties(organisation, 'AWS::ApiGateway::RestApi');
    const [allow, deny, ...more] = statementsOf(api?.Policy);
    expect(more).toEqual([]);
    expect(allow).toMatchObject({
      Effect: 'Allow',
      Action: ['execute-api:Invoke'],
      Resource: ['execute-api:/*'],
      Condition: {
        StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' },
        StringNotEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } },
      },
    });
    expect(deny).toMatchObject({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: ['execute-api:Invoke'],
      Resource: ['execute-api:/*'],
      Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } },
    });
    expect(accountsOf(deny)).toEqual([hub]);
  });

  it('a list: its accounts, the hub’s, nobody else', () => {
    const [api] = properties(listed, 'AWS::ApiGateway::RestApi');
    const [allow, deny] = statementsOf(api?.Policy);
    expect(principalsOf(allow)).toEqual([account('444455556666')]);
    expect(accountsOf(deny)).toEqual([hub, '444455556666']);
    expect(JSON.stringify(deny)).not.toContain('PrincipalOrgID');
  });

  it('without either, nobody of another account', () => {
    const [api] = properties(guarded, 'AWS::ApiGateway::RestApi');
    const statements = statementsOf(api?.Policy);
    expect(statements.map(({ Effect }) => Effect)).toEqual(['Deny']);
    expect(accountsOf(statements[0])).toEqual([hub]);
  });

  it('G19 registered outside parties by the accounts that the directory gives them', async () => {
    const shipped = await loadPolicy(path.join(import.meta.dirname, '..', '..', 'policy'));
    const [party, ...others] = shipped.directory.externalParties;
    if (party === undefined) throw new Error('the shipped directory has no outside party');
    const externalParties = [{ ...party, accounts: ['777788889999'] }, ...others];
    const outsideAccounts = outsideAccountsOf({
      ...shipped,
      directory: { ...shipped.directory, externalParties },
    });
    const document = callersPolicy({ organizationId: 'o-exampleorgid', memberAccounts: [], outsideAccounts });
    const [, outside, deny] = statementsOf(new Stack().resolve(document));
    expect(principalsOf(outside)).toEqual([account('777788889999')]);
    expect(accountsOf(deny)).toEqual([hub, '777788889999']);
  });
});

describe('what is let through', () => {
  it('a body is one JSON object, checked before the function runs', () => {
    listed.hasResourceProperties('AWS::ApiGateway::RequestValidator', {
      ValidateRequestBody: true,
      ValidateRequestParameters: true,
    });
    listed.hasResourceProperties('AWS::ApiGateway::Model', {
      ContentType: 'application/json',
      Schema: { type: 'object', maxProperties: 32 },
    });
    const post = properties(listed, 'AWS::ApiGateway::Method').find(
      ({ HttpMethod }) => HttpMethod === 'POST',
    );
    expect(post?.RequestModels).toHaveProperty('application/json');
  });

  it.each([
    ['by default', organisation, 10, 20],
    ['as configured', listed, 7, 9],
  ])('a rate and a burst, %s', (_name, template, rate, burst) => {
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: [
        { HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst },
      ],
    });
  });

  it('TLS 1.2 with forward secrecy at least, at a regional endpoint that takes its own name alone', () => {
    listed.hasResourceProperties('AWS::ApiGateway::RestApi', {
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
      EndpointAccessMode: 'STRICT',
      EndpointConfiguration: { Types: ['REGIONAL'] },
    });
  });
});

describe('the firewall', () => {
  it('stands before the stage when it is configured: a rate for each address, a size, AWS’s common rules', () => {
    const [acl] = properties(guarded, 'AWS::WAFv2::WebACL');
    expect(acl).toMatchObject({
      Scope: 'REGIONAL',
      Rules: [
        {
          Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 1_000 } },
          Action: { Block: {} },
        },
        { Statement: { SizeConstraintStatement: { Size: MAX_BODY_BYTES } }, Action: { Block: {} } },
        {
          Statement: {
            ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesCommonRuleSet' },
          },
        },
      ],
    });
    expect(JSON.stringify(acl)).not.toContain('"SampledRequestsEnabled":true');
    const [association] = properties(guarded, 'AWS::WAFv2::WebACLAssociation');
    expect(plain(association?.ResourceArn)).toMatch(
      /:\/restapis\/<Api\w+>\/stages\/<ApiDeploymentStage\w+>$/,
    );
  });

  it('is not there otherwise', () => {
    organisation.resourceCountIs('AWS::WAFv2::WebACL', 0);
    organisation.resourceCountIs('AWS::WAFv2::WebACLAssociation', 0);
  });
});

describe('logs', () => {
  it('one line of JSON a request: who, what, what came of it, and neither body, header, query nor token', () => {
    expect(stage.AccessLogSetting).toMatchObject({ Format: JSON.stringify(ACCESS_LOG_FIELDS) });
    const named = Object.values(ACCESS_LOG_FIELDS).join(' ');
    expect(named).toContain('$context.requestId');
    expect(named).not.toMatch(
      /body|header|querystring|authorizer|accessKey|token|input|\$context\.identity\.caller/i,
    );
  });

  it('traced, with errors of the gateway logged and no data of requests', () => {
    expect(stage).toMatchObject({
      TracingEnabled: true,
      MethodSettings: [{ LoggingLevel: 'ERROR', DataTraceEnabled: false }],
    });
  });

  it('both logs are encrypted and there before the stage', () => {
    const groups = resourcesOf(listed, 'AWS::Logs::LogGroup').filter(([id]) => id.startsWith('Api'));
    expect(groups).toHaveLength(2);
    for (const [, { Properties }] of groups) expect(Properties).toHaveProperty('KmsKeyId');
    const named = groups.map(([, { Properties }]) => plain(Properties.LogGroupName));
    expect(named).toContainEqual(expect.stringMatching(/^API-Gateway-Execution-Logs_<Api\w+>\/api$/));
    listed.hasResource('AWS::ApiGateway::Stage', {
      DependsOn: Match.arrayWith(groups.map(([id]) => id).filter((id) => id.includes('Execution'))),
    });
  });

  it('are written with a role that can do that alone', () => {
    const { trust, statements, managed } = roleOf(listed, 'credential-janitor-api-log');
    expect(trust).toMatchObject([{ Principal: { Service: 'apigateway.amazonaws.com' } }]);
    expect(managed).toEqual([]);
    expect(statements.flatMap(({ Action }) => Action).every((action) => action.startsWith('logs:'))).toBe(
      true,
    );
  });
});

describe('what API Gateway answers itself', () => {
  it('where its own words may quote a signature, it has others', () => {
    const quoted = GATEWAY_PROBLEMS.filter(({ detail }) => detail === undefined);
    expect(quoted.map(({ type }) => type.responseType)).toEqual([
      'ACCESS_DENIED',
      'BAD_REQUEST_BODY',
      'BAD_REQUEST_PARAMETERS',
    ]);
  });

  it.each(GATEWAY_PROBLEMS.map((each) => [each.type.responseType, each] as const))(
    '%s is a problem with a code of the API',
    (type, { code, status, title, detail = 'Forbidden' }) => {
      const codes: Readonly<Record<string, { readonly status: number }>> = PROBLEM_CODES;
      expect([codes[code]?.status, TITLES[status]]).toEqual([status, title]);
      const answer = properties(listed, 'AWS::ApiGateway::GatewayResponse').find(
        ({ ResponseType }) => ResponseType === type,
      );
      const templates = Object(answer?.ResponseTemplates);
      const said: unknown = JSON.parse(
        String(templates['application/json']).replace('$context.error.messageString', '"Forbidden"'),
      );
      expect(said).toMatchObject({
        type: problemDetails(new JanitorError('x', { code, source: 'user' })).type,
        status,
        code,
        detail,
        hint: expect.any(String),
      });
      expect(answer).toMatchObject({
        StatusCode: String(status),
        ResponseParameters: { 'gatewayresponse.header.content-type': "'application/problem+json'" },
      });
    },
  );
});

function accountsOf(statement: ReturnType<typeof statementsOf>[number] | undefined): string[] {
  const accounts = statement?.Condition?.StringNotEquals?.['aws:PrincipalAccount'];
  return [accounts].flat().map(plain);
}

function principalsOf(statement: ReturnType<typeof statementsOf>[number] | undefined): string[] {
  return [Object(statement?.Principal).AWS].flat().map(plain);
}
