import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DetachRolePolicyCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { describe, expect, it } from 'vitest';
import { accountsInTurn } from '../../lib/break-glass/drift.ts';
import { DeniedGrants, type DriftContext, lookForDrift } from '../../lib/break-glass/index.ts';
import {
  drillDocuments,
  type RoleDocuments,
  roleDocuments,
  type WrittenPolicy,
} from '../../lib/domain/break-glass-documents.ts';
import { endedPolicyArn, endedPolicyText } from '../../lib/domain/break-glass-names.ts';
import { MINUTE_MS, plus } from '../../lib/domain/time.ts';
import { EmbeddedAws } from '../../lib/embedded-aws/index.ts';
import { createLedgerTables, DynamoDecisionLedger, sentenceOf } from '../../lib/ledger/index.ts';
import { PLACE } from '../builders/break-glass-place.ts';
import { NOW } from '../builders/credential.ts';
import { workload } from '../builders/event.ts';
import { directClient } from '../world/dynamo/direct-client.ts';
import { MemoryDynamo } from '../world/dynamo/memory-dynamo.ts';
import { role } from './ground.ts';

const { accountId: ACCOUNT } = PLACE;
const ADMIN = role({
  accounts: [ACCOUNT],
  permissions: {
    managedPolicies: [],
    statements: [{ actions: ['rds:Reboot*', 'rds:Describe*'], resources: ['*'] }],
  },
});
const DOCUMENTS = roleDocuments(PLACE, ADMIN);
const DRILL = drillDocuments(PLACE);
const ENDED = endedPolicyArn(PLACE);
const OTHER = `arn:aws:iam::${ACCOUNT}:policy/janitor/break-glass/other`;
const EVERYTHING: WrittenPolicy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

type Made = Partial<Pick<RoleDocuments, 'trust' | 'inline' | 'boundaryArn'>> & {
  readonly maxSessionSeconds?: number;
  readonly more?: WrittenPolicy;
};

/** An account as the stacks leave it, but for what a test changes of one role. */
class Site {
  readonly aws = new EmbeddedAws({ now: NOW });
  readonly #ledger: DynamoDecisionLedger;
  readonly iam: IAMClient;

  private constructor(ledger: DynamoDecisionLedger) {
    this.#ledger = ledger;
    this.iam = new IAMClient({
      region: 'us-east-1',
      credentials: this.aws.account(ACCOUNT).credentials(),
      retryStrategy: new ConfiguredRetryStrategy(1, 0),
      requestHandler: this.aws.requestHandler({ process: 'reconciler' }),
    });
  }

  static async open(made: Made = {}, left: readonly string[] = []): Promise<Site> {
    const dynamo = new MemoryDynamo();
    const client = directClient(async (operation, input) => dynamo.run(operation, input));
    await createLedgerTables(client, { ledger: 'ledger', state: 'state' });
    const site = new Site(new DynamoDecisionLedger({ client, tableName: 'ledger' }));
    await site.policy('ended-grants', endedPolicyText([]));
    await site.policy('boundary', JSON.stringify(DOCUMENTS.boundary));
    await site.policy('other', JSON.stringify(EVERYTHING));
    await site.role({ ...DOCUMENTS, ...made }, made);
    if (!left.includes('drill')) await site.role(DRILL);
    return site;
  }

  async policy(PolicyName: string, PolicyDocument: string): Promise<void> {
    await this.iam.send(
      new CreatePolicyCommand({ PolicyName, Path: '/janitor/break-glass/', PolicyDocument }),
    );
  }

  async role({ name, trust, boundaryArn, inline }: RoleDocuments, made: Made = {}): Promise<void> {
    const inlinePolicies = [inline, made.more].filter((each) => each !== undefined);
    this.aws.account(ACCOUNT).addRole({
      name,
      path: '/janitor/break-glass/',
      trust: { ...trust },
      inlinePolicies: inlinePolicies.map((each) => ({ ...each })),
      ...(boundaryArn === '' ? {} : { permissionsBoundary: boundaryArn }),
      ...(made.maxSessionSeconds === undefined ? {} : { maxSessionSeconds: made.maxSessionSeconds }),
    });
    await this.attach(name, ENDED);
  }

  async attach(RoleName: string, PolicyArn: string): Promise<void> {
    await this.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  }

  async detach(RoleName: string, PolicyArn: string): Promise<void> {
    await this.iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  }

  async rewrite(PolicyArn: string, PolicyDocument: string): Promise<void> {
    await this.iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }));
  }

  look(overrides: Partial<DriftContext> = {}) {
    return lookForDrift({
      clock: { now: () => this.aws.clock.now().toISOString() },
      ledger: this.#ledger,
      broker: workload(),
      rules: {
        policyHash: 'c'.repeat(64),
        roles: [ADMIN],
        emergency: [],
        emergencyIdentities: [],
        shortestReason: 15,
      },
      place: () => PLACE,
      iamOf: async () => this.iam,
      ...overrides,
    });
  }

  async told(): Promise<string[]> {
    return (await this.#ledger.chain(`grant#drift/${ACCOUNT}`)).map(sentenceOf);
  }
}

describe('roles that are as they have to be', () => {
  it('show no drift and record nothing, also while grants are denied', async () => {
    const site = await Site.open();
    expect(await site.look()).toEqual({
      looked: 4,
      drifted: new Map(),
      recorded: [],
      mended: [],
      failed: new Map(),
    });
    await new DeniedGrants(site.iam, PLACE).deny(['grant-number-one']);
    expect((await site.look()).drifted.size).toBe(0);
    expect(await site.told()).toEqual([]);
  });

  it('however IAM writes the same: order of actions, one value or a list of one', async () => {
    const inline: WrittenPolicy = {
      Version: '2012-10-17',
      Statement: [{ Resource: '*', Action: ['rds:Describe*', 'rds:Reboot*'], Effect: 'Allow' }],
    };
    expect((await (await Site.open({ inline })).look()).drifted.size).toBe(0);
  });
});

describe('what somebody changed is named', () => {
  const [first, ...others] = DOCUMENTS.trust.Statement;
  const anybody = { ...first, Effect: 'Allow' as const, Principal: { AWS: '*' } };
  it.each<[string, Made, string]>([
    [
      'its trust',
      { trust: { ...DOCUMENTS.trust, Statement: [anybody, ...others] } },
      'its trust says something else in the statement number 1',
    ],
    [
      'its trust, by a statement more',
      { trust: { ...DOCUMENTS.trust, Statement: [...DOCUMENTS.trust.Statement, anybody] } },
      'its trust has a statement more, number 4',
    ],
    ['its boundary', { boundaryArn: OTHER }, `its boundary is ${OTHER}`],
    ['that it has a boundary', { boundaryArn: '' }, 'it has no boundary'],
    [
      'what it may do',
      { inline: EVERYTHING },
      'its inline policy permissions says something else in the statement number 1',
    ],
    ['that it may do anything', { inline: undefined }, 'its inline policy permissions is missing'],
    ['what else it may do', { more: EVERYTHING }, 'it has the inline policy inline-2'],
    ['how long it lasts', { maxSessionSeconds: 43_200 }, 'its sessions may last 43200 seconds'],
  ])('%s', async (_what, made, difference) => {
    const site = await Site.open(made);
    expect([...(await site.look()).drifted]).toEqual([[DOCUMENTS.arn, [difference]]]);
    expect(await site.told()).toEqual([`${DOCUMENTS.arn} is not as it has to be: ${difference}.`]);
  });

  it('policies that are attached, or not any more', async () => {
    const site = await Site.open();
    await site.detach(ADMIN.name, ENDED);
    await site.attach('drill', OTHER);
    expect(Object.fromEntries((await site.look()).drifted)).toEqual({
      [DOCUMENTS.arn]: [`the policy ${ENDED} is not attached`],
      [DRILL.arn]: [`the policy ${OTHER} is attached`],
    });
  });

  it('the boundary, by its clause, and the policy of ended grants', async () => {
    const site = await Site.open();
    const Statement = DOCUMENTS.boundary.Statement.filter(({ Sid }) => Sid !== 'NotTheTrail');
    await site.rewrite(DOCUMENTS.boundaryArn, JSON.stringify({ ...DOCUMENTS.boundary, Statement }));
    await site.rewrite(ENDED, JSON.stringify(EVERYTHING));
    expect(Object.fromEntries((await site.look()).drifted)).toEqual({
      [DOCUMENTS.boundaryArn]: ['the boundary lacks the statement NotTheTrail'],
      [ENDED]: ['its text is not one that the janitor writes'],
    });
  });

  it('a role that is not there', async () => {
    const site = await Site.open({}, ['drill']);
    expect([...(await site.look()).drifted]).toEqual([[DRILL.arn, ['it does not exist']]]);
  });
});

describe('on record', () => {
  it('once for each change, and once when it is gone', async () => {
    const site = await Site.open();
    await site.attach(ADMIN.name, OTHER);
    expect((await site.look()).recorded).toEqual([DOCUMENTS.arn]);
    for (let round = 0; round < 3; round += 1) {
      const { drifted, recorded } = await site.look();
      expect([drifted.size, recorded]).toEqual([1, []]);
    }
    await site.detach(ADMIN.name, ENDED);
    expect((await site.look()).recorded).toEqual([DOCUMENTS.arn]);
    await site.attach(ADMIN.name, ENDED);
    await site.detach(ADMIN.name, OTHER);
    expect(await site.look()).toMatchObject({ recorded: [], mended: [DOCUMENTS.arn] });
    expect((await site.look()).mended).toEqual([]);
    expect((await site.told()).at(-1)).toBe(`${DOCUMENTS.arn} is again as it has to be.`);
    await site.attach(ADMIN.name, OTHER);
    expect((await site.look()).recorded).toEqual([DOCUMENTS.arn]);
    expect(await site.told()).toHaveLength(4);
  });

  it('by two who look at the same time, once', async () => {
    const site = await Site.open();
    await site.attach(ADMIN.name, OTHER);
    await Promise.all([site.look(), site.look()]);
    expect(await site.told()).toHaveLength(1);
  });

  it('an account that cannot be looked at is told, and neither drifted nor mended', async () => {
    const site = await Site.open();
    await site.attach(ADMIN.name, OTHER);
    await site.look();
    await site.detach(ADMIN.name, OTHER);
    site.aws.faults.add({
      match: { service: 'iam', operation: 'GetRole' },
      effect: 'error',
      code: 'Throttling',
      times: Number.POSITIVE_INFINITY,
    });
    const seen = await site.look();
    expect([...seen.failed]).toEqual([[ACCOUNT, 'aws-throttled']]);
    expect([seen.looked, seen.mended]).toEqual([0, []]);
  });
});

describe('where accounts are many', () => {
  const accounts = Array.from({ length: 45 }, (_, i) => String(100_000_000_000 + i));
  const at = (minutes: number) => plus(NOW, minutes * MINUTE_MS);

  it('each is looked at in turn, and none is passed over', () => {
    const turns = [0, 5, 10].map((minutes) => accountsInTurn(accounts, at(minutes)));
    expect(turns.map(({ length }) => length).toSorted()).toEqual([20, 20, 5]);
    expect(turns.flat().toSorted()).toEqual(accounts);
    expect(accountsInTurn(accounts, at(15))).toEqual(turns[0]);
  });

  it('few are all looked at, each time', () => {
    for (const minutes of [0, 5, 10]) {
      expect(accountsInTurn(accounts.slice(0, 20), at(minutes))).toEqual(accounts.slice(0, 20));
    }
    expect(accountsInTurn([], NOW)).toEqual([]);
  });
});
