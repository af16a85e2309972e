import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';

/** The interpreter of the environment that scripts/emulator-env.ts makes. */
export const PYTHON = join(import.meta.dirname, '..', '..', '.venv', 'moto', 'bin', 'python');
const SCRIPT = join(import.meta.dirname, 'moto_server.py');

const started = z.object({ url: z.string() });
const seeded = z.object({ keyId: z.string() });

export interface KeySeed {
  readonly userName: string;
  readonly createdAt: string;
  readonly lastUsedAt: string;
}

/** A running moto. It ends with `stop`, and by itself when this process ends, however it ends. */
export interface MotoServer {
  readonly url: string;
  /** Empties every account. */
  reset(): Promise<void>;
  /** A user with one back-dated key; returns the key's id. */
  seedKey(seed: KeySeed): Promise<string>;
  stop(): Promise<void>;
}

/** Starts moto on a free loopback port. Rejects when the process ends before it listens. */
export async function startMoto(): Promise<MotoServer> {
  const child = spawn(PYTHON, [SCRIPT], { stdio: 'pipe' });
  const answers = linesOf(child);
  const { url } = started.parse(JSON.parse(await answers()));
  return {
    url,
    async reset() {
      const { ok, status } = await fetch(`${url}/moto-api/reset`, { method: 'POST' });
      if (!ok) throw new Error(`moto answered its reset with ${status}`);
    },
    async seedKey(seed) {
      child.stdin.write(`${JSON.stringify(seed)}\n`);
      return seeded.parse(JSON.parse(await answers())).keyId;
    },
    async stop() {
      const ended = once(child, 'exit');
      child.stdin.end();
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Returns a function that waits for the next line of the child's output; its complaints are kept for the error. */
function linesOf(child: ChildProcessWithoutNullStreams): () => Promise<string> {
  let complaints = '';
  const complain = (text: unknown) => {
    complaints = `${complaints}${text}`.slice(-2000);
  };
  child.stderr.on('data', complain);
  child.on('error', complain);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async () => {
    const line = await lines.next();
    if (line.done !== true) return line.value;
    throw new Error(`moto ended before it answered; was its environment made?\n${complaints}`);
  };
}
