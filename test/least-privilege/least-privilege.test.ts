import { beforeAll, describe, expect, test } from 'vitest';
import { HUB, MEMBER, TICKET_TOKEN } from '../functions/places.ts';
import { nameOf, refusals, rolesOf, textOf, type Use, usageOf } from './check.ts';
import type { Statement } from './evaluate.ts';
import { mapStatements } from './policies.ts';
import { explains, grantsByRole, REASONS, ROLES_OF_SERVICES, unexplained } from './reasons.ts';
import { recordedUses } from './recorded.ts';
import { type Policies, synthesisedHub } from './synthesised-hub.ts';

const SECRET_CHANGE = /^secretsmanager:(Delete|Put|Rotate|Tag|Untag|Update)/;

let policies: Policies;
let uses: readonly Use[];

beforeAll(async () => {
  const hub = await synthesisedHub();
  policies = hub.policies;
  uses = await recordedUses(hub.deployment);
}, 900_000);

/** Texts of what is granted and neither used nor explained. */
function tooMuch(given: Policies): string[] {
  const { unused, usedStatements } = usageOf(given, uses);
  return unexplained(unused, usedStatements).map(textOf);
}

describe('what functions did in every story, held against the synthesised policies', () => {
  test('every call was allowed: by the function’s role, or by member role, boundary and session together', () => {
    expect(refusals(policies, uses)).toEqual([]);
  });

  test('every action, resource and key that a role is given was needed, or is listed with its reason', () => {
    expect(tooMuch(policies)).toEqual([]);
  });

  test('no reason is out of date', () => {
    const { unused } = usageOf(policies, uses);
    const needless = REASONS.filter((reason) => !unused.some((grain) => explains(reason, grain)));
    expect(needless).toEqual([]);
  });

  test('enough was recorded: every function, every member role in the member, reads in both accounts', () => {
    const signers = new Set(
      uses.map(({ signer }) =>
        signer.kind === 'function' ? signer.name : `${signer.by} ${signer.purpose} ${signer.accountId}`,
      ),
    );
    expect([...signers].toSorted()).toEqual([
      'act-on-account',
      `act-on-account delete ${MEMBER}`,
      `act-on-account quarantine ${MEMBER}`,
      `act-on-account read ${HUB}`,
      `act-on-account read ${MEMBER}`,
      `act-on-account rotate ${MEMBER}`,
      `act-on-account tag ${HUB}`,
      `act-on-account tag ${MEMBER}`,
      'allot-steps',
      'answer-requests',
      `answer-requests quarantine ${MEMBER}`,
      `answer-requests read ${MEMBER}`,
      'carry-out-requests',
      `carry-out-requests quarantine ${MEMBER}`,
      `carry-out-requests read ${MEMBER}`,
      `carry-out-requests rotate ${MEMBER}`,
      'decide-account',
      `decide-account read ${HUB}`,
      `decide-account read ${MEMBER}`,
      'finish-run',
      'grant-access',
      `grant-access break-glass ${MEMBER}`,
      'list-accounts',
      'reconcile-grants',
      `reconcile-grants break-glass ${MEMBER}`,
      'record-bounce',
      'rotate-access-key',
      'tag-newborn',
      `tag-newborn read ${MEMBER}`,
      `tag-newborn tag ${MEMBER}`,
    ]);
  });

  test('every session that changes something is narrowed by a policy of its own, but the one that can only end grants', () => {
    const acting = uses.flatMap(({ signer }) =>
      signer.kind === 'member' && !['break-glass', 'read'].includes(signer.purpose)
        ? [signer.sessionPolicy]
        : [],
    );
    expect(acting.length).toBeGreaterThan(10);
    expect(acting).not.toContain(undefined);
  });
});

test('G20 a role that only bears Identity Center’s name cannot even be looked up', () => {
  const asked = uses.find(({ need }) => need.action === 'iam:GetRole');
  if (asked === undefined) throw new Error('no Identity Center caller was looked up');
  const forged = {
    ...asked,
    need: { ...asked.need, resource: `arn:aws:iam::${HUB}:role/AWSReservedSSO_Security_1` },
  };
  expect(refusals(policies, [forged])).toEqual([expect.stringContaining('is not allowed by its role')]);
});

test('I9 the token for the ticket system is read by who asks about tickets, and no role of the hub’s account changes it', () => {
  const reading = uses.filter(({ need }) => need.resource === TICKET_TOKEN);
  expect(new Set(reading.map(({ signer, need }) => `${nameOf(signer)} ${need.action}`))).toEqual(
    new Set(['answer-requests', 'decide-account'].map((name) => `${name} secretsmanager:GetSecretValue`)),
  );
  const changes = uses.filter(
    ({ signer, need: { action } }) => signer.kind === 'member' && SECRET_CHANGE.test(action),
  );
  expect(changes.length).toBeGreaterThan(4);
  for (const { signer, need } of changes) {
    if (signer.kind !== 'member') continue;
    const inHub = { signer: { ...signer, accountId: HUB }, need: { ...need, resource: TICKET_TOKEN } };
    expect(refusals(policies, [inHub])).toContainEqual(
      expect.stringContaining('not allowed by the boundary'),
    );
  }
});

describe('stars', () => {
  test('no action has one', () => {
    const actions = rolesOf(policies).flatMap(({ statements }) => statements.flatMap(({ Action }) => Action));
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  test('the resource * stands only where its table says why', () => {
    const tables = grantsByRole();
    const everywhere = rolesOf(policies).flatMap(({ role, statements }) =>
      statements.filter(({ Resource }) => Resource.includes('*')).map(({ Sid = '' }) => ({ role, sid: Sid })),
    );
    const reasons = everywhere.map(
      ({ role, sid }) => tables.get(role)?.find((each) => each.sid === sid)?.wildcard,
    );
    expect(reasons.length).toBeGreaterThan(8);
    for (const reason of reasons) expect(reason).toEqual(expect.any(String));
    expect(new Set(everywhere.map(({ sid }) => sid))).toEqual(
      new Set(['ListAccounts', 'ReadAccountWide', 'SeeWhatGrantsDid', 'WriteTraces']),
    );
  });
});

test('every other role is one that an AWS service works with', () => {
  expect(policies.others.toSorted()).toEqual(Object.keys(ROLES_OF_SERVICES).toSorted());
});

describe('the check bites', () => {
  const without = (action: string) => (statement: Statement) => ({
    ...statement,
    Action: statement.Action.filter((each) => each !== action),
  });

  test('each single action that is taken from a role is missed by a recorded call', () => {
    const { usedStatements } = usageOf(policies, uses);
    const taken: string[] = [];
    const unnoticed: string[] = [];
    for (const { role, sid, action } of actionsOf(policies)) {
      if (!usedStatements.has(`${role} ${sid}`) || isExplained(role, sid, action)) continue;
      const less = mapStatements(policies, role, (statement) =>
        statement.Sid === sid ? without(action)(statement) : statement,
      );
      taken.push(action);
      if (refusals(less, uses).length === 0) unnoticed.push(`${role} ${sid} ${action}`);
    }
    expect(taken.length).toBeGreaterThan(50);
    expect(unnoticed).toEqual([]);
  });

  const additions: readonly [role: string, sid: string, action: string][] = [
    ['act-on-account', 'AppendToLedger', 'dynamodb:DeleteItem'],
    ['decide-account', 'WriteEvidence', 's3:DeleteObject'],
    ['answer-requests', 'ProveIdentityCenterCaller', 'iam:PassRole'],
    ['carry-out-requests', 'AppendToLedger', 'dynamodb:UpdateItem'],
    ['member-tag', 'LabelUsers', 'iam:CreateAccessKey'],
    ['member-rotate', 'MakeKeysOfManagedUsers', 'iam:UpdateAccessKey'],
    ['rotate-access-key', 'StoreKeys', 'secretsmanager:DeleteSecret'],
    ['grant-access', 'LendRoles', 'sts:GetFederationToken'],
    ['reconcile-grants', 'HandScheduleItsRole', 'iam:CreateRole'],
    ['member-break-glass', 'DenyWhatEnded', 'iam:SetDefaultPolicyVersion'],
    ['member-read', 'ReadSecrets', 'secretsmanager:GetSecretValue'],
  ];
  test.each(additions)('%s may also %s %s: too much', (role, sid, action) => {
    const more = mapStatements(policies, role, (statement) =>
      statement.Sid === sid ? { ...statement, Action: [...statement.Action, action] } : statement,
    );
    expect(tooMuch(more)).toEqual([`${role} ${sid} ${action}`]);
  });

  test('a subject, a prefix or a resource too many is too much as well', () => {
    const more = mapStatements(policies, 'finish-run', (statement) =>
      statement.Sid === 'AppendToLedger'
        ? { ...statement, Resource: [...statement.Resource, 'arn:aws:dynamodb:eu-central-1:1:table/other'] }
        : statement,
    );
    expect(tooMuch(more)).toEqual(['finish-run AppendToLedger arn:aws:dynamodb:eu-central-1:1:table/other']);
    const keys = mapStatements(policies, 'finish-run', (statement) =>
      statement.Sid === 'AppendToLedger'
        ? {
            ...statement,
            Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['run#*', 'credential#*'] } },
          }
        : statement,
    );
    expect(tooMuch(keys)).toEqual(['finish-run AppendToLedger credential#*']);
  });

  test('a narrower session, boundary or condition is noticed', () => {
    const acting = uses.find(({ need }) => need.action === 'iam:UpdateAccessKey');
    if (acting?.signer.kind !== 'member') throw new Error('no key was disabled');
    const { need, signer } = acting;
    const elsewhere = { signer, need: { ...need, resource: need.resource.replace('deployer', 'somebody') } };
    expect(refusals(policies, [elsewhere])).toEqual([
      expect.stringMatching(
        /^member-quarantine: iam:UpdateAccessKey .* not allowed by the policy of the session$/,
      ),
    ]);
    const purged = { signer, need: { ...need, action: 'iam:DeleteAccessKey' } };
    expect(refusals(policies, [purged])).toEqual([
      expect.stringContaining('is not allowed by its role'),
      expect.stringContaining('is not allowed by the policy of the session'),
    ]);
    const tagged = uses.find(({ need: { action } }) => action === 'iam:TagUser');
    if (tagged === undefined) throw new Error('no user was labelled');
    const foreign = {
      ...tagged,
      need: { ...tagged.need, context: { 'aws:TagKeys': ['janitor:owner', 'team'] } },
    };
    expect(refusals(policies, [foreign])).toEqual([
      expect.stringContaining('is not allowed by its role'),
      expect.stringContaining('is not allowed by the boundary'),
    ]);
    const made = uses.filter(({ need: { action } }) => action === 'iam:CreateAccessKey');
    expect(new Set(made.map(({ signer }) => signer.kind))).toEqual(new Set(['function', 'member']));
    for (const use of made) {
      const context = { ...use.need.context, 'aws:ResourceTag/janitor:rotation': undefined };
      expect(refusals(policies, [{ ...use, need: { ...use.need, context } }])).not.toEqual([]);
    }
    const stored = uses.find(
      ({ need: { action }, signer }) =>
        action === 'secretsmanager:PutSecretValue' && signer.kind === 'member',
    );
    if (stored === undefined) throw new Error('no key was stored');
    const other = stored.need.resource.replace('ci/builder', 'ci/other');
    expect(refusals(policies, [{ ...stored, need: { ...stored.need, resource: other } }])).toEqual([
      expect.stringContaining('is not allowed by the policy of the session'),
    ]);
    const forced = uses.find(({ need: { action } }) => action === 'secretsmanager:DeleteSecret');
    if (forced === undefined) throw new Error('no secret was deleted');
    const context = { ...forced.need.context, 'secretsmanager:ForceDeleteWithoutRecovery': ['true'] };
    expect(refusals(policies, [{ ...forced, need: { ...forced.need, context } }])).not.toEqual([]);
  });
});

function actionsOf(given: Policies) {
  const all = rolesOf(given).flatMap(({ role, statements }) =>
    statements.flatMap(({ Sid = '', Action }) => Action.map((action) => ({ role, sid: Sid, action }))),
  );
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}

function isExplained(role: string, sid: string, part: string): boolean {
  return REASONS.some((reason) => explains(reason, { role, sid, part }));
}
