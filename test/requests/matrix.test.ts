import { describe, expect, it } from 'vitest';
import {
  authorisationMatrix,
  type MatrixCell,
  type MatrixLine,
  type MatrixWho,
} from '../../lib/policy/index.ts';
import { NOW } from '../builders/credential.ts';
import { Ground } from './ground.ts';
import { submitted } from './matrix-asking.ts';
import { decided } from './matrix-deciding.ts';
import { inMemory } from './matrix-desk.ts';
import { matrixPolicy, PERSON } from './matrix-stage.ts';

const everybody = Object.values(PERSON);
const BOTH = [{ groups: ['insiders'] }];
const LIMITS = { exception: '7d', extension: '14d', restore: '1d', 'rotate-now': '12h' };

/** Policies that say nothing, pre-approve, tier otherwise, and let only members ask. */
const policies = {
  'that says nothing': [{}, []],
  'that pre-approves': [{ routine: LIMITS }, []],
  'with other tiers and approvers': [
    {
      kinds: { exception: { tier: 'guarded' }, restore: { tier: 'critical' } },
      approvers: [
        { kinds: ['exception'], tier: 'guarded', group: 'security', quorum: 2 },
        { group: 'security', quorum: 3 },
      ],
      routine: { exception: '7d' },
    },
    [],
  ],
  'that lets only members ask, who all of them are': [{ routine: LIMITS, eligible: BOTH }, everybody],
  'that lets only members ask, who none of them is': [{ routine: LIMITS, eligible: BOTH }, ['outsider']],
} as const;

/** What the matrix promises to somebody who is a member of the groups that may ask, or is not. */
function promised({ onlyIn, ...cell }: MatrixCell, isInside: boolean): MatrixCell {
  return onlyIn === undefined || isInside ? cell : { outcome: 'refused', code: 'not-eligible' };
}

function isWho(key: string, line: MatrixLine): key is MatrixWho {
  return Object.hasOwn(line.cells, key);
}

describe.each(Object.entries(policies))('under a policy %s', (_name, [requests, insiders]) => {
  const policy = matrixPolicy(requests, { insiders });
  const next = matrixPolicy(requests, { insiders, restoreHold: '31d' });
  const lines = authorisationMatrix(policy, NOW).map((line) => [textOf(line), line] as const);

  it.each(lines)('%s: everybody gets what the matrix says', async (_line, line) => {
    const happened: Partial<Record<MatrixWho, MatrixCell>> = {};
    const said: Partial<Record<MatrixWho, MatrixCell>> = {};
    for (const who of Object.keys(line.cells).filter((key) => isWho(key, line))) {
      const ground = await Ground.open();
      said[who] = promised(line.cells[who], insiders.length > 1);
      happened[who] =
        line.what === 'submit'
          ? await submitted(ground, policy, line, who)
          : await decided({ ground, policy, next, evidence: inMemory() }, line, who);
    }
    expect(happened).toEqual(said);
  });
});

function textOf(line: MatrixLine): string {
  return [line.what, 'kind' in line ? line.kind : '', 'tier' in line ? line.tier : '']
    .filter(Boolean)
    .join(' ');
}
