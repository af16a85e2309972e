import { describe, it } from 'vitest';
import { drivenByJanitor, expectNoneLost, ours, scheduled } from './lives.ts';

const DAYS = 180;

/** By `npm run test:functions`: a quarter of a million requests each. */
describe(`consumers that sign a request every minute for ${DAYS} days, one cached for an hour, one fresh after each rotation`, () => {
  it('lose none to the rotation function', async () => expectNoneLost(await scheduled(ours), DAYS));

  it('lose none to the janitor itself', async () => expectNoneLost(await drivenByJanitor(), DAYS));
});
