import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { JanitorError } from '../../domain/error.ts';
import { DAY_MS, type Instant, plus } from '../../domain/time.ts';
import type { Stage, SweepContext, SweepResult } from '../../wiring/index.ts';
import type { Wiring } from '../run.ts';
import type { Session } from '../session.ts';
import { Narrator } from './narrator.ts';

/** A Monday. The story is the same every time it is told. */
const START: Instant = '2026-03-02T08:00:00.000Z';

/** What every chapter works with. */
export interface Demo {
  readonly session: Session;
  readonly narrator: Narrator;
  readonly wiring: Wiring;
  readonly stage: Stage;
  /** The policy of the company, and the same one before it was allowed to act. */
  readonly policies: { readonly enforcing: string; readonly observing: string };
  /** The program itself, running as a role. */
  readonly janitor: () => Promise<SweepContext>;
  /** One of the people, signing with a key of their own. */
  readonly person: (name: keyof Stage['company']['people'], policyDir?: string) => Promise<SweepContext>;
  /** Lets time pass up to so many days after the start; what is in use goes on being used. */
  readonly day: (days: number) => Instant;
  /** A sweep that may act. */
  readonly sweep: () => Promise<SweepResult>;
  /** Plans the chapters hand on to each other. */
  plans: readonly string[];
  lastSweepId: string;
}

/** Sets the stage in a temporary folder, which `close` removes. */
export async function openDemo(
  session: Session,
  wiring: Wiring,
): Promise<{ readonly demo: Demo; close(): Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'janitor-demo-'));
  const stage = await wiring.openStage(folder, START);
  const enforcing = wiring.demoPolicyDirectory();
  const observing = await observingCopy(enforcing, folder);
  const janitor = async () => stage.context(await stage.janitorSession(), enforcing);
  const demo: Demo = {
    session,
    narrator: new Narrator(session),
    wiring,
    stage,
    policies: { enforcing, observing },
    janitor,
    person: (name, policyDir = enforcing) => stage.context(stage.company.people[name], policyDir),
    day: (days) => {
      const instant = plus(START, days * DAY_MS);
      stage.liveUntil(instant);
      return instant;
    },
    sweep: async () => {
      const result = await wiring.sweepAccount(await janitor(), { enforce: true });
      demo.lastSweepId = result.sweepId;
      return result;
    },
    plans: [],
    lastSweepId: '',
  };
  return {
    demo,
    close: async () => {
      await stage.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same policy as it stood before it was allowed to act. */
async function observingCopy(policyDir: string, folder: string): Promise<string> {
  const copy = path.join(folder, 'policy-before');
  await mkdir(copy);
  for (const file of ['janitor.yaml', 'directory.yaml']) {
    const text = await readFile(path.join(policyDir, file), 'utf8');
    await writeFile(path.join(copy, file), text.replace(/^mode: enforce$/m, 'mode: observe'));
  }
  return copy;
}

/** The story tells only what is true: throws `demo-broken` when the program did something else. */
export function mustHold(holds: boolean, what: string): void {
  if (holds) return;
  throw new JanitorError(`the demo did not go as it should: ${what}`, {
    code: 'demo-broken',
    source: 'system',
    hint: 'This is a defect of the program; please report it with the output above.',
  });
}
