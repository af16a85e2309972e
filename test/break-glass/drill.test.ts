import { AttachRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  attachEvidence,
  type DrillContext,
  drill,
  type IssuedSession,
  reconcileGrants,
} from '../../lib/break-glass/index.ts';
import { drillDocuments } from '../../lib/domain/break-glass-documents.ts';
import { afterUse, isOwing } from '../../lib/domain/grant.ts';
import { DAY_MS } from '../../lib/domain/time.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { person, workload } from '../builders/event.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { ANA, ENDED, Ground, TRUST } from './ground.ts';

const PLACE = {
  partition: 'aws',
  accountId: ACCOUNT,
  hubAccount: '444455556666',
  prefix: 'janitor',
  stackName: 'CredentialJanitor',
};
const PASSED = ['started', 'used', 'renewed', 'returned', 'refused'].map((stage) => [stage, 'passed']);

let ground: Ground;

beforeEach(async () => {
  ground = await Ground.open();
  const { inline } = drillDocuments(PLACE);
  ground.aws.account(ACCOUNT).addRole({
    name: 'drill',
    path: '/janitor/break-glass/',
    trust: TRUST,
    inlinePolicies: inline === undefined ? [] : [{ ...inline }],
  });
  await ground.iam().send(new AttachRolePolicyCommand({ RoleName: 'drill', PolicyArn: ENDED }));
});

async function context(): Promise<DrillContext> {
  const iamAs = ({ accessKeyId, secretAccessKey, sessionToken }: IssuedSession) =>
    new IAMClient(
      ground.config(
        {
          accessKeyId,
          secretAccessKey: secretAccessKey.reveal(),
          sessionToken: sessionToken.reveal(),
        },
        'drill',
      ),
    );
  const pause = async (millis: number) => ground.pass(millis / 60_000);
  return { ...(await ground.context()), iamAs, pause };
}

const asked = { actor: ANA, grantId: GRANT_ID, accountId: ACCOUNT };
const run = async (overrides: Partial<typeof asked> = {}) =>
  drill(await context(), { ...asked, ...overrides });
const stagesOf = async () =>
  (await ground.grant())?.drill?.stages.map(({ stage, outcome }) => [stage, outcome]);

/** The broker's calls of STS, whenever they come. */
function throttled(): void {
  ground.passage = async (effect, run) => {
    if (effect !== 'AssumeRole') return run();
    throw Object.assign(new Error('slow down'), { name: 'Throttling' });
  };
}

function failing(operation: string, service: string): void {
  ground.aws.faults.add({
    match: { service, operation },
    effect: 'error',
    code: 'ServiceFailure',
    times: Number.POSITIVE_INFINITY,
  });
}

describe('G17: the whole path, tried on a role that may do nothing', () => {
  it('takes, uses, renews, gives back and sees the end, on record', async () => {
    expect(await run()).toMatchObject({ outcome: 'drilled', failed: undefined });
    expect(await ground.types()).toEqual([
      'grant.requested',
      'grant.activated',
      'grant.renewed',
      'grant.issued',
      'grant.ending',
      'grant.ended',
      'grant.drilled',
    ]);
    expect(await stagesOf()).toEqual(PASSED);
    expect(ground.log).toContain('announcement');
  });

  it('is for whoever may have any role, and the emergency group; not for workloads and strangers', async () => {
    ground.onCall = { unknown: 'nobody can say' };
    for (const name of ['ana', 'bo', 'dora']) {
      const done = await run({ actor: person(name), grantId: `drill-of-${name}` });
      expect(done).toMatchObject({ outcome: 'drilled', failed: undefined });
    }
    expect(await run({ actor: person('zoe') })).toMatchObject({ outcome: 'refused', code: 'not-eligible' });
    const agent = await run({ actor: workload(), grantId: 'drill-of-agent' });
    expect(agent).toMatchObject({ outcome: 'refused', code: 'not-a-person' });
    const elsewhere = await run({ accountId: '999999999999', grantId: 'drill-elsewhere' });
    expect(elsewhere).toMatchObject({ outcome: 'refused', code: 'account-not-covered' });
  });

  it('does not ask for the reason and the ticket of a real use', async () => {
    ground.rules = { ...ground.rules, shortestReason: 200, ticketPattern: 'OPS-[0-9]+' };
    expect(await run()).toMatchObject({ outcome: 'drilled', failed: undefined });
  });

  it('owes its evidence and no review, and costs nobody a second person', async () => {
    await run();
    const grant = await ground.grant();
    if (grant === undefined) throw new Error('there is none');
    expect([afterUse(grant, ground.now), isOwing(grant)]).toEqual(['evidence-pending', true]);
    await reconcileGrants(await ground.context());
    expect(await ground.types('grant#uses/ana/drill')).toEqual([]);
    ground.aws.clock.advance(30 * DAY_MS);
    expect(await run({ grantId: 'another-drill' })).toMatchObject({ outcome: 'drilled', failed: undefined });
    expect(await ground.start({ content: { grantId: 'a-real-use-1' } })).toMatchObject({
      outcome: 'started',
    });
    const evidence = { kind: 'session', key: `break-glass/${GRANT_ID}.json`, sha256: 'a'.repeat(64) };
    await attachEvidence(await context(), { grantId: GRANT_ID, evidence, events: 2, complete: true });
    const after = await ground.grant();
    if (after === undefined) throw new Error('there is none');
    expect([afterUse(after, ground.now), isOwing(after)]).toEqual(['closed', false]);
  });

  it('tells the same when it is asked for again, and does nothing twice', async () => {
    const first = await run();
    const events = (await ground.types()).length;
    expect(await run()).toEqual(first);
    expect(await ground.types()).toHaveLength(events);
    expect(await run({ actor: person('bo') })).toEqual({ outcome: 'conflict' });
  });
});

describe('a drill that fails says at which stage, and gives back what it took', () => {
  it.each<[string, () => void, string, string]>([
    ['STS is throttled', throttled, 'started', 'aws-throttled'],
    ['the credentials do not work', () => failing('GetRole', 'iam'), 'used', 'aws-'],
    ['the tag cannot be denied', () => failing('CreatePolicyVersion', 'iam'), 'returned', 'aws-'],
  ])('%s', async (_what, prepare, stage, detail) => {
    const prepared = await context();
    prepare();
    const done = await drill(prepared, asked);
    expect(done).toMatchObject({ outcome: 'drilled', failed: stage });
    const stages = (await ground.grant())?.drill?.stages ?? [];
    expect(stages.find((each) => each.stage === stage)?.detail).toContain(detail);
    expect(await ground.state()).toMatch(/^(ended|ending)$/);
  });

  it('the role is not under the policy of ended grants: its end was not seen', async () => {
    const { DetachRolePolicyCommand } = await import('@aws-sdk/client-iam');
    await ground.iam().send(new DetachRolePolicyCommand({ RoleName: 'drill', PolicyArn: ENDED }));
    expect(await run()).toMatchObject({ outcome: 'drilled', failed: 'refused' });
    expect((await ground.grant())?.drill?.stages.at(-1)).toMatchObject({
      stage: 'refused',
      outcome: 'failed',
      detail: 'still-answered',
    });
  });

  it('a policy that takes seconds to spread is waited for', async () => {
    const prepared = await context();
    let looks = 0;
    const iamAs: DrillContext['iamAs'] = (session) => {
      looks += 1;
      // Late: what was asked before the fifth look is answered as if nothing had been denied yet.
      return looks > 2 && looks < 5 ? { send: async () => ({}) } : prepared.iamAs(session);
    };
    const done = await drill({ ...prepared, iamAs: (session) => iamAs(session) }, asked);
    expect(done).toMatchObject({ outcome: 'drilled', failed: undefined });
    expect(looks).toBeGreaterThan(4);
  });
});
