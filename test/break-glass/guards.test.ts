import { CreatePolicyVersionCommand } from '@aws-sdk/client-iam';
import { describe, expect, it, vi } from 'vitest';
import {
  approveGrant,
  attachEvidence,
  DeniedGrants,
  reconcileGrants,
  returnGrant,
  reviewGrant,
  revokeGrant,
  revokeRole,
  startGrant,
} from '../../lib/break-glass/index.ts';
import { endedPolicyText } from '../../lib/domain/break-glass-names.ts';
import { JanitorError } from '../../lib/domain/error.ts';
import { DAY_MS } from '../../lib/domain/time.ts';
import { StateProjection } from '../../lib/ledger/index.ts';
import { ACCOUNT } from '../builders/credential.ts';
import { workload } from '../builders/event.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { directClient } from '../world/dynamo/direct-client.ts';
import { ANA, BO, content, ENDED, Ground, type Passage, ROLE, role } from './ground.ts';

const steady: Passage = (_effect, run) => run();
const OTHER = 'grant-number-two';
const UNAVAILABLE = { code: 'ledger-unavailable', source: 'system' } as const;
const USES = 'grant#uses/ana/database-admin';

describe('I1: a session is on record, or nobody gets it', () => {
  it('an intent that took a minute to record is too old to ask STS for a session', async () => {
    const ground = await Ground.open();
    await ground.started();
    const before = ground.log.filter((what) => what === 'AssumeRole').length;
    ground.passage = async (effect, run) => {
      const answer = await run();
      if (effect === 'PutItem') ground.pass(1);
      return answer;
    };
    await expect(ground.renew()).rejects.toMatchObject({ code: 'grant-intent-stale' });
    expect(ground.log.filter((what) => what === 'AssumeRole')).toHaveLength(before);
  });

  it('two clients that start the same grant at once both get a session, and each is on record', async () => {
    const ground = await Ground.open();
    const both = await Promise.all([ground.started(), ground.started()]);
    expect((await ground.grant())?.accessKeyIds.toSorted()).toEqual(
      both.map(({ accessKeyId }) => accessKeyId).toSorted(),
    );
  });

  it('of two that ask for something else under one id, one gets it', async () => {
    const ground = await Ground.open();
    const both = [ground.start(), ground.start({ content: { durationSeconds: 900 } })];
    const outcomes = (await Promise.all(both)).map(({ outcome }) => outcome);
    expect(outcomes.toSorted()).toEqual(['conflict', 'started']);
  });

  it('an end that is recorded while a renewal asks for its session wins', async () => {
    const ground = await Ground.open();
    await ground.started();
    ground.passage = async (effect, run) => {
      const answer = await run();
      if (effect !== 'AssumeRole') return answer;
      ground.passage = steady;
      await revokeGrant(await ground.context(), { grantId: GRANT_ID, actor: BO });
      return answer;
    };
    expect(await ground.renew()).toMatchObject({ outcome: 'over' });
    expect(await ground.types()).not.toContain('grant.issued');
  });
});

describe('I13, I14: what nobody completed does not stay', () => {
  it('a grant whose activation was never completed is ended within minutes, long before its end', async () => {
    const ground = await Ground.open();
    ground.passage = async (effect, run) => {
      if (effect === 'AssumeRole') throw new Error('died');
      return run();
    };
    await expect(ground.start({ content: { durationSeconds: 3600 } })).rejects.toThrow();
    ground.passage = steady;
    const round = async () => reconcileGrants(await ground.context());
    ground.pass(1);
    await round();
    expect(await ground.state()).toBe('activating');
    ground.pass(1);
    expect((await round()).ended).toEqual([GRANT_ID]);
    expect((await ground.grant())?.ending).toMatchObject({ cause: 'never-active' });
  });

  it('a grant whose end came while nobody looked for days is ended as soon as somebody does', async () => {
    const ground = await Ground.open();
    await ground.started();
    ground.aws.clock.advance(3 * DAY_MS);
    const context = await ground.context();
    expect((await reconcileGrants(context)).looked).toBe(0);
    const { requests } = new StateProjection({
      client: directClient(async (operation, input) => ground.dynamo.run(operation, input)),
      tableName: 'state',
    });
    const owing = () => requests.open('grant', ground.now);
    expect((await reconcileGrants({ ...context, owing })).ended).toEqual([GRANT_ID]);
  });

  it('a denial that another writer undid before it was read back is written again', async () => {
    const ground = await Ground.open();
    const iam = ground.iam();
    const send = iam.send.bind(iam);
    let undone = false;
    const contended = Object.assign(ground.iam(), {
      send: async (command: CreatePolicyVersionCommand) => {
        const answer = await send(command);
        if (!undone && command instanceof CreatePolicyVersionCommand) {
          undone = true;
          const PolicyDocument = endedPolicyText(['grant-number-two']);
          await send(
            new CreatePolicyVersionCommand({ PolicyArn: ENDED, PolicyDocument, SetAsDefault: true }),
          );
        }
        return answer;
      },
    });
    const session = await ground.started();
    const denied = new DeniedGrants(contended, { partition: 'aws', accountId: ACCOUNT });
    const changed = vi.fn();
    expect(await denied.deny([GRANT_ID], { changed })).toBe('v4');
    expect(changed).not.toHaveBeenCalled();
    expect(await ground.use(session)).toBe('AccessDenied');
  });
});

describe('I13: what one of two lists cannot tell the other does', () => {
  it('a round ends what the index has, though the lists are out of order, and says so', async () => {
    const ground = await Ground.open();
    await ground.started({ content: { durationSeconds: 600 } });
    ground.pass(10);
    const owing = () => {
      throw new JanitorError('the list is gone', UNAVAILABLE);
    };
    const { ended, failed } = await reconcileGrants({ ...(await ground.context()), owing });
    expect(ended).toEqual([GRANT_ID]);
    expect([...failed]).toEqual([['the list of grants', 'ledger-unavailable']]);
  });
});

describe('I13: trouble with one grant leaves none of the others open', () => {
  it.each([GRANT_ID, OTHER])(
    'revoking all of a role ends the rest, and says that %s is left',
    async (stuck) => {
      const ground = await Ground.open();
      await ground.started();
      await ground.started({ content: { grantId: OTHER } });
      const context = await ground.context();
      const { ledger } = context;
      const throttled = {
        append: async (...[subject, ...rest]: Parameters<typeof ledger.append>) => {
          if (subject === `grant#${stuck}`) throw new JanitorError('throttled', UNAVAILABLE);
          return ledger.append(subject, ...rest);
        },
        chain: (subject: string) => ledger.chain(subject),
        subjectsIn: (buckets: Iterable<string>) => ledger.subjectsIn(buckets),
      };
      const revoked = revokeRole({ ...context, ledger: throttled }, { role: ROLE, actor: BO });
      await expect(revoked).rejects.toMatchObject({ code: 'ledger-unavailable' });
      const other = stuck === OTHER ? GRANT_ID : OTHER;
      expect([await ground.state(stuck), await ground.state(other)]).toEqual(['active', 'ended']);
    },
  );
});

describe('I11, I16: a second person is another person', () => {
  it('the same person twice is one; a program takes no role, whatever name it bears', async () => {
    const ground = await Ground.open();
    ground.rules = { ...ground.rules, roles: [role({ tier: 'critical' })] };
    expect(await ground.start()).toMatchObject({ outcome: 'waiting', grant: { approvalsNeeded: 2 } });
    const context = await ground.context();
    const approve = () => approveGrant(context, { grantId: GRANT_ID, actor: BO });
    expect(await approve()).toMatchObject({ outcome: 'recorded' });
    expect(await approve()).toMatchObject({ outcome: 'refused', reason: 'approved-already' });
    expect(await ground.start()).toMatchObject({ outcome: 'waiting' });
    const another = { grantId: 'grant-of-a-program' };
    const program = workload({ person: 'ana' });
    expect(await ground.start({ actor: program, content: another })).toMatchObject({ code: 'not-a-person' });
  });
});

describe('I17: no use is forgotten', () => {
  it('a use that could not be noted when it began is noted by the reconciler', async () => {
    const ground = await Ground.open();
    const context = await ground.context();
    const { ledger } = context;
    const append: typeof ledger.append = async (subject, ...rest) => {
      if (subject === USES) throw new Error('died');
      return ledger.append(subject, ...rest);
    };
    const halfGone = {
      append,
      chain: (subject: string) => ledger.chain(subject),
      subjectsIn: (buckets: Iterable<string>) => ledger.subjectsIn(buckets),
    };
    const asked = { actor: ANA, content: content() };
    await expect(startGrant({ ...context, ledger: halfGone }, asked)).rejects.toThrow('died');
    expect(await ground.types()).toEqual(['grant.requested']);
    expect(await ground.types(USES)).toEqual([]);
    await reconcileGrants(await ground.context());
    expect(await ground.types(USES)).toEqual(['grant.noted']);
  });

  it('a review that was refused settles nothing', async () => {
    const ground = await Ground.open();
    await ground.started();
    const context = await ground.context();
    await returnGrant(context, { grantId: GRANT_ID, actor: ANA });
    const evidence = { kind: 'session', key: `break-glass/${GRANT_ID}.json`, sha256: 'a'.repeat(64) };
    await attachEvidence(context, { grantId: GRANT_ID, evidence, events: 1, complete: true });
    const review = { grantId: GRANT_ID, verdict: 'closed', reason: 'all of it served the repair' } as const;
    expect(await reviewGrant(context, { ...review, actor: ANA })).toMatchObject({ reason: 'own-use' });
    expect(await ground.types(USES)).toEqual(['grant.noted']);
  });
});
