import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { floorOf } from './floor.ts';
import { ACCOUNT_ID, type Population } from './population.ts';

export interface Measurement extends Population {
  readonly run: 'first' | 'later';
  readonly calls: number;
  readonly floor: number;
  readonly seconds: number;
  readonly peakMegabytes: number;
}

const measured = z.strictObject({ exit: z.number(), seconds: z.number(), peakMegabytes: z.number() });
const swept = z.object({ calls: z.record(z.string(), z.number()) });

/** Heap limits such as Lambda sets for a function of 256 MB. */
export const HEAP_FLAGS = ['--max-old-space-size=160', '--max-semi-space-size=2'];

/** Milliseconds the account takes for each call, as in peers.md. */
export const LATENCY_MS = 30;

/** A first and a later observing sweep of one account over HTTP, each in a process of its own. */
export async function measureSweeps(population: Population): Promise<Measurement[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'janitor-bench-'));
  const { users, secrets, flagged } = population;
  const server = spawn(process.execPath, [
    'bench/account-server.ts',
    ...[users, secrets, flagged, LATENCY_MS].map(String),
  ]);
  try {
    const url = await firstLine(server);
    const first = await sweepOnce(url, folder, '2026-11-01T00:10:00Z');
    const later = await sweepOnce(url, folder, '2026-11-01T08:10:00Z');
    return [
      { ...population, run: 'first', floor: floorOf(population, 'first'), ...first },
      { ...population, run: 'later', floor: floorOf(population, 'later'), ...later },
    ];
  } finally {
    server.kill('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  }
}

async function sweepOnce(url: string, folder: string, now: string) {
  const figures = path.join(folder, 'figures.json');
  const output = path.join(folder, `sweep-${now.slice(0, 13)}.json`);
  const child = spawn(
    process.execPath,
    [
      ...HEAP_FLAGS,
      'bench/measured-janitor.ts',
      figures,
      'sweep',
      '--format',
      'json',
      '--state-dir',
      path.join(folder, 'state'),
      '--now',
      now,
      '--expect-account',
      ACCOUNT_ID,
      '--yes',
    ],
    {
      env: {
        ...process.env,
        AWS_ENDPOINT_URL: url,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: `ASIABOOT${ACCOUNT_ID}`,
        AWS_SECRET_ACCESS_KEY: `embedded-aws-administrator-${ACCOUNT_ID}`,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  child.stdout.pipe(createWriteStream(output));
  await ended(child);
  const { exit, seconds, peakMegabytes } = measured.parse(JSON.parse(await readFile(figures, 'utf8')));
  if (exit !== 0) throw new Error(`the sweep ended with ${exit}`);
  const { calls } = swept.parse(JSON.parse(await readFile(output, 'utf8')));
  const total = Object.values(calls).reduce((sum, count) => sum + count, 0);
  return { calls: total, seconds, peakMegabytes };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the account server has no output');
  child.stderr?.pipe(process.stderr);
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('the account server ended before it was ready');
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  });
}
