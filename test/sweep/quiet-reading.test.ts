import { expect, test } from 'vitest';
import { MINUTE_MS } from '../../lib/domain/time.ts';
import { Ground } from './ground.ts';

/** Of secrets, a hundred on each; some are fetched ahead. */
const PAGES = 12;

test('I6 a long reading that finds nothing keeps its lease: nobody else may begin meanwhile', async () => {
  const ground = await Ground.create();
  for (let n = 0; n < 100 * PAGES; n += 1) ground.secret({ name: `app/${n}`, usedDays: 1 });
  for (let page = 0; page < PAGES; page += 1) {
    ground.network.meanwhile({
      process: 'sweeper',
      before: ({ operation }) => operation === 'ListSecrets',
      run: () => ground.network.advance(MINUTE_MS),
    });
  }
  await expect(ground.sweep()).resolves.toMatchObject({ complete: true });
  expect(ground.network.happened).toBe(PAGES);
  expect(ground.of('lease.renewed').length).toBeGreaterThan(0);
});
