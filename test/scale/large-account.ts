import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as z from 'zod';
import { isManifestHead } from '../../lib/domain/manifest.ts';
import { manifestOf, readManifest } from '../../lib/ledger/index.ts';
import {
  type ActedOn,
  actOnAccount,
  type Decided,
  decideAccount,
  type SweepContext,
} from '../../lib/sweep/index.ts';
import { Ground } from '../sweep/ground.ts';
import { MAIN } from '../world/places.ts';

const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1'];
/** Every so many secrets one that nobody has read for long. */
const STALE_EVERY = 2_000;

/** One account of many secrets in three Regions; a rule labels the stale ones before their owners are told. */
export async function largeAccount(secrets: number): Promise<Ground> {
  const ground = await Ground.create({
    janitor: {
      inventory: { regions: REGIONS, fullReadEvery: '7d' },
      lifetime: { secret: '90d' },
    },
    rules: {
      'stale-unlabelled': {
        why: 'Whoever finds it should see whose it is.',
        credential: 'secret',
        match: { all: [{ unusedFor: '90d' }, { labelled: false }] },
        steps: ['tag'],
      },
    },
  });
  const account = ground.aws.account(MAIN);
  const createdAt = ground.ago(300);
  const [used, stale] = [ground.ago(2), ground.ago(120)];
  for (let n = 0; n < secrets; n += 1) {
    account.addSecret(REGIONS[n % REGIONS.length] ?? '', {
      name: `app/${n}`,
      value: 'ordinary',
      createdAt,
      lastAccessedAt: n % STALE_EVERY === 0 ? stale : used,
      tags: { owner: Math.floor(n / STALE_EVERY) % 2 === 0 ? 'dave' : 'erin' },
    });
  }
  return ground;
}

/** A function's time, in milliseconds of the embedded clock. */
export interface TimeLimit {
  readonly limitMs: number;
  /** Left when it stops. */
  readonly marginMs: number;
}

export interface Lived {
  readonly phase: 'decide' | 'act';
  /** Embedded milliseconds. */
  readonly tookMs: number;
  /** What the process held when it was told to stop, beyond what the account itself takes; in bytes. */
  readonly heldBytes: number | undefined;
}

/** Sweeps in as many processes as it takes: each has so much time, and a name, clients and memory of its own. */
export async function sweepInLimitedTime(ground: Ground, limit: TimeLimit): Promise<Lived[]> {
  const lived: Lived[] = [];
  const before = heapBytes();
  const live = async <T>(
    phase: Lived['phase'],
    run: (context: SweepContext, mayGoOn: () => boolean) => T,
  ) => {
    const context = await ground.context({ process: `process-${lived.length}` });
    const begun = ground.aws.clock.millis();
    let heldBytes: number | undefined;
    const mayGoOn = () => {
      if (begun + limit.limitMs - ground.aws.clock.millis() > limit.marginMs) return true;
      heldBytes ??= heapBytes() - before;
      return false;
    };
    const answer = await run(context, mayGoOn);
    lived.push({ phase, tookMs: ground.aws.clock.millis() - begun, heldBytes });
    return answer;
  };
  const workspaceOf = (context: SweepContext) => ({ store: context.evidence, runId: 'large' });
  let decided: Decided = { status: 'continue' };
  while (decided.status === 'continue') {
    decided = await live('decide', (context, mayGoOn) =>
      decideAccount(context, { enforce: true, workspace: workspaceOf(context), mayGoOn }),
    );
  }
  let acted: ActedOn = decided.status === 'decided' ? { status: 'continue' } : decided;
  while (acted.status === 'continue') {
    acted = await live('act', (context, mayGoOn) =>
      actOnAccount(context, { enforce: true, workspace: workspaceOf(context), mayGoOn, allowance: 100 }),
    );
  }
  return lived;
}

const collectGarbage = z.custom<() => void>((value) => typeof value === 'function').parse(exposedGc());

function exposedGc(): unknown {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** What came of the account's newest sweep: what must not depend on how many processes it took. */
export interface Result {
  readonly sweep: object;
  /** By credential. */
  readonly verdicts: ReadonlyMap<string, string>;
  /** Types of the events on each chain, but for leases. */
  readonly chains: Readonly<Record<string, readonly string[]>>;
  readonly deeds: readonly string[];
  readonly letters: readonly string[];
}

export async function resultOf(ground: Ground): Promise<Result> {
  const event = ground.of('sweep.finished').at(-1);
  const reference = event === undefined ? undefined : manifestOf(event);
  if (event === undefined || reference === undefined) throw new TypeError('no sweep was finished');
  const { sweepId, merkleRoot, ...sweep } = event.data;
  const verdicts = new Map<string, string>();
  for await (const line of (await readManifest((await ground.context()).evidence, reference)).lines) {
    if (isManifestHead(line)) continue;
    if (verdicts.has(line.credential.id))
      throw new TypeError(`${line.credential.id} is twice in the manifest`);
    verdicts.set(line.credential.id, toTheMinute(JSON.stringify(line.judgement)));
  }
  return {
    sweep,
    verdicts,
    chains: chainsOf(ground),
    deeds: ground.deeds().sort(),
    letters: ground.outbox.letters.map(({ notice }) => `${notice.recipient.id}: ${notice.items.length}`),
  };
}

/** A sweep of several processes asks for pauses before it reads, so that its clock is a call ahead. */
function toTheMinute(text: string): string {
  return text.replaceAll(/:\d\d\.\d{3}Z/g, '');
}

function chainsOf(ground: Ground): Record<string, string[]> {
  const chains: Record<string, string[]> = {};
  for (const { subject, type } of ground.written) {
    if (!subject.startsWith('lease#')) chains[subject] = [...(chains[subject] ?? []), type];
  }
  return chains;
}
