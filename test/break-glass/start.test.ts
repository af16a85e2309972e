import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { approveGrant } from '../../lib/break-glass/index.ts';
import { DAY_MS } from '../../lib/domain/time.ts';
import { person } from '../builders/event.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { BO, Ground, role } from './ground.ts';

const OTHER = 'grant-of-another-night';

describe('G11: a role in seconds', () => {
  it('four round trips: read, record, act side by side, record; and the session works', async () => {
    const ground = await Ground.open();
    const session = await ground.started();
    expect(ground.log).toEqual([
      'Query',
      'Query',
      'on call',
      'PutItem',
      'PutItem',
      'schedule',
      'announcement',
      'AssumeRole',
      'projection',
      'PutItem',
    ]);
    expect(await ground.types()).toEqual(['grant.requested', 'grant.activated']);
    expect(await ground.use(session)).toBe('answered');
    expect(await ground.state()).toBe('active');
  });

  it('the session says whose it is and of which grant, and lasts fifteen minutes', async () => {
    const ground = await Ground.open();
    const { accessKeyId } = await ground.started();
    const issued = ground.aws.changes.all.find(
      ({ operation, after }) => operation === 'AssumeRole' && JSON.stringify(after).includes(accessKeyId),
    );
    expect(issued?.after).toMatchObject({
      sourceIdentity: 'ana',
      tags: { 'janitor:grant': GRANT_ID },
      expiresAt: '2026-10-15T09:15:00.000Z',
    });
  });

  it('G2: no event, and nothing that is printed, holds a credential', async () => {
    const ground = await Ground.open();
    const session = await ground.started();
    const written = JSON.stringify([
      await ground.events(),
      await ground.events(`grant#uses/ana/database-admin`),
    ]);
    for (const text of [written, inspect(session), JSON.stringify(session)]) {
      expect(text).not.toContain(session.secretAccessKey.reveal());
      expect(text).not.toContain(session.sessionToken.reveal());
    }
    expect(written).toContain(session.accessKeyId);
  });

  it('what is refused is recorded, and no session exists', async () => {
    const ground = await Ground.open();
    const refused = await ground.start({ actor: person('zoe') });
    expect(refused).toMatchObject({ outcome: 'refused', code: 'not-eligible' });
    expect(await ground.types()).toEqual(['grant.refused']);
    expect(ground.log).not.toContain('AssumeRole');
    expect(await ground.start({ actor: person('zoe') })).toEqual(refused);
  });

  it('what looks like a secret is not repeated in the record', async () => {
    const ground = await Ground.open();
    const reason = 'key wJalrXUtnFEMI/K7MDENG/bPxRfiCYzQ3mPLEKEY';
    expect(await ground.start({ content: { reason } })).toMatchObject({ code: 'secret-shaped' });
    expect(JSON.stringify(await ground.events())).not.toContain('wJalr');
  });

  it('an id stands for one grant of one person', async () => {
    const ground = await Ground.open();
    await ground.started();
    expect(await ground.start({ content: { durationSeconds: 900 } })).toEqual({ outcome: 'conflict' });
    expect(await ground.start({ actor: BO })).toEqual({ outcome: 'conflict' });
    expect(await ground.start()).toMatchObject({ outcome: 'started' });
    expect(await ground.types()).toEqual([
      'grant.requested',
      'grant.activated',
      'grant.renewed',
      'grant.issued',
    ]);
  });

  it('a schedule or an announcement that fails stops nobody, and is recorded', async () => {
    const ground = await Ground.open();
    ground.scheduleFails = true;
    ground.announcementFails = true;
    await ground.started();
    expect((await ground.grant())?.errands).toEqual(['end-schedule', 'announcement']);
  });
});

describe('a second person', () => {
  it('approves a guarded role, and then the same call begins it', async () => {
    const ground = await Ground.open();
    ground.rules = { ...ground.rules, roles: [role({ tier: 'guarded' })] };
    expect(await ground.start()).toMatchObject({ outcome: 'waiting' });
    const context = await ground.context();
    const approve = (actor: typeof BO) => approveGrant(context, { grantId: GRANT_ID, actor });
    expect(await approve(person('ana'))).toMatchObject({ outcome: 'refused', reason: 'own-request' });
    expect(await approve(person('zoe'))).toMatchObject({ outcome: 'refused', reason: 'not-an-approver' });
    expect(await approve(BO)).toMatchObject({ outcome: 'recorded' });
    expect(await approve(person('cy'))).toMatchObject({ outcome: 'refused', reason: 'not-waiting' });
    ground.pass(10);
    expect(await ground.use(await ground.started())).toBe('answered');
  });

  it('I18: is needed once a review of the same person and role is overdue', async () => {
    const ground = await Ground.open();
    await ground.started();
    ground.aws.clock.advance(3 * DAY_MS + 30 * 60_000);
    expect(await ground.start({ content: { grantId: OTHER } })).toMatchObject({
      outcome: 'waiting',
      grant: { approvalsNeeded: 1 },
    });
    const bo = await ground.start({ content: { grantId: 'grant-of-bo' }, actor: BO });
    expect(bo).not.toMatchObject({ outcome: 'waiting' });
  });
});
