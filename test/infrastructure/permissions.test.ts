import { describe, expect, it } from 'vitest';
import { deployedNames, FUNCTION_NAMES, type FunctionName } from '../../lib/infrastructure/names.ts';
import { functionGrants } from '../../lib/infrastructure/permissions/index.ts';
import { NARROWEST_REACH } from '../../lib/infrastructure/rotation/reach.ts';
import { LENDING } from './lending-policy.ts';
import { plainResources } from './plain-resources.ts';
import { roleOf, rolesOf, type Statement } from './statements.ts';
import { hubTemplate, resourcesOf } from './synthesised.ts';

const template = await hubTemplate({
  accounts: 'organization',
  organizationId: 'o-exampleorgid',
  mode: 'enforce',
  mail: { from: 'janitor@example.com' },
  ticketTokenSecret: plainResources.ticketToken,
  onCallTokenSecret: plainResources.onCallToken,
  policyFolder: LENDING,
  memberSteps: ['tag', 'rotate', 'quarantine', 'delete'],
});
const names = deployedNames();
const functionRoles = FUNCTION_NAMES.map((name) => ({ ...roleOf(template, names.functionName(name)), name }));
const tableIds = resourcesOf(template, 'AWS::DynamoDB::Table').map(([id]) => id);
const ledger = `<${tableIds.find((id) => id.includes('Ledger'))}.Arn>`;

const on = (statements: readonly Statement[], resource: string) =>
  statements.filter(({ Resource = [] }) => Resource.some((each) => each.startsWith(resource)));

describe('G7 the ledger is appended to and never changed', () => {
  it('no role may change or remove an item, in bulk or by PartiQL', () => {
    const allowed = [...rolesOf(template).values()].flatMap(({ statements }) => on(statements, ledger));
    const actions = new Set(allowed.flatMap(({ Action }) => Action));
    expect([...actions].sort()).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
    ]);
  });

  const writers: readonly [FunctionName, readonly string[]][] = [
    ['list-accounts', ['run#*']],
    ['decide-account', ['credential#*', 'exception#*', 'plans#*', 'notices#*', 'lease#*', 'sweep#*']],
    ['allot-steps', []],
    [
      'act-on-account',
      ['credential#*', 'plans#*', 'notices#*', 'lease#*', 'sweep#*', 'cap#*', 'rotations#*'],
    ],
    ['finish-run', ['run#*']],
    ['tag-newborn', ['credential#*', 'lease#*']],
    ['record-bounce', ['credential#*', 'notices#*']],
    [
      'answer-requests',
      [
        'request#*',
        'exception#*',
        'challenge#*',
        'credential#*',
        'plans#*',
        'halt#organisation',
        'policy#activation',
        'rotations#*',
      ],
    ],
    [
      'carry-out-requests',
      [
        'request#*',
        'exception#*',
        'challenge#*',
        'credential#*',
        'plans#*',
        'rotations#*',
        'lease#*',
        'cap#*',
        'notices#*',
      ],
    ],
    ['rotate-access-key', ['credential#*']],
    ['grant-access', ['grant#*']],
    ['reconcile-grants', ['grant#*', 'credential#*']],
  ];
  it.each(writers)('%s appends to these subjects only: %j', (name, subjects) => {
    const writes = on(roleOf(template, names.functionName(name)).statements, ledger).filter(({ Action }) =>
      Action.includes('dynamodb:PutItem'),
    );
    const limits = writes.map(({ Condition }) => Condition);
    expect(limits).toEqual(
      subjects.length === 0
        ? []
        : [
            {
              'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...subjects] },
              Null: { 'dynamodb:LeadingKeys': 'false' },
            },
          ],
    );
  });

  it('G20 only what people decide lifts a halt or activates a policy', () => {
    const deciders = functionRoles.filter(({ statements }) =>
      statements.some(
        ({ Action, Condition }) =>
          Action.includes('dynamodb:PutItem') &&
          JSON.stringify(Condition ?? {}).match(/halt#|policy#/) !== null,
      ),
    );
    expect(deciders.map(({ name }) => name)).toEqual(['answer-requests']);
  });
});

describe('roles of functions', () => {
  it('hold the statements of their table and nothing else', () => {
    for (const { name, statements, managed, boundary } of functionRoles) {
      const table = functionGrants(name, { ...plainResources, reach: NARROWEST_REACH }, 'log-group');
      expect(statements.map(({ Sid }) => Sid)).toEqual(table.map(({ sid }) => sid));
      expect(statements.map(({ Action }) => Action)).toEqual(table.map(({ actions }) => actions));
      expect({ managed, boundary }).toEqual({ managed: [], boundary: undefined });
    }
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  it('are assumed by Lambda alone', () => {
    for (const { trust } of functionRoles) {
      expect(trust).toMatchObject([
        { Action: ['sts:AssumeRole'], Principal: { Service: 'lambda.amazonaws.com' } },
      ]);
    }
  });

  it('no wildcard action anywhere, but in roles that are lent, as the policy says', () => {
    for (const { name, statements } of rolesOf(template).values()) {
      if (!name.startsWith(names.prefix)) continue;
      for (const { Action } of statements)
        expect([name, Action.join()]).toEqual([name, expect.not.stringContaining('*')]);
    }
  });

  it('the resource * only where the API knows none, each with its reason', () => {
    const everywhere = FUNCTION_NAMES.flatMap((name) => functionGrants(name, plainResources, 'log-group'));
    for (const { sid, resources, conditions, wildcard } of everywhere) {
      const stars =
        resources.some((resource) => resource.includes('*')) ||
        JSON.stringify(conditions ?? {}).includes('*"');
      if (stars && sid !== 'SeeEvidence' && sid !== 'ListWork')
        expect([sid, wildcard]).toEqual([sid, expect.any(String)]);
    }
    const unlimited = everywhere
      .filter(({ resources }) => resources.includes('*'))
      .flatMap(({ actions }) => actions);
    expect([...new Set(unlimited)].sort()).toEqual([
      'organizations:ListAccounts',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  it('only functions that act or restore may assume a role that changes anything', () => {
    const assuming = functionRoles.flatMap(({ name, statements }) =>
      statements
        .filter(({ Action }) => Action.includes('sts:AssumeRole'))
        .flatMap(({ Resource = [] }) => Resource.map((arn) => `${name} ${arn.split('/').at(-1)}`)),
    );
    expect(assuming.sort()).toEqual([
      'act-on-account credential-janitor-member-delete',
      'act-on-account credential-janitor-member-quarantine',
      'act-on-account credential-janitor-member-read',
      'act-on-account credential-janitor-member-rotate',
      'act-on-account credential-janitor-member-tag',
      'answer-requests credential-janitor-member-quarantine',
      'answer-requests credential-janitor-member-read',
      'carry-out-requests credential-janitor-member-quarantine',
      'carry-out-requests credential-janitor-member-read',
      'carry-out-requests credential-janitor-member-rotate',
      'decide-account credential-janitor-member-read',
      'grant-access *',
      'grant-access credential-janitor-member-break-glass',
      'reconcile-grants credential-janitor-member-break-glass',
      'tag-newborn credential-janitor-member-read',
      'tag-newborn credential-janitor-member-tag',
    ]);
  });

  it('roles of other accounts are assumed within the organisation only', () => {
    for (const { statements } of functionRoles) {
      for (const { Action, Condition } of statements) {
        if (Action.includes('sts:AssumeRole')) {
          expect(Condition).toEqual({ StringEquals: { 'aws:ResourceOrgID': 'o-exampleorgid' } });
        }
      }
    }
  });

  it('mail is sent from the one sender by the one configuration set', () => {
    const sending = functionRoles.flatMap(({ name, statements }) =>
      statements
        .filter(({ Action }) => Action.includes('ses:SendEmail'))
        .map(({ Resource = [] }) => [name, ...Resource.map((arn) => arn.split(':').at(-1))]),
    );
    const sender = [
      'identity/janitor@example.com',
      'identity/example.com',
      'configuration-set/credential-janitor',
    ];
    expect(sending).toEqual([
      ['act-on-account', ...sender],
      ['carry-out-requests', ...sender],
      ['grant-access', ...sender],
      ['reconcile-grants', ...sender],
    ]);
  });
});

describe('an observing hub over a list of accounts', () => {
  it('names each account, lists no organisation, and cannot assume roles that do not exist', async () => {
    const observing = await hubTemplate({ accounts: ['111122223333', '444455556666'] });
    const assumed = [...rolesOf(observing).values()].flatMap(({ statements }) =>
      statements
        .filter(({ Action }) => Action.includes('sts:AssumeRole'))
        .flatMap(({ Resource = [] }) => Resource),
    );
    const arn = (account: string) =>
      `arn:<AWS::Partition>:iam::${account}:role/credential-janitor/credential-janitor-member-read`;
    expect(new Set(assumed)).toEqual(new Set(['<AWS::AccountId>', '111122223333', '444455556666'].map(arn)));
    expect(JSON.stringify(observing.toJSON())).not.toContain('organizations:');
  });
});

describe('what people get', () => {
  const policies = resourcesOf(template, 'AWS::IAM::ManagedPolicy').map(([, { Properties }]) => Properties);

  it.each(['credential-janitor-auditor', 'credential-janitor-operator'])(
    '%s cannot write the record or act',
    (name) => {
      const policy = policies.find((each) => each.ManagedPolicyName === name);
      const text = JSON.stringify(policy?.PolicyDocument);
      expect(text).toContain('dynamodb:Query');
      for (const forbidden of [
        'PutItem',
        'UpdateItem',
        'DeleteItem',
        'PutObject',
        'DeleteObject',
        'AssumeRole',
      ]) {
        expect(text).not.toContain(forbidden);
      }
    },
  );
});
