import type { Instant } from '../../../lib/domain/time.ts';
import type { Stamp } from '../stamp.ts';
import type { NightCall } from './night-commands.ts';
import type { Signer } from './signer.ts';

/** A session of a break-glass role that reached a process of the broker; whether it was handed out is another matter. */
export interface NightSession extends Stamp {
  readonly grantId: string;
  readonly accountId: string;
  readonly process: string;
  readonly accessKeyId: string;
  readonly expiresAt: Instant;
}

/** A session that somebody got from the broker. */
export interface HandedOut extends Stamp {
  readonly grantId: string;
  readonly accessKeyId: string;
}

/** What AWS said to a call under a session. */
export interface Tried extends Stamp {
  readonly session: NightSession;
  readonly outcome: string;
}

/** One round of the reconciler. */
export interface Round extends Stamp {
  readonly since: number;
  readonly startedAt: Instant;
  readonly process: string;
  /** Nothing was injected, nobody interfered, nothing else ran meanwhile. */
  readonly undisturbed: boolean;
  readonly outcome: 'finished' | 'failed';
  /** What it said it could not do. */
  readonly failures: readonly string[];
}

/** When a process read, or wrote, the policy of ended grants of an account. */
export interface PolicyRead extends Stamp {
  readonly process: string;
  readonly accountId: string;
}

/** What somebody asked for, and under which id. */
export type Asked = Omit<Extract<NightCall, { kind: 'start' }>, 'kind'> & { readonly grantId: string };

/** What invariants judge of break-glass. */
export interface NightRecord {
  readonly sessions: readonly NightSession[];
  readonly handedOut: readonly HandedOut[];
  readonly tried: readonly Tried[];
  readonly rounds: readonly Round[];
  readonly reads: readonly PolicyRead[];
  /** By how many milliseconds clocks of the broker have differed at most. */
  readonly clockSpreadMs: number;
}

/** What there is of break-glass in a world, beside AWS and the ledger. */
export class Nights implements NightRecord {
  readonly sessions: NightSession[] = [];
  readonly handedOut: HandedOut[] = [];
  readonly tried: Tried[] = [];
  readonly rounds: Round[] = [];
  readonly reads: PolicyRead[] = [];
  /** By access key id. */
  readonly signers = new Map<string, Signer>();
  /** End schedules that stand: when each fires. */
  readonly schedules = new Map<string, Instant>();
  /** Sessions with which nothing can be done any more, tried after they had expired. */
  readonly spent = new Set<string>();
  /** Who is on call, by a system that may be down. */
  onCall: readonly string[] | undefined = ['dave', 'alice'];
  /** Calls during which the process died. */
  died = 0;
  #skewMs = 0;
  readonly #skews = new Set([0]);
  readonly #asked: Asked[] = [];

  /** How far the clock of the broker's machines is ahead of AWS's, in milliseconds. */
  get skewMs(): number {
    return this.#skewMs;
  }

  set skewMs(skew: number) {
    this.#skewMs = skew;
    this.#skews.add(skew);
  }

  get clockSpreadMs(): number {
    return Math.max(...this.#skews) - Math.min(...this.#skews);
  }

  /** Somebody asks for another grant. */
  asked(what: Omit<Asked, 'grantId'>): Asked {
    const grantId = `night-grant-${String(this.#asked.length + 1).padStart(4, '0')}`;
    const asked = { ...what, grantId };
    this.#asked.push(asked);
    return asked;
  }

  /** The nth grant that somebody asked for, the newest first. */
  pick(nth: number): Asked | undefined {
    return this.#asked.at(-1 - nth);
  }

  /** Which place, counted from the newest, `pick` finds a grant at. */
  nthOf(grantId: string): number {
    return this.#asked.length - 1 - this.#asked.findIndex((asked) => asked.grantId === grantId);
  }
}
