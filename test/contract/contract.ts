import { describe, expect, it } from 'vitest';
import { IAM_KEY_CASES } from './iam-keys.ts';
import { IAM_USER_CASES } from './iam-users.ts';
import { REGION_CASES } from './regions.ts';
import { SECRET_PROTECTION_CASES } from './secret-protection.ts';
import { SECRET_CASES } from './secrets.ts';
import { STS_CASES } from './sts.ts';
import type { ContractCase, ContractTarget } from './target.ts';

/** What the janitor expects of AWS. Any implementation that says it is AWS is held against it. */
export const CONTRACT: readonly ContractCase[] = [
  ...IAM_USER_CASES,
  ...IAM_KEY_CASES,
  ...STS_CASES,
  ...SECRET_CASES,
  ...SECRET_PROTECTION_CASES,
  ...REGION_CASES,
];

async function runOn(target: ContractTarget, contractCase: ContractCase): Promise<void> {
  const world = await target.open();
  try {
    await contractCase.run(world);
  } finally {
    await world.close();
  }
}

/** Declares the whole contract on a target. A known difference must still be one, and fail as it says. */
export function declareContract(target: ContractTarget): void {
  describe(`contract of AWS on ${target.name}`, () => {
    for (const contractCase of CONTRACT) {
      const difference = target.knows(contractCase.name);
      if (difference === undefined) {
        it(contractCase.name, () => runOn(target, contractCase));
      } else {
        it(`${contractCase.name} [known difference: ${difference.reason}]`, async () => {
          await expect(runOn(target, contractCase)).rejects.toThrow(difference.failsWith);
        });
      }
    }
  });
}
