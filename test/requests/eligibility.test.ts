import { beforeEach, describe, expect, it } from 'vitest';
import type { RequestRules } from '../../lib/domain/request-rules.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { agent, asker, REQUEST_ID } from '../builders/asked.ts';
import { NOW } from '../builders/credential.ts';
import { by, Ground } from './ground.ts';

const PAYMENTS = { groups: ['payments'], members: ['eve', 'ana'] };
const SECURITY = { groups: ['security', 'board'], members: ['ana', 'bo'] };
const bot = agent('planner');

let ground: Ground;
beforeEach(async () => {
  ground = await Ground.open();
});

function submit(eligible: RequestRules['eligible'], requester: ReturnType<typeof by>, millis = 30 * DAY_MS) {
  const context = ground.under({ eligible });
  return ground.submit({ context, requester, content: { endsAt: plus(NOW, millis) } });
}

describe('who may ask, where the policy names groups', () => {
  it.each([
    ['a member', by(asker('eve'))],
    ['a workload that a member sent', by(agent('deploy'), { onBehalfOf: [asker('eve')] })],
    ['an agent that a member answers for', by(bot, { autonomous: true, sponsor: 'eve' })],
  ])('%s may', async (_who, requester) => {
    expect(await submit([PAYMENTS], requester)).toMatchObject({ state: 'pending' });
  });

  it.each([
    ['another person', by(asker('bo'))],
    ['a workload by itself', by(agent('deploy'))],
    ['a person who sent a member', by(asker('eve'), { onBehalfOf: [asker('bo')] })],
    ['an agent that another person answers for', by(bot, { autonomous: true, sponsor: 'bo' })],
    ['an agent nobody answers for', by(bot, { autonomous: true })],
    ['a workload that claims a sponsor', by(agent('deploy'), { sponsor: 'eve' })],
  ])('%s may not, however short it is, and the denial is recorded', async (_who, requester) => {
    expect(await submit([PAYMENTS], requester, DAY_MS)).toMatchObject({
      state: 'denied',
      request: { end: { code: 'not-eligible', reason: expect.stringContaining('payments') } },
    });
    expect(await ground.types(`request#${REQUEST_ID}`)).toEqual(['request.denied']);
  });

  it('several rules: whoever asks has to be eligible for each', async () => {
    expect(await submit([PAYMENTS, SECURITY], by(asker('eve')))).toMatchObject({
      request: { end: { code: 'not-eligible', reason: expect.stringContaining('security, board') } },
    });
    expect(
      await ground.submit({
        context: ground.under({ eligible: [PAYMENTS, SECURITY] }),
        requestId: 'request-0002',
      }),
    ).toMatchObject({ state: 'pending' });
  });
});

describe('rules of which different groups approve', () => {
  it('are asked for one by one, unless it is within what is pre-approved', async () => {
    const divided = { group: 'a', quorum: 2, members: ['bo', 'cy'], divided: ['a', 'b'] };
    const context = ground.under({ approvals: { guarded: divided, critical: divided } });
    expect(await ground.submit({ context })).toMatchObject({
      request: { end: { code: 'approvers-differ', reason: expect.stringContaining('a, b') } },
    });
    const routine = { context, requestId: 'request-0002', content: { endsAt: plus(NOW, DAY_MS) } };
    expect(await ground.submit(routine)).toMatchObject({ state: 'approved' });
  });
});
