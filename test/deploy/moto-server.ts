import { join } from 'node:path';
import * as z from 'zod';
import { startEmulator } from './emulator-process.ts';

const SCRIPT = join(import.meta.dirname, 'moto_server.py');

const started = z.object({ url: z.string() });
const seeded = z.object({ keyId: z.string() });

export interface KeySeed {
  readonly userName: string;
  readonly createdAt: string;
  readonly lastUsedAt: string;
}

export interface BegunRotation {
  /** ARN or name. */
  readonly secretId: string;
  readonly region: string;
  /** Id of the version that is pending. */
  readonly token: string;
}

/** A running moto. It ends with `stop`, and by itself when this process ends, however it ends. */
export interface MotoServer {
  readonly url: string;
  /** Empties every account. */
  reset(): Promise<void>;
  /** A user with one back-dated key; returns the key's id. */
  seedKey(seed: KeySeed): Promise<string>;
  /** What RotateSecret leaves when it calls the function of a secret. */
  beginRotation(rotation: BegunRotation): Promise<void>;
  stop(): Promise<void>;
}

/** Starts moto on a free loopback port. Rejects when the process ends before it listens. */
export async function startMoto(): Promise<MotoServer> {
  const moto = startEmulator({ emulator: 'moto', args: [SCRIPT] });
  const { url } = started.parse(await moto.hear());
  return {
    url,
    async reset() {
      const { ok, status } = await fetch(`${url}/moto-api/reset`, { method: 'POST' });
      if (!ok) throw new Error(`moto answered its reset with ${status}`);
    },
    async seedKey(seed) {
      moto.tell({ ...seed });
      return seeded.parse(await moto.hear()).keyId;
    },
    async beginRotation(rotation) {
      moto.tell({ ...rotation });
      await moto.hear();
    },
    stop: () => moto.end(),
  };
}
