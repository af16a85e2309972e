import type { HttpHandler } from '@smithy/core/protocols';
import { JanitorError } from '../../domain/error.ts';
import type { WireRequest } from '../wire.ts';

/** A call as a fault sees it, before anything is applied. */
export interface ArrivingCall {
  readonly process: string;
  /** `iam`, `sts`, `secretsmanager`, `account` or `dynamodb`. */
  readonly service: string;
  readonly operation: string;
  readonly accountId: string;
  readonly region: string;
  readonly request: WireRequest;
}

/** All given parts must match; a part left out matches everything. */
export interface FaultMatch {
  readonly service?: string | undefined;
  readonly operation?: string | undefined;
  readonly process?: string | undefined;
  readonly accountId?: string | undefined;
  readonly region?: string | undefined;
  /** 1-based among the calls that match the rest: the fault starts at this one. */
  readonly nth?: number | undefined;
  readonly when?: (call: ArrivingCall) => boolean;
}

/**
 * - `error`: answered with `code` and `status`, not applied.
 * - `throttle`: answered with the service's throttling error, not applied.
 * - `timeout`: not applied; the SDK sees its own TimeoutError.
 * - `answer-lost`: applied; the SDK sees a connection reset.
 * - `crash`: the process dies before the call is applied.
 * - `crash-after`: the call is applied, then the process dies before it sees the answer.
 */
export type FaultEffect = 'error' | 'throttle' | 'timeout' | 'answer-lost' | 'crash' | 'crash-after';

export interface Fault {
  readonly match: FaultMatch;
  readonly effect: FaultEffect;
  /** Wire error code of an `error`; default InternalFailure. */
  readonly code?: string | undefined;
  /** HTTP status of an `error`; default 500. */
  readonly status?: number | undefined;
  readonly message?: string | undefined;
  /** How often it happens; default 1, Infinity for always. */
  readonly times?: number | undefined;
}

/** The handle `add` returns. */
export interface PlantedFault {
  /** Matching calls so far. */
  readonly seen: number;
  /** Times it happened. */
  readonly fired: number;
  remove(): void;
}

export interface WrapOptions {
  readonly process: string;
  /** As faults and the call log name it, for example `dynamodb`. */
  readonly service: string;
}

export type WrapHandler = (handler: HttpHandler, options: WrapOptions) => HttpHandler;

class Planted implements PlantedFault {
  readonly fault: Fault;
  readonly #plan: Set<Planted>;
  seen = 0;
  fired = 0;

  constructor(fault: Fault, plan: Set<Planted>) {
    this.fault = fault;
    this.#plan = plan;
  }

  remove(): void {
    this.#plan.delete(this);
  }

  /** Counts the call; true when the fault is due. */
  isDue(call: ArrivingCall): boolean {
    if (!matches(this.fault.match, call)) return false;
    this.seen += 1;
    return this.seen >= (this.fault.match.nth ?? 1) && this.fired < (this.fault.times ?? 1);
  }
}

/** Faults injected per call, and the processes they killed. Deterministic: the same calls meet the same faults. */
export class FaultPlan {
  readonly #planted = new Set<Planted>();
  readonly #dead = new Set<string>();
  readonly #wrap: WrapHandler;

  constructor(wrap: WrapHandler) {
    this.#wrap = wrap;
  }

  /**
   * Puts another service's handler (DynamoDB's) under the same faults, latency, processes and call log.
   * Operations are read from `x-amz-target`.
   */
  wrap(handler: HttpHandler, options: WrapOptions): HttpHandler {
    return this.#wrap(handler, options);
  }

  /** Throws `fault-invalid` when `nth` or `times` is not positive. */
  add(fault: Fault): PlantedFault {
    if ((fault.match.nth ?? 1) < 1 || (fault.times ?? 1) < 1) {
      throw new JanitorError('A fault needs nth and times of at least 1', {
        code: 'fault-invalid',
        source: 'user',
        hint: 'Count matching calls from 1; leave both out for the next matching call.',
      });
    }
    const planted = new Planted(fault, this.#planted);
    this.#planted.add(planted);
    return planted;
  }

  /** Removes all faults; dead processes stay dead. */
  clear(): void {
    this.#planted.clear();
  }

  isDead(process: string): boolean {
    return this.#dead.has(process);
  }

  kill(process: string): void {
    this.#dead.add(process);
  }

  /** Lets a process name be used again, as after a restart. */
  revive(process: string): void {
    this.#dead.delete(process);
  }

  /** Counts the call in every fault that matches it and returns the first that is due. */
  next(call: ArrivingCall): Fault | undefined {
    let due: Planted | undefined;
    for (const planted of this.#planted) {
      if (planted.isDue(call)) due ??= planted;
    }
    if (due !== undefined) due.fired += 1;
    return due?.fault;
  }
}

function matches(match: FaultMatch, call: ArrivingCall): boolean {
  if (match.service !== undefined && match.service !== call.service) return false;
  if (match.operation !== undefined && match.operation !== call.operation) return false;
  if (match.process !== undefined && match.process !== call.process) return false;
  if (match.accountId !== undefined && match.accountId !== call.accountId) return false;
  if (match.region !== undefined && match.region !== call.region) return false;
  return match.when?.(call) ?? true;
}

/** The process that made the request is dead: no answer, and none to any later request of it. Never retried. */
export class ProcessCrash extends Error {
  override readonly name = 'ProcessCrash';
  readonly process: string;

  constructor(process: string) {
    super(`The simulated process "${process}" crashed`);
    this.process = process;
  }
}
