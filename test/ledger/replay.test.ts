import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { knownValue } from '../../lib/domain/fact.ts';
import type { Judgement } from '../../lib/domain/verdict.ts';
import { type ReplayJudge, replaySweep } from '../../lib/ledger/index.ts';
import { accessKey, NOW, secret, userPrincipal } from '../builders/credential.ts';
import { history, openFinding } from '../builders/history.ts';
import { type LocalLedger, localLedger } from './local-ledger.ts';
import { judgement, line, POLICY_HASH, POLICY_TEXT, recordSweep } from './recorded-sweep.ts';

/** A judge that uses all it is given, so that anything lost on the way shows. */
const judge: ReplayJudge = ({ credential, history: past, now }): Judgement => {
  const used = knownValue(credential.facts.lastUsedAt);
  const found = Object.keys(past.findings).length;
  return judgement({
    verdict: {
      outcome: found > 0 ? 'act' : 'keep',
      reasons: [`${credential.name} was used at ${used} before ${now}, ${found} found.`],
    },
  });
};

const credentials = [
  accessKey(),
  accessKey({ principal: userPrincipal({ userName: 'é "quoted" \\ name' }) }),
  secret(),
];
const lines = credentials.map((credential, index) => {
  const past = index === 0 ? { history: history({ findings: { x: openFinding({ rule: 'x' }) } }) } : {};
  return {
    ...past,
    ...line(credential),
    judgement: judge({ credential, history: past.history ?? history(), now: NOW }),
  };
});

let local: LocalLedger;

beforeEach(async () => {
  local = await localLedger();
});
afterEach(() => local.close());

describe('G9, I19: a past sweep judged again', () => {
  it('comes to the same bytes from manifest and archived policy alone', async () => {
    const sweep = await recordSweep(local, { sweepId: 'sweep-1', lines });
    const compiled: string[][] = [];
    const compile = (...archived: [string, string]) => {
      compiled.push(archived);
      return judge;
    };
    const replay = {
      sweepId: 'sweep-1',
      at: NOW,
      policyHash: POLICY_HASH,
      replayed: 3,
      differing: 0,
      differences: [],
    };
    expect(await replaySweep(local, sweep, compile)).toMatchObject(replay);
    expect(await replaySweep(local, 'sweep-1', compile)).toMatchObject(replay);
    expect(compiled).toEqual([
      [POLICY_TEXT, POLICY_HASH],
      [POLICY_TEXT, POLICY_HASH],
    ]);
  });

  it('names what comes out differently, with both judgements', async () => {
    await recordSweep(local, { sweepId: 'sweep-1', lines });
    const other: ReplayJudge = (input) =>
      input.credential.kind === 'secret' ? judgement({ recipient: 'somebody else' }) : judge(input);
    expect(await replaySweep(local, 'sweep-1', () => other)).toMatchObject({
      replayed: 3,
      differing: 1,
      differences: [
        { credentialId: secret().id, stored: lines[2]?.judgement, replayed: { recipient: 'somebody else' } },
      ],
    });
  });

  it('says so when the sweep, its manifest or its policy is not there', async () => {
    await recordSweep(local, { sweepId: 'sweep-1', lines });
    await expect(replaySweep(local, 'sweep-9', () => judge)).rejects.toMatchObject({
      code: 'not-found',
      source: 'user',
    });
    await rm(join(local.folder, 'evidence', 'policies', `${POLICY_HASH}.json`));
    await expect(replaySweep(local, 'sweep-1', () => judge)).rejects.toMatchObject({
      code: 'evidence-missing',
      message: expect.stringContaining(POLICY_HASH),
    });
  });
});
