import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTRACT, declareContract } from '../contract/contract.ts';
import { clientsOf } from '../contract/embedded-targets.ts';
import { MOTO_DIFFERENCES } from './moto-differences.ts';
import { type MotoServer, startMoto } from './moto-server.ts';

const ADMINISTRATOR = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'not-checked-by-moto' };

let moto: MotoServer;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(() => moto?.stop());

declareContract({
  name: 'moto',
  async open() {
    await moto.reset();
    return {
      clients: (credentials = ADMINISTRATOR) => clientsOf(credentials, { endpoint: moto.url }),
      seedKey: (seed) => moto.seedKey(seed),
      close: async () => {},
    };
  },
  knows: (caseName) => MOTO_DIFFERENCES[caseName],
});

describe('the list of known differences of moto', () => {
  const names = new Set(CONTRACT.map((each) => each.name));

  it.each(Object.entries(MOTO_DIFFERENCES))(
    '%s: is a case of the contract and says why',
    (name, difference) => {
      expect(names).toContain(name);
      expect(difference.reason.length).toBeGreaterThan(20);
    },
  );
});
