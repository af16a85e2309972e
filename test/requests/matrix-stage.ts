import { type CallerDirectory, type CallerResolution, resolveCaller } from '../../lib/identity/index.ts';
import { callerDirectoryOf, type MatrixWho, type Policy } from '../../lib/policy/index.ts';
import { NOW } from '../builders/credential.ts';
import { directoryData, policyOf, ruleData } from '../policy/policy-fixture.ts';

type Caller = Parameters<typeof resolveCaller>[0];

const HOME = '111122223333';
const PARTNER = '333344445555';

/** The person behind each who that is one. */
export const PERSON = {
  approver: 'ann',
  requester: 'rita',
  sponsor: 'sam',
  'owning approver': 'oto',
  'rule owner': 'ruth',
  owner: 'olga',
  person: 'paul',
} as const satisfies Partial<Record<MatrixWho, string>>;

const DECIDING = ['ann', 'rita', 'sam', 'oto', 'ruth', 'second'];
const id = (name: string) => ({
  id: name,
  mail: `${name}@example.com`,
  principals: [`arn:aws:iam::${HOME}:user/people/${name}`],
});

/** A policy in whose directory everybody of the matrix is who they are. `insiders`: members of a group of that name. */
export function matrixPolicy(
  requests: object,
  {
    insiders = [],
    restoreHold = '30d',
  }: { readonly insiders?: readonly string[]; readonly restoreHold?: string } = {},
): Policy {
  const people = [...Object.values(PERSON), 'second', 'outsider'].map(id);
  return policyOf(
    { riskOwner: 'security', restoreHold, requests, rules: [ruleData({ owner: 'ruth' })] },
    directoryData({
      people,
      groups: {
        security: { members: DECIDING, mail: 'security@example.com' },
        insiders: { members: insiders },
      },
      agents: [
        { id: 'planner', principals: [`arn:aws:iam::${HOME}:role/planner`], sponsor: 'sam' },
        { id: 'orphan', principals: [`arn:aws:iam::${HOME}:role/orphan`] },
      ],
      externalParties: [
        {
          id: 'acme',
          organisation: 'Acme',
          contact: 'a@acme.example',
          sponsor: 'paul',
          contractEnds: '2030-01-31',
          accounts: [PARTNER],
        },
      ],
    }),
  );
}

/** As AWS authenticates each who. */
const CALLER: Readonly<Record<MatrixWho, Caller>> = {
  approver: user(PERSON.approver),
  requester: user(PERSON.requester),
  sponsor: user(PERSON.sponsor),
  'owning approver': user(PERSON['owning approver']),
  'rule owner': user(PERSON['rule owner']),
  owner: user(PERSON.owner),
  person: user(PERSON.person),
  workload: session(HOME, 'deploy'),
  'sponsored agent': session(HOME, 'planner'),
  agent: session(HOME, 'orphan'),
  'outside workload': session(PARTNER, 'feed'),
  unresolved: user('stranger'),
};

function session(accountId: string, role: string): Caller {
  const arn = `arn:aws:sts::${accountId}:assumed-role/${role}/run-1`;
  return { accountId, arn, userId: 'AROAEXAMPLE0000000000:run-1' };
}

function user(name: string): Caller {
  return {
    accountId: HOME,
    arn: `arn:aws:iam::${HOME}:user/people/${name}`,
    userId: 'AIDAEXAMPLE0000000000',
  };
}

/** What nobody but AWS knows of callers. */
export const LOOKUPS: Pick<CallerDirectory, 'roleOf' | 'standingOf'> = {
  roleOf: async () => undefined,
  standingOf: async (accountId) => (accountId === HOME ? 'member' : 'outside'),
};

export function callerOf(who: MatrixWho): Caller {
  return CALLER[who];
}

export function resolved(policy: Policy, who: MatrixWho): Promise<CallerResolution> {
  return resolveCaller(callerOf(who), { ...callerDirectoryOf(policy, NOW), ...LOOKUPS });
}
