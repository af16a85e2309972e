import { expect, test } from 'vitest';
import { toldNoticeId } from '../../lib/domain/told.ts';
import { recordBounce } from '../../lib/sweep/index.ts';
import { Ground } from './ground.ts';

test('a notice to somebody who was asked for a decision may come back: no owner was warned by it, and nothing is recorded', async () => {
  const ground = await Ground.create();
  const before = ground.written.length;
  const id = toldNoticeId('request#request-0001', 'pending', 'bob');
  await recordBounce(await ground.context({}), id, 'bounced: Permanent (General)');
  expect(ground.written).toHaveLength(before);
});
