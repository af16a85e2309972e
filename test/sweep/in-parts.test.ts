import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isManifestHead } from '../../lib/domain/manifest.ts';
import { manifestOf, readManifest } from '../../lib/ledger/index.ts';
import {
  type ActedOn,
  actOnAccount,
  approvePlan,
  type Decided,
  decideAccount,
  type FinishedSweep,
} from '../../lib/sweep/index.ts';
import { Ground } from './ground.ts';

/** Says no at every question, or after so many; the sequence begins anew when it is used up. */
type Patience = readonly number[];

interface Story {
  readonly deeds: readonly string[];
  readonly letters: readonly object[];
  readonly chains: Readonly<Record<string, readonly string[]>>;
  readonly sweeps: readonly object[];
  readonly manifests: readonly object[];
}

/** A dozen keys and secrets of every state. */
async function village(): Promise<Ground> {
  const ground = await Ground.create({
    janitor: { limits: { perAccountPerDay: 4, perOrganisationPerDay: 100, percentOfKind: 100, atLeast: 1 } },
  });
  for (let n = 0; n < 7; n += 1) {
    ground.key({ user: `worker-${n}`, usedDays: n % 3 === 0 ? 3 : 60, owner: n % 5 === 0 ? null : 'dave' });
    ground.secret({ name: `app/${n}`, usedDays: n % 4 === 0 ? 2 : 120 });
  }
  return ground;
}

async function whole(): Promise<Story> {
  const ground = await village();
  return live(ground, async () => {
    await ground.sweep();
  });
}

async function inParts(patience: Patience): Promise<Story & { readonly pauses: number }> {
  const ground = await village();
  let pauses = 0;
  let run = 0;
  const story = await live(ground, async () => {
    run += 1;
    pauses += await sweepInParts(ground, `run-${run}`, patience);
  });
  return { ...story, pauses };
}

/** A process per call, as many as it takes; the decision, then the acts. */
async function sweepInParts(ground: Ground, runId: string, patience: Patience): Promise<number> {
  let calls = 0;
  const options = async () => {
    const context = await ground.context();
    let left = patience[calls % patience.length] ?? 0;
    calls += 1;
    const mayGoOn = () => {
      left -= 1;
      return left >= 0;
    };
    return { context, workspace: { store: context.evidence, runId }, enforce: true, mayGoOn, allowance: 100 };
  };
  let decided: Decided = { status: 'continue' };
  while (decided.status === 'continue') {
    const { context, ...rest } = await options();
    decided = await decideAccount(context, rest);
  }
  let acted: ActedOn = decided.status === 'finished' ? decided : { status: 'continue' };
  while (acted.status === 'continue') {
    const { context, ...rest } = await options();
    acted = await actOnAccount(context, { ...rest, mayGoOn: afterHeadway(ground, rest.mayGoOn) });
  }
  expect(acted.status).toBe('finished');
  return calls;
}

/** A process has time for some headway at least: what is over a cap is looked at again by each of them. */
function afterHeadway(ground: Ground, mayGoOn: () => boolean): () => boolean {
  const before = ground.of('step.intended').length;
  return () => ground.of('step.intended').length === before || mayGoOn();
}

/** Warned, disabled up to the cap, planned, approved. */
async function live(ground: Ground, sweep: () => Promise<void>): Promise<Story> {
  await sweep();
  await ground.wait(14.5);
  await sweep();
  for (const { data } of ground.of('plan.frozen')) await approvePlan(ground.desk('bob'), data.planId);
  await ground.wait(1.1);
  await sweep();
  const finished = ground.of('sweep.finished');
  return {
    deeds: ground.deeds(),
    letters: ground.outbox.letters.map(({ notice }) => ({ to: notice.recipient.id, text: notice.text })),
    chains: chainsOf(ground),
    sweeps: finished.map(({ data }) => withoutIdentity(data)),
    manifests: await Promise.all(finished.map((event) => manifestLines(ground, event))),
  };
}

function chainsOf(ground: Ground): Record<string, string[]> {
  const chains: Record<string, string[]> = {};
  for (const { subject, type } of ground.written) {
    if (subject.startsWith('lease#')) continue;
    chains[subject] = [...(chains[subject] ?? []), type];
  }
  return chains;
}

/** What a sweep of several processes may say otherwise: its name, hashes over lease and times, repeated look-ups. */
function withoutIdentity({ sweepId, merkleRoot, calls, ...rest }: FinishedSweep): object {
  return rest;
}

async function manifestLines(ground: Ground, event: Parameters<typeof manifestOf>[0]): Promise<object> {
  const reference = manifestOf(event);
  if (reference === undefined) throw new TypeError('a finished sweep has no manifest');
  const { evidence } = await ground.context();
  const lines: object[] = [];
  for await (const line of (await readManifest(evidence, reference)).lines) {
    if (isManifestHead(line)) continue;
    const { credential, judgement } = line;
    const { due, ...verdict } = judgement.verdict;
    lines.push({ id: credential.id, verdict, due: due?.slice(0, 'yyyy-mm-ddThh:mm'.length) });
  }
  return lines;
}

describe('a sweep of several processes comes to what one process comes to (I6)', async () => {
  const expected = await whole();

  test('the story is worth telling: steps, a cap, plans, letters', () => {
    expect(expected.deeds.length).toBeGreaterThan(5);
    expect(expected.letters.length).toBeGreaterThan(1);
    expect(Object.values(expected.chains).flat()).toContain('plan.frozen');
  });

  test('stopped wherever it can be stopped', async () => {
    const { pauses, ...story } = await inParts([0]);
    expect(story).toEqual(expected);
    expect(pauses).toBeGreaterThan(12);
  });

  test('stopped never: two processes, or one where nothing is due', async () => {
    const { pauses, ...story } = await inParts([1000]);
    expect(story).toEqual(expected);
    expect(pauses).toBeLessThanOrEqual(6);
  });

  test('stopped anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(7), { minLength: 1, maxLength: 5 }), async (patience) => {
        const { pauses, ...story } = await inParts(patience);
        expect(story).toEqual(expected);
      }),
      { numRuns: 4 },
    );
  });
});

describe('what comes between two processes', () => {
  const options = (context: Awaited<ReturnType<Ground['context']>>, mayGoOn = () => true) => ({
    workspace: { store: context.evidence, runId: 'run-1' },
    enforce: true,
    mayGoOn,
    allowance: 100,
  });

  test('a repeated last call finds the sweep finished and adds nothing', async () => {
    const ground = await Ground.create();
    ground.key({ user: 'deployer', usedDays: 1 });
    const context = await ground.context();
    const first = await decideAccount(context, options(context));
    const events = ground.of('sweep.finished').length;
    expect(await decideAccount(context, options(context))).toEqual(first);
    expect(ground.of('sweep.finished')).toHaveLength(events);
  });

  test('G8 another policy version begins anew: verdicts of two versions are never mixed', async () => {
    const ground = await village();
    const context = await ground.context();
    await decideAccount(
      context,
      options(context, () => false),
    );
    const other = await Ground.create({
      janitor: {
        limits: { perAccountPerDay: 3, perOrganisationPerDay: 100, percentOfKind: 100, atLeast: 1 },
      },
    });
    const changed = await ground.context({ policy: other.policy });
    expect(await actOnAccount(changed, options(changed))).toEqual({ status: 'undecided' });
    expect(await decideAccount(changed, options(changed))).toMatchObject({ status: 'finished' });
    expect(ground.of('sweep.finished').map(({ policyHash }) => policyHash)).toEqual([changed.policy.hash]);
  });

  test('I2 acting before the decision is refused', async () => {
    const ground = await village();
    const context = await ground.context();
    expect(await actOnAccount(context, options(context))).toEqual({ status: 'undecided' });
    expect(ground.deeds()).toEqual([]);
  });

  test('I5 over its allowance an account freezes the rest', async () => {
    const ground = await village();
    await ground.sweep();
    await ground.wait(14.5);
    const context = await ground.context();
    const decided = await decideAccount(context, options(context));
    expect(decided).toMatchObject({ status: 'decided', demand: expect.any(Number) });
    const before = ground.changes().length;
    await actOnAccount(context, { ...options(context), allowance: 2 });
    expect(ground.changes().length - before).toBe(2);
    expect(ground.of('plan.frozen').at(-1)?.data.frozenBecause).toBe('cap');
  });
});
