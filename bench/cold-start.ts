import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { loadPolicy, PACKED_POLICY, packPolicy } from '../lib/policy/index.ts';
import { plainDeployment } from '../test/functions/deployment.ts';
import { type HubServices, startHubServices } from '../test/functions/hub-services.ts';
import type { SentCall } from '../test/functions/loopback-cloud.ts';
import { bareHandler } from './cold-start-bare.ts';
import { type Bundle, bundle, type Commands } from './cold-start-bundle.ts';
import { SCENES, type Scene } from './cold-start-scenes.ts';

/** Medians of fresh processes, in milliseconds. */
export interface ColdStart {
  readonly name: string;
  readonly kilobytes: number;
  readonly importMs: number;
  readonly invokeMs: number;
  /** From the start of the process to the answer. */
  readonly wholeMs: number;
  /** Beside a bare handler with the same SDK clients. */
  readonly bare: Beside;
  /** Beside one that has only those that the function loads at its start or calls. */
  readonly lean: Beside;
}

interface Beside {
  readonly wholeMs: number;
  /** Of the whole cold start: of each round's function and bare handler, which stand beside each other in time. */
  readonly ratio: number;
}

interface Sample {
  readonly bootMs: number;
  readonly importMs: number;
  readonly invokeMs: number;
}

const sampleSchema = z.strictObject({
  bootMs: z.number(),
  importMs: z.number(),
  invokeMs: z.number(),
  error: z.string(),
});
const deployment = plainDeployment();

/**
 * Import and first call of every bundled function beside a bare handler that has the same SDK clients and commands and
 * makes the same calls: both by the same esbuild options, in fresh processes, alternating, against AWS on loopback.
 */
export async function measureColdStarts(rounds: number): Promise<ColdStart[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'janitor-cold-start-'));
  const services = await startHubServices(deployment, () => new Date());
  try {
    await writeFile(path.join(folder, PACKED_POLICY), packPolicy(await loadPolicy('policy')));
    const measured: ColdStart[] = [];
    for (const scene of SCENES) measured.push(await measure(scene, { folder, services, rounds }));
    return measured;
  } finally {
    await services.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Setting {
  readonly folder: string;
  readonly services: HubServices;
  readonly rounds: number;
}

async function measure(scene: Scene, { folder, services, rounds }: Setting): Promise<ColdStart> {
  const { name } = scene;
  const real = await bundle({ entry: `functions/${name}/handler.ts` }, path.join(folder, name));
  const variables = {
    ...deployment.environment(name),
    ...(await services.credentialsOf(name)),
    AWS_ENDPOINT_URL: services.cloud.url,
    POLICY_DIR: folder,
    POWERTOOLS_SERVICE_NAME: `credential-janitor-${name}`,
    POWERTOOLS_METRICS_NAMESPACE: 'CredentialJanitor',
  };
  const watched = async (run: () => Promise<Sample>) => {
    const before = services.cloud.calls.length;
    const sample = await run();
    return { sample, calls: services.cloud.calls.slice(before) };
  };
  const start = (round: number) => coldStart(real, { ...scene, event: scene.event(round) }, variables);
  const { calls } = await watched(() => start(0));
  const bareOf = (commands: Commands, kind: string) =>
    bundle({ text: bareHandler(commands, calls) }, path.join(folder, `${name}-${kind}`));
  const bare = await bareOf(real.commands, 'bare');
  const lean = await bareOf(real.loaded, 'lean');
  const samples = { real: [] as Sample[], bare: [] as Sample[], lean: [] as Sample[] };
  for (let round = 1; round <= rounds; round += 1) {
    for (const [kept, run] of [
      [samples.bare, () => coldStart(bare, { event: {} }, variables)],
      [samples.real, () => start(round)],
      [samples.lean, () => coldStart(lean, { event: {} }, variables)],
    ] as const) {
      const done = await watched(run);
      if (namesOf(done.calls) !== namesOf(calls)) {
        throw new Error(`${name}: round ${round} made other calls than the first: ${namesOf(done.calls)}`);
      }
      kept.push(done.sample);
    }
  }
  return {
    name,
    kilobytes: real.bytes / 1000,
    importMs: median(samples.real, (sample) => sample.importMs),
    invokeMs: median(samples.real, (sample) => sample.invokeMs),
    wholeMs: median(samples.real, wholeOf),
    bare: beside(samples.real, samples.bare),
    lean: beside(samples.real, samples.lean),
  };
}

function beside(samples: readonly Sample[], others: readonly Sample[]): Beside {
  const ratios = samples.map((sample, i) => wholeOf(sample) / wholeOf(others[i]));
  return { wholeMs: median(others, wholeOf), ratio: median(ratios, (ratio) => ratio) };
}

function namesOf(calls: readonly SentCall[]): string {
  return calls
    .map(({ service, operation, status }) => `${service}:${operation} ${status}`)
    .sort()
    .join(', ');
}

function coldStart(
  { file }: Bundle,
  { event, error = '' }: { readonly event: object; readonly error?: string },
  variables: NodeJS.ProcessEnv,
): Promise<Sample> {
  const { PATH = '' } = process.env;
  const surroundings = {
    PATH,
    HOME: path.dirname(file),
    AWS_REGION: 'eu-central-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const child = fork('bench/cold-start-child.js', [file, JSON.stringify(event)], {
    env: { ...surroundings, ...variables },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('message', (said) => {
      const { error: met, ...sample } = sampleSchema.parse(said);
      if (met.split(':')[0] === error) resolve(sample);
      else reject(new Error(`${path.basename(path.dirname(file))} ended otherwise than it should: ${met}`));
    });
    child.once('exit', (code) =>
      reject(new Error(`${path.basename(path.dirname(file))} ended with ${code} and no figures`)),
    );
  });
}

/** From the start of the process to the answer. */
function wholeOf(sample: Sample | undefined): number {
  return sample === undefined ? Number.NaN : sample.bootMs + sample.importMs + sample.invokeMs;
}

function median<T>(samples: readonly T[], of: (sample: T) => number): number {
  const sorted = samples.map(of).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const ROUNDS = 40;

/** A table for docs/benchmarks.md. */
export async function reportColdStarts(): Promise<string> {
  const measured = await measureColdStarts(ROUNDS);
  const rows = measured.map(({ name, kilobytes, importMs, invokeMs, wholeMs, bare, lean }) => {
    const times = [kilobytes, importMs, invokeMs, wholeMs].map((value) => value.toFixed(0));
    const ratios = [bare, lean].flatMap((each) => [each.wholeMs.toFixed(0), each.ratio.toFixed(2)]);
    return `| ${[name, ...times, ...ratios].join(' | ')} |`;
  });
  return `
A cold start is what passes from the start of a process to its first answer: Node starts, the bundle is loaded, the
handler is called. Each function beside a bare handler with the same SDK clients and commands that makes the same calls,
one after the other, and beside one that has only the clients which the function loads at its start or calls; all bundled
by the same esbuild options and started in turn, ${ROUNDS} times each, against AWS on loopback; medians in milliseconds. A
ratio is the median of each pair's, of the whole. The budget is 1.3 for the same clients.

| function | KB | load | first call | whole | same clients: whole | ratio | those it loads: whole | ratio |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}
`;
}
