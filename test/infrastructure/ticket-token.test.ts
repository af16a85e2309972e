import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../lib/infrastructure/functions/catalogue.ts';
import { deployedNames, FUNCTION_NAMES, type FunctionName } from '../../lib/infrastructure/names.ts';
import { rolesOf, statementsOf } from './statements.ts';
import { hubTemplate, resourcesOf } from './synthesised.ts';

const SECRET = 'arn:aws:secretsmanager:eu-central-1:999988887777:secret:janitor/ticket-token-AbCdEf';
const ASKING: readonly FunctionName[] = ['answer-requests', 'decide-account'];

const names = deployedNames();
const memberSteps = ['tag', 'rotate', 'quarantine', 'delete'];
const without = await hubTemplate({ memberSteps });
const configured = await hubTemplate({ memberSteps, ticketTokenSecret: SECRET });

describe('where no token for the ticket system is configured', () => {
  it('nobody is told of one, and nobody may read one', () => {
    const text = JSON.stringify(without.toJSON());
    expect(text).not.toMatch(/TICKET_TOKEN_SECRET_ARN|ReadTicketToken|NeverItsOwnSecret/);
  });
});

describe('where one is', () => {
  it('the functions that ask about tickets are told which secret holds it', () => {
    const told = resourcesOf(configured, 'AWS::Lambda::Function').flatMap(([, { Properties }]) =>
      JSON.stringify(Properties.Environment).includes(`"TICKET_TOKEN_SECRET_ARN":"${SECRET}"`)
        ? [Properties.FunctionName]
        : [],
    );
    expect(told.toSorted()).toEqual(ASKING.map(names.functionName));
    const asking = FUNCTION_NAMES.filter((name) =>
      CATALOGUE[name].variables.includes('TICKET_TOKEN_SECRET_ARN'),
    );
    expect(asking.toSorted()).toEqual(ASKING);
  });

  it('they alone may read it, and nothing but this one', () => {
    const allowed = [...rolesOf(configured)].flatMap(([role, { statements }]) =>
      statements
        .filter(({ Effect, Resource = [] }) => Effect === 'Allow' && Resource.includes(SECRET))
        .map(({ Action, Resource }) => ({ role, Action, Resource })),
    );
    const grant = { Action: ['secretsmanager:GetSecretValue'], Resource: [SECRET] };
    expect(allowed).toEqual(
      expect.arrayContaining(ASKING.map((name) => ({ role: names.functionName(name), ...grant }))),
    );
    expect(allowed).toHaveLength(ASKING.length);
  });

  it('I9 no role in the hub’s account may change, empty or remove it, whatever a rule says', () => {
    const [[, boundary] = []] = resourcesOf(configured, 'AWS::IAM::ManagedPolicy').filter(
      ([, { Properties }]) => Properties.ManagedPolicyName === names.memberBoundary,
    );
    const statements = statementsOf(boundary?.Properties.PolicyDocument);
    const denied = statements.find(
      ({ Effect, Resource = [] }) => Effect === 'Deny' && Resource.includes(SECRET),
    );
    const patterns = (denied?.Action ?? []).map((action) => new RegExp(`^${action.replace('*', '.*')}$`));
    const granted = statements
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action }) => Action)
      .filter((action) => action.startsWith('secretsmanager:'));
    const left = granted.filter((action) => !patterns.some((pattern) => pattern.test(action)));
    expect(new Set(left)).toEqual(
      new Set([
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetResourcePolicy',
        'secretsmanager:GetSecretValue',
        'secretsmanager:ListSecrets',
        'secretsmanager:RestoreSecret',
      ]),
    );
    expect(granted.length).toBeGreaterThan(left.length + 5);
  });
});
