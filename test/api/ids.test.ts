import { describe, expect, it } from 'vitest';
import { handlerOver } from './gateway.ts';

const request = (credentialId: string) => ({
  requestId: 'request-0001',
  request: {
    ask: { kind: 'restore', credentialId },
    reasonKind: 'incident',
    businessOwner: 'erin',
    reason: 'It is needed again',
    ticket: 'OPS-7',
    endsAt: '2026-03-09T08:00:00.000Z',
  },
});
const SECRET = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:';

describe('ids are those that AWS has, whatever looks like them', () => {
  it.each([
    ['an id in Cyrillic letters', `${SECRET}раypal-AbCdEf`],
    ['an id with a line in it', `${SECRET}a\nb-AbCdEf`],
    ['an id with a blank', `${SECRET}a b-AbCdEf`],
    ['an id longer than any', `${SECRET}${'a'.repeat(1_000)}`],
    ['an id of another kind', 'arn:aws:iam::111122223333:user/ana'],
    ['a plan', 'plan/111122223333/4'],
    ['a path', '../credential'],
  ])('%s is refused by its field', async (_name, credentialId) => {
    const { ask, calls } = handlerOver();
    const answer = await ask({
      method: 'POST',
      path: '/v1/requests',
      body: JSON.stringify(request(credentialId)),
    });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ field: 'body.request.ask.credentialId' }]);
    expect(calls).toEqual([]);
  });

  it('an id as AWS has it gets through', async () => {
    const { ask, calls } = handlerOver();
    const body = JSON.stringify(request(`${SECRET}team/db_1+x=.@-AbCdEf`));
    expect((await ask({ method: 'POST', path: '/v1/requests', body })).status).toBe(200);
    expect(calls).toHaveLength(1);
  });
});
