import { expect, test } from 'vitest';
import { MINUTE_MS } from '../../lib/domain/time.ts';
import { Ground } from './ground.ts';

/** Secrets on four pages. */
const MANY = 350;

test('I6 a long reading that finds nothing keeps its lease: nobody else may begin meanwhile', async () => {
  const ground = await Ground.create();
  for (let n = 0; n < MANY; n += 1) ground.secret({ name: `app/${n}`, usedDays: 1 });
  for (let page = 0; page < 4; page += 1) {
    ground.network.meanwhile({
      process: 'sweeper',
      before: ({ operation }) => operation === 'ListSecrets',
      run: () => ground.network.advance(4 * MINUTE_MS),
    });
  }
  await expect(ground.sweep()).resolves.toMatchObject({ credentials: MANY });
  expect(ground.network.happened).toBe(4);
  expect(ground.of('lease.renewed').length).toBeGreaterThan(0);
});
