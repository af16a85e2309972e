import { IAMClient } from '@aws-sdk/client-iam';
import type { ApiCaller } from '../../lib/api/index.ts';
import { FileEvidenceStore, StateProjection } from '../../lib/ledger/index.ts';
import { checkPolicyTexts, type Policy } from '../../lib/policy/index.ts';
import type { BreakGlassDesk } from '../../lib/wiring/break-glass/desk.ts';
import { type Ground, ROLE } from '../break-glass/ground.ts';
import { emptyFolder } from '../builders/command-line.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { directClient } from '../world/dynamo/direct-client.ts';

const SSO_ROLE = 'AWSReservedSSO_OnCall_0123456789abcdef';
const SSO_ROLE_ID = 'AROAONCALL0000000000';
export const PEOPLE = ['ana', 'bo', 'cy', 'dora', 'eve'] as const;

/** Somebody of the organisation through IAM Identity Center. */
export function onCallEngineer(name: string): ApiCaller {
  const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/${SSO_ROLE}/${name}`;
  return { accountId: ACCOUNT, arn, userId: `${SSO_ROLE_ID}:${name}` };
}

export function workloadCaller(name: string): ApiCaller {
  const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/session`;
  return { accountId: ACCOUNT, arn, userId: 'AROAWORKLOAD00000000:session' };
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

export interface BrokerPolicy {
  /** Merged over the role. */
  readonly role?: Readonly<Record<string, Json>>;
  readonly directory?: Readonly<Record<string, Json>>;
  readonly people?: readonly string[];
  /** Of a person; default: the user of Identity Center of that name. */
  readonly principalOf?: (id: string) => string;
}

/** One break-glass role, which whoever is on call by an HTTP system takes; reviewed by the security group. */
export function brokerPolicy(choices: BrokerPolicy = {}): Policy {
  const { janitor, directory } = brokerPolicyTexts(choices);
  const checked = checkPolicyTexts(janitor, directory);
  if (!checked.ok) throw new Error(`the policy of this test is invalid: ${JSON.stringify(checked.problems)}`);
  return checked.policy;
}

/** The same as its two files. */
export function brokerPolicyTexts({
  role = {},
  directory = {},
  people = PEOPLE,
  principalOf = (id) => `sso:${id}`,
}: BrokerPolicy = {}) {
  const document = {
    version: 1,
    mode: 'observe',
    riskOwner: 'bo',
    approvals: {
      guarded: { group: 'security', quorum: 1 },
      critical: { group: 'security', quorum: 2 },
      policy: { group: 'security', quorum: 2 },
    },
    limits: { perAccountPerDay: 10, perOrganisationPerDay: 10, percentOfKind: 5 },
    rules: [
      {
        id: 'access-key-unused',
        why: 'A key nobody uses is one nobody misses when it leaks.',
        owner: 'bo',
        reviewedOn: '2026-10-01',
        reviewEvery: '365d',
        credential: 'access-key',
        match: { status: 'active', unusedFor: '45d' },
        steps: ['notify'],
      },
    ],
    breakGlass: {
      emergencyGroup: 'security',
      roles: [
        {
          name: ROLE,
          why: 'The orders database has to be repaired at night.',
          accounts: [ACCOUNT],
          permissions: { statements: [{ actions: ['iam:List*'], resources: ['*'] }] },
          eligible: ['engineers'],
          onCall: { http: { url: 'https://oncall.example.com/now' } },
          reviewers: 'security',
          ...role,
        },
      ],
    },
  };
  const directoryDocument = {
    version: 1,
    people: people.map((id) => ({ id, mail: `${id}@example.com`, principals: [principalOf(id)] })),
    groups: {
      engineers: { members: ['ana', 'bo'] },
      security: { members: ['bo', 'cy', 'dora'], mail: 'security@example.com' },
    },
    accounts: [{ id: ACCOUNT, name: 'main' }],
    owners: { tags: ['owner'], default: 'bo' },
    ...directory,
  };
  return { janitor: JSON.stringify(document), directory: JSON.stringify(directoryDocument) };
}

/** What the broker's service works with, over the ground of its use cases. */
export async function brokerDesk(
  ground: Ground,
  deployed = brokerPolicy(),
  overrides: Partial<BreakGlassDesk> = {},
): Promise<BreakGlassDesk> {
  const { rules: _rules, broker, follow, onCall, announcement, ...context } = await ground.context();
  const client = directClient((operation, input) =>
    ground.passage(operation, async () => ground.dynamo.run(operation, input)),
  );
  const { requests } = new StateProjection({ client, tableName: 'state' });
  return {
    ...context,
    onCall: (role, accountId) => ground.passage('on call', () => onCall(role, accountId)),
    state: { requests: Object.assign(requests, { follow }) },
    announcement: () => announcement,
    evidence: new FileEvidenceStore(emptyFolder()),
    deployed,
    archived: async (hash) => {
      throw new Error(`version ${hash} is not archived`);
    },
    self: broker,
    lookups: {
      roleOf: (_account, name) =>
        ground.passage('GetRole', async () =>
          name === SSO_ROLE
            ? { roleId: SSO_ROLE_ID, path: '/aws-reserved/sso.amazonaws.com/eu-central-1/' }
            : undefined,
        ),
      standingOf: async (accountId) => (accountId === ACCOUNT ? 'member' : 'outside'),
    },
    report: () => {},
    iamAs: ({ accessKeyId, secretAccessKey, sessionToken }) =>
      new IAMClient(
        ground.config(
          {
            accessKeyId,
            secretAccessKey: secretAccessKey.reveal(),
            sessionToken: sessionToken.reveal(),
          },
          'drill',
        ),
      ),
    ...overrides,
  };
}

/**
 * Round trips by what waits for what: every effect waits until nothing else can go on, and those that wait at that moment
 * are one wave. One call more in sequence is one wave more, however fast it is.
 */
export class Waves {
  readonly waves: string[][] = [];
  #waiting: { readonly effect: string; readonly go: () => void }[] = [];
  #scheduled = false;

  readonly passage: Ground['passage'] = async (effect, run) => {
    await new Promise<void>((go) => {
      this.#waiting.push({ effect, go });
      this.#schedule();
    });
    return run();
  };

  /** After two turns of the event loop whatever could go on has gone on: nothing here waits for real. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() =>
      setImmediate(() => {
        this.#scheduled = false;
        const wave = this.#waiting;
        this.#waiting = [];
        this.waves.push(wave.map(({ effect }) => effect).toSorted());
        for (const { go } of wave) go();
      }),
    );
  }
}
