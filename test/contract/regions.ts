import { ListRegionsCommand, paginateListRegions } from '@aws-sdk/client-account';
import { expect } from 'vitest';
import type { ContractCase } from './target.ts';

export const REGION_CASES: readonly ContractCase[] = [
  {
    name: 'ListRegions: the Regions every account has',
    async run(world) {
      const { Regions } = await world
        .clients()
        .account.send(
          new ListRegionsCommand({ MaxResults: 50, RegionOptStatusContains: ['ENABLED_BY_DEFAULT'] }),
        );
      const found = Regions?.map((region) => region.RegionName) ?? [];
      expect(found).toEqual(expect.arrayContaining(['us-east-1', 'eu-central-1', 'eu-west-1']));
      expect(new Set(Regions?.map((region) => region.RegionOptStatus))).toEqual(
        new Set(['ENABLED_BY_DEFAULT']),
      );
    },
  },
  {
    name: 'ListRegions: MaxResults cuts the list and a token continues it',
    async run(world) {
      const found: (string | undefined)[] = [];
      let pages = 0;
      for await (const page of paginateListRegions({ client: world.clients().account, pageSize: 5 }, {})) {
        pages += 1;
        found.push(...(page.Regions ?? []).map((region) => region.RegionName));
      }
      expect(pages).toBeGreaterThan(3);
      expect(new Set(found).size).toBe(found.length);
    },
  },
];
