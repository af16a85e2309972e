import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DAY_MS, type Instant, plus } from '../../lib/domain/time.ts';
import { openServe, type ServedJanitor, type ServeTimers } from '../../lib/wiring/serve/open-serve.ts';
import { emptyFolder } from '../builders/command-line.ts';
import { brokerPolicyTexts } from './broker-ground.ts';
import type { Signer } from './signed.ts';

export const START: Instant = '2026-10-15T09:00:00.000Z';
export const ACCOUNT = '111122223333';
const ENGINEERS = ['ana', 'bo', 'cy', 'dora', 'eve'] as const;
export type Engineer = (typeof ENGINEERS)[number];

export function signerOf(name: Engineer): Signer {
  return { accessKeyId: keyId(name), secretAccessKey: `secret-of-${name}` };
}

function keyId(name: string): string {
  return `AKIA${name.toUpperCase().padEnd(16, '7')}`;
}

const created = plus(START, -20 * DAY_MS);
const SEED = {
  now: START,
  accounts: [
    {
      id: ACCOUNT,
      users: ENGINEERS.map((name) => ({
        name,
        path: '/people/',
        createdAt: created,
        accessKeys: [{ id: keyId(name), secretAccessKey: `secret-of-${name}`, createdAt: created }],
      })),
    },
  ],
};

/** Timers that go when a test says so. */
export class HeldTimers implements ServeTimers {
  readonly onces: { readonly millis: number; readonly run: () => void }[] = [];
  readonly everys: { readonly millis: number; readonly run: () => void }[] = [];

  once(millis: number, run: () => void): () => void {
    this.onces.push({ millis, run });
    return () => {};
  }

  every(millis: number, run: () => void): () => void {
    this.everys.push({ millis, run });
    return () => {};
  }
}

/** A served janitor whose policy lends one role to whoever is on call by its own list. */
export async function servedBreakGlass(timers: ServeTimers): Promise<ServedJanitor> {
  const cwd = emptyFolder();
  const seed = path.join(cwd, 'seed.json');
  writeFileSync(seed, JSON.stringify(SEED));
  const policy = path.join(cwd, 'policy');
  mkdirSync(policy);
  const texts = brokerPolicyTexts({
    role: { onCall: { people: ['ana'] } },
    principalOf: (id) => `arn:aws:iam::${ACCOUNT}:user/people/${id}`,
  });
  writeFileSync(path.join(policy, 'janitor.yaml'), texts.janitor);
  writeFileSync(path.join(policy, 'directory.yaml'), texts.directory);
  const stateDir = path.join(cwd, 'state');
  const flags = { port: 0, awsPort: 0, seed, now: START, policy, stateDir };
  const surroundings = {
    cwd,
    command: 'janitor serve',
    note: async () => {},
    onLockLost: () => {},
  };
  return openServe(flags, surroundings, timers);
}
