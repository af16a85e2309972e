import { describe, expect, it } from 'vitest';
import { drivenByJanitor, expectNoneLost, lostIn, ours, scheduled } from './lives.ts';
import { naiveRotator } from './naive-rotator.ts';

describe('consumers that sign a request every minute, one cached for an hour, one fresh after each rotation', () => {
  it('lose no request to the rotation function', async () => expectNoneLost(await scheduled(ours), 25));

  it('lose no request to the janitor itself', async () => expectNoneLost(await drivenByJanitor(), 25));

  it('lose requests to a naive rotator, both of them: the harness sees what it is to see', async () => {
    const lost = await lostIn(await scheduled(async (ground) => naiveRotator(ground)), 25);
    expect(lost.cached).toBeGreaterThan(10);
    expect(lost.started).toBeGreaterThan(0);
  });
});
