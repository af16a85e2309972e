import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { OPENAPI_PATH, ROUTES } from '../../lib/api/routes.ts';
import { deployedNames, FUNCTION_NAMES } from '../../lib/infrastructure/names.ts';
import { type Statement, statementsOf } from './statements.ts';
import { hubTemplate, plain, resourcesOf } from './synthesised.ts';

const template = await hubTemplate();
const policies = resourcesOf(template, 'AWS::IAM::ManagedPolicy').map(([, { Properties }]) => ({
  name: plain(Properties.ManagedPolicyName),
  statements: statementsOf(Properties.PolicyDocument),
  document: Properties.PolicyDocument,
}));

function statementsFor(who: string): readonly Statement[] {
  const found = policies.find(({ name }) => name === `credential-janitor-${who}`);
  if (found === undefined)
    throw new Error(`there is no policy for an ${who}: ${policies.map((p) => p.name)}`);
  return found.statements;
}

const on = (who: string, action: RegExp) =>
  statementsFor(who).filter(({ Action }) => Action.some((each) => action.test(each)));

describe('what people of the hub may do', () => {
  it('G1 I11 nobody invokes a function: the one behind the API would believe any name', () => {
    for (const who of ['auditor', 'operator', 'requester']) expect(on(who, /^lambda:|\*/)).toEqual([]);
  });

  const routesOf = (who: string) => {
    const [calls, ...more] = on(who, /^execute-api:/);
    expect([calls?.Action, more]).toEqual([['execute-api:Invoke'], []]);
    const stage = /^arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<Api\w+>\/api\//;
    return (calls?.Resource ?? []).map((resource) => {
      expect(resource).toMatch(stage);
      return resource.replace(stage, '');
    });
  };

  const routes = Object.values(ROUTES).map(({ method, path }) => `${method}${path}`);
  const known = [...routes, `GET${OPENAPI_PATH}`].map((route) => route.replaceAll(/\{\w+\}/g, '*'));

  it('operators may call every route of the API', () => {
    expect(routesOf('operator')).toEqual(['GET/v1/*', 'POST/v1/*']);
    for (const route of known) expect(route).toMatch(/^(GET|POST)\/v1\//);
  });

  it('requesters ask, withdraw, challenge, give up what exempts them, restore what is theirs and see what became of it; they decide and stop nothing', () => {
    expect(known).toEqual(expect.arrayContaining(routesOf('requester')));
    const posts = routesOf('requester').filter((route) => route.startsWith('POST'));
    expect(posts.toSorted()).toEqual([
      'POST/v1/challenges',
      'POST/v1/exceptions/*/revoke',
      'POST/v1/requests',
      'POST/v1/requests/*/withdraw',
      'POST/v1/restores',
    ]);
    expect(statementsFor('requester').flatMap(({ Action }) => Action)).toEqual([
      'cloudformation:DescribeStacks',
      'execute-api:Invoke',
    ]);
  });

  it('auditors call nothing', () => expect(on('auditor', /^execute-api:|^lambda:/)).toEqual([]));

  it.each(['auditor', 'operator', 'requester'])(
    'the policy of an %s fits into the 6,144 characters of IAM',
    (who) => {
      const longest = plain(policies.find(({ name }) => name === `credential-janitor-${who}`)?.document)
        .replaceAll('<AWS::Partition>', 'aws-us-gov')
        .replaceAll('<AWS::Region>', 'ap-southeast-99')
        .replaceAll('<AWS::AccountId>', '111122223333')
        .replaceAll(/<\w+\.Arn>/g, 'x'.repeat(120))
        .replaceAll(/<\w+>/g, '0123456789');
      expect(longest.length).toBeLessThan(6_144);
    },
  );

  it('G1 nor does an administrator of the hub, where its service control policy is attached', () => {
    const folder = path.join(import.meta.dirname, '..', '..', 'docs', 'service-control-policies');
    const document: unknown = JSON.parse(readFileSync(path.join(folder, 'protect-hub.json'), 'utf8'));
    const { Statement } = z.looseObject({ Statement: z.array(z.looseObject({})) }).parse(document);
    // Who asks Secrets Manager for a rotation must be allowed to invoke its function.
    const called = FUNCTION_NAMES.filter((name) => name !== 'rotate-access-key').toSorted();
    expect(Statement).toContainEqual({
      Sid: 'OnlyTheWorkflowCallsFunctions',
      Effect: 'Deny',
      Action: 'lambda:InvokeFunction',
      Resource: called.map((name) => `arn:aws:lambda:*:*:function:${deployedNames().functionName(name)}`),
      Condition: {
        ArnNotLike: {
          'aws:PrincipalArn': ['end-grants', 'workflow'].map(
            (role) => `arn:aws:iam::*:role/${deployedNames().prefix}-${role}`,
          ),
        },
      },
    });
  });

  it.each(['auditor', 'operator', 'requester'])(
    'G7 an %s writes neither record nor work files and assumes no role',
    (who) => {
      const writing = /:(Put|Delete|Update|BatchWrite|PartiQL|TransactWrite)|^sts:|^kms:(Encrypt|Generate)/;
      expect(on(who, writing)).toEqual([]);
      expect(
        statementsFor(who)
          .flatMap(({ Resource = [] }) => Resource)
          .join(),
      ).not.toMatch(/StoresWork/);
    },
  );
});
