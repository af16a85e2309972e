import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';
import { vi } from 'vitest';
import type { StartedView } from '../../lib/api/index.ts';
import type { LedgerEvent } from '../../lib/domain/event.ts';
import { type Instant, MINUTE_MS, plus } from '../../lib/domain/time.ts';
import { type Verification, verifyLedger } from '../../lib/ledger/index.ts';
import { openLocalLedger } from '../../lib/wiring/local-ledger.ts';
import { openServe, type ServedJanitor, type ServeTimers } from '../../lib/wiring/serve/open-serve.ts';
import { lockStateDir } from '../../lib/wiring/state-lock.ts';
import { stubAwsEnvironment } from '../builders/command-line.ts';
import { nightFolder, ROLE } from './night-policy.ts';
import { send, signed } from './signed.ts';
import { ACCOUNT, type PersonName, START, signerOf } from './story-world.ts';

/** For whoever has the record now. */
const PATIENTLY = { timeout: 20_000, interval: 20 };

export type Credentials = Extract<StartedView, { outcome: 'started' }>['credentials'];

/** Minutes into the night. */
export function at(minutes: number): Instant {
  return plus(START, minutes * MINUTE_MS);
}

/** What a call came to: done, or the name of the error. */
export function outcome(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'done',
    (error: Error) => error.name,
  );
}

/** What somebody sends to take the role. */
export function wanted(grantId: string, overrides: object = {}) {
  return {
    grantId,
    role: ROLE,
    accountId: ACCOUNT,
    durationSeconds: 1800,
    reason: 'The orders database does not accept writes',
    ticket: 'OPS-17',
    ...overrides,
  };
}

/** `janitor serve` over an embedded AWS whose clock and rounds are moved by hand. */
export class Night {
  readonly served: ServedJanitor;
  /** Everything that was answered, but what holds credentials by contract. */
  readonly heard: string[] = [];
  readonly #notes: string[];
  readonly #stateDir: string;
  readonly #rounds: readonly (() => void)[];

  private constructor(
    served: ServedJanitor,
    { notes, stateDir, rounds }: { notes: string[]; stateDir: string; rounds: readonly (() => void)[] },
  ) {
    this.served = served;
    this.#notes = notes;
    this.#stateDir = stateDir;
    this.#rounds = rounds;
  }

  static async open(): Promise<Night> {
    const { cwd, seed, policy } = nightFolder();
    stubAwsEnvironment({});
    const notes: string[] = [];
    const rounds: (() => void)[] = [];
    const timers: ServeTimers = {
      once: () => () => {},
      every: (_millis, run) => {
        rounds.push(run);
        return () => {};
      },
    };
    const stateDir = path.join(cwd, 'state');
    const note = async (text: string) => void notes.push(text);
    const served = await openServe(
      { port: 0, awsPort: 0, seed, now: START, policy, stateDir },
      { cwd, command: 'janitor serve', note, onLockLost: () => {} },
      timers,
    );
    return new Night(served, { notes, stateDir, rounds });
  }

  async close(): Promise<void> {
    await this.served.close();
    vi.unstubAllEnvs();
  }

  /** Asks the API with a signature of somebody's key; `posted` is a POST without a body. */
  async call(who: PersonName | 'stranger', target: string, body?: object | 'posted') {
    const post = { method: 'POST', ...(body === 'posted' ? {} : { body: JSON.stringify(body) }) };
    const answer = await send(
      this.served.url,
      await signed(this.served.url, signerOf(who), {
        target,
        ...(body === undefined ? {} : post),
      }),
    );
    const { credentials: _theirs, ...rest } = answer.body;
    this.heard.push(JSON.stringify(rest));
    return answer;
  }

  take(who: PersonName | 'stranger', grantId: string, overrides: object = {}) {
    return this.call(who, '/v1/break-glass/grants', wanted(grantId, overrides));
  }

  of(who: PersonName | 'stranger', grantId: string, what = '', body?: object | 'posted') {
    return this.call(who, `/v1/break-glass/grants/${grantId}${what}`, body);
  }

  /** The AWS that is served here, for whoever has these credentials. */
  as(credentials: Pick<Credentials, 'accessKeyId' | 'secretAccessKey'>) {
    const { url: endpoint, region } = this.served.world;
    const config = { endpoint, region, credentials, maxAttempts: 1 };
    return {
      iam: new IAMClient(config),
      secrets: new SecretsManagerClient(config),
      sts: new STSClient(config),
    };
  }

  /** The next call happens then: whoever holds the record is let finish, and it is opened anew. */
  async until(minutes: number): Promise<void> {
    await this.#between(() => this.served.world.aws.clock.set(at(minutes)));
  }

  /** Has done what is done every few minutes, and waits for it. */
  async round(): Promise<void> {
    await this.call('ana', '/v1/caller');
    for (const run of this.#rounds) run();
    await this.#between(() => {});
  }

  /** Letters that were sent so far. */
  letters(): readonly string[] {
    const folder = path.join(this.#stateDir, 'outbox');
    return readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8'));
  }

  /** The whole record, read and verified by another process. */
  async record(): Promise<{ readonly events: readonly LedgerEvent[]; readonly verification: Verification }> {
    const stateDir = this.#stateDir;
    const reader = { cwd: stateDir, command: 'a reader', note: async () => {}, onLockLost: () => {} };
    const local = await vi.waitFor(() => openLocalLedger({ stateDir }, reader, { create: false }), PATIENTLY);
    try {
      const events: LedgerEvent[] = [];
      for await (const event of local.ledger.all()) events.push(event);
      return { events, verification: await verifyLedger(local) };
    } finally {
      await local.close();
    }
  }

  /** Everything that was written anywhere: files as they lie there, the ledger's events, notes, and answers. */
  async written(): Promise<string> {
    const { events } = await this.record();
    const files = readdirSync(this.#stateDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'));
    return [...files, JSON.stringify(events), ...this.#notes, ...this.heard].join('\n');
  }

  /** Works while nobody has the record open. */
  async #between(work: () => void): Promise<void> {
    const self = { pid: process.pid, host: os.hostname(), since: START, command: 'a test' };
    const hold = () => lockStateDir(this.#stateDir, self, { onLost: () => {}, isAlive: () => true });
    const lock = await vi.waitFor(hold, PATIENTLY);
    work();
    await lock.release();
  }
}
