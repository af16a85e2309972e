import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { authorisationMatrix, loadPolicy, renderAuthorisationMatrix } from '../../lib/policy/index.ts';
import { policyOf } from './policy-fixture.ts';

const root = path.join(import.meta.dirname, '..', '..');
/** People come and go; the published matrix is that of one day. */
const DAY = '2026-11-01T00:00:00.000Z';

describe('the matrix of the shipped policy is in the repository as it would be generated now', () => {
  it('docs/authorisation-matrix.md (to renew: npx vitest run test/policy/matrix-published.test.ts -u)', async () => {
    const policy = await loadPolicy(path.join(root, 'policy'));
    await expect(renderAuthorisationMatrix(policy, DAY)).toMatchFileSnapshot(
      path.join(root, 'docs', 'authorisation-matrix.md'),
    );
  });
});

describe('what no policy can make of it', () => {
  const loose = policyOf({
    requests: {
      routine: { exception: '90d', extension: '90d', restore: '30d', 'rotate-now': '7d' },
      eligible: [{ anyone: true }],
    },
  });
  const lines = authorisationMatrix(loose, DAY);

  it('I16: no workload and no agent decides anything', () => {
    for (const { what, cells } of lines.filter(
      (line) => !['submit', 'withdraw', 'open challenge', 'halt'].includes(line.what),
    )) {
      for (const who of ['workload', 'sponsored agent', 'agent', 'outside workload', 'unresolved'] as const) {
        expect([what, cells[who].outcome]).toEqual([what, 'refused']);
      }
    }
  });

  it('I11: nobody approves what they ask for', () => {
    for (const { what, cells } of lines.filter((line) => line.what.startsWith('approve'))) {
      expect([what, cells.requester.outcome]).toEqual([what, 'refused']);
    }
  });

  it('G20: an agent nobody answers for gets nothing beyond the routine', () => {
    for (const line of lines) {
      if (line.what !== 'submit' || line.tier === 'routine') continue;
      expect(line.cells.agent).toEqual({ outcome: 'refused', code: 'sponsor-missing' });
    }
  });

  it('plans and overrides are never pre-approved', () => {
    const routine = lines.flatMap((line) =>
      line.what === 'submit' && line.tier === 'routine' ? [line.kind] : [],
    );
    expect(routine).toEqual(['exception', 'extension', 'restore', 'rotate-now']);
  });
});
