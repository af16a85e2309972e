import { describe, expect, it } from 'vitest';
import { attachEvidence, returnGrant, reviewGrant } from '../../lib/break-glass/index.ts';
import { unknown } from '../../lib/domain/fact.ts';
import { afterUse } from '../../lib/domain/grant.ts';
import { DAY_MS } from '../../lib/domain/time.ts';
import { person } from '../builders/event.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { ANA, BO, Ground, role } from './ground.ts';

const CY = person('cy');
const evidence = { kind: 'session', key: `break-glass/${GRANT_ID}.json`, sha256: 'a'.repeat(64) };
const ONCALL = {
  kind: 'http',
  url: 'https://oncall.example.com',
  timeoutMs: 1,
  ifUnknown: 'emergency-group',
} as const;

/** A grant that was used and given back, with a desk for what comes after. */
async function used(actor = ANA, prepare: (ground: Ground) => void = () => undefined) {
  const ground = await Ground.open();
  prepare(ground);
  await ground.started({ actor });
  const context = await ground.context();
  const attach = () => attachEvidence(context, { grantId: GRANT_ID, evidence, events: 3, complete: true });
  const review = (by: typeof BO, verdict: 'closed' | 'finding' = 'closed') =>
    reviewGrant(context, { grantId: GRANT_ID, actor: by, verdict, reason: 'all of it served the repair' });
  const giveBack = () => returnGrant(context, { grantId: GRANT_ID, actor });
  const stage = async () => {
    const grant = await ground.grant();
    return grant === undefined ? undefined : afterUse(grant, ground.now);
  };
  return { ground, attach, review, giveBack, stage };
}

describe('I17: evidence, and a review by somebody else', () => {
  it('in this order: end, evidence, review', async () => {
    const { ground, attach, review, giveBack, stage } = await used();
    expect(await attach()).toMatchObject({ outcome: 'refused', reason: 'not-ended' });
    expect(await review(BO)).toMatchObject({ reason: 'not-ended' });
    await giveBack();
    expect(await stage()).toBe('evidence-pending');
    expect(await review(BO)).toMatchObject({ reason: 'no-evidence' });
    expect(await review(ANA)).toMatchObject({ reason: 'own-use' });
    await attach();
    expect(await stage()).toBe('review-due');
    expect(await review(ANA)).toMatchObject({ reason: 'own-use' });
    expect(await review(person('zoe'))).toMatchObject({ reason: 'not-a-reviewer' });
    expect(await review(BO)).toMatchObject({ outcome: 'recorded' });
    expect(await stage()).toBe('closed');
    expect(await review(CY)).toMatchObject({ reason: 'settled' });
    expect(await ground.types('grant#uses/ana/database-admin')).toEqual(['grant.noted', 'grant.settled']);
  });

  it('a finding is one whoever else closes', async () => {
    const { attach, review, giveBack, stage } = await used();
    await giveBack();
    await attach();
    await review(BO, 'finding');
    expect(await stage()).toBe('finding');
  });

  it('whoever went ahead although nobody could say who is on call is reviewed by two', async () => {
    const { ground, attach, review, giveBack, stage } = await used(person('dora'), (each) => {
      each.rules = { ...each.rules, roles: [role({ onCall: ONCALL })] };
      each.onCall = unknown('it did not answer in time');
    });
    expect((await ground.grant())?.standing).toBe('emergency');
    await giveBack();
    await attach();
    await review(BO);
    expect(await stage()).toBe('review-due');
    expect(await review(BO)).toMatchObject({ reason: 'reviewed-already' });
    await review(CY);
    expect(await stage()).toBe('closed');
  });

  it('I18: overdue, the next use waits for a second person; reviewed at last, it does not', async () => {
    const { ground, attach, review, giveBack } = await used();
    await giveBack();
    await attach();
    ground.aws.clock.advance(4 * DAY_MS);
    const next = (grantId: string) => ground.start({ content: { grantId } });
    expect(await next('grant-number-two')).toMatchObject({
      outcome: 'waiting',
      grant: { approvalsNeeded: 1 },
    });
    await review(BO);
    expect(await next('grant-number-three')).toMatchObject({ outcome: 'started' });
  });
});
