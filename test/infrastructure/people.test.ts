import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { deployedNames, FUNCTION_NAMES } from '../../lib/infrastructure/names.ts';
import { type Statement, statementsOf } from './statements.ts';
import { hubTemplate, plain, resourcesOf } from './synthesised.ts';

const template = await hubTemplate();
const policies = resourcesOf(template, 'AWS::IAM::ManagedPolicy').map(([, { Properties }]) => ({
  name: plain(Properties.ManagedPolicyName),
  statements: statementsOf(Properties.PolicyDocument),
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
  it('G1 I11 operators call the function that decides by its URL only: invoked itself it would believe any name', () => {
    const calls = on('operator', /^lambda:|\*/);
    expect(calls.map(({ Action, Condition }) => ({ Action, Condition }))).toEqual([
      {
        Action: ['lambda:InvokeFunctionUrl'],
        Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
      },
      { Action: ['lambda:InvokeFunction'], Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } } },
    ]);
    expect(new Set(calls.map(({ Resource }) => Resource?.join())).size).toBe(1);
  });

  it('G1 nor does an administrator of the hub, where its service control policy is attached', () => {
    const folder = path.join(import.meta.dirname, '..', '..', 'docs', 'service-control-policies');
    const document: unknown = JSON.parse(readFileSync(path.join(folder, 'protect-hub.json'), 'utf8'));
    const { Statement } = z.looseObject({ Statement: z.array(z.looseObject({})) }).parse(document);
    // Who asks Secrets Manager for a rotation must be allowed to invoke its function.
    const called = FUNCTION_NAMES.filter((name) => name !== 'rotate-access-key').toSorted();
    expect(Statement).toContainEqual({
      Sid: 'OnlyTheWorkflowAndTheUrlCallFunctions',
      Effect: 'Deny',
      Action: 'lambda:InvokeFunction',
      Resource: called.map((name) => `arn:aws:lambda:*:*:function:${deployedNames().functionName(name)}`),
      Condition: {
        ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::*:role/${deployedNames().prefix}-workflow` },
        BoolIfExists: { 'lambda:InvokedViaFunctionUrl': 'false' },
      },
    });
  });

  it.each(['auditor', 'operator'])(
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
