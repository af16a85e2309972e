import type { HttpHandler, HttpRequest, HttpResponse } from '@smithy/core/protocols';
import type { HttpHandlerOptions } from '@smithy/types';
import { type EmbeddedAws, type FaultEffect, ProcessCrash } from '../../lib/embedded-aws/index.ts';
import { Turns } from './turns.ts';

/** Something that happens at the nth call of a process: time passes, or the world does something. */
export interface Interference {
  readonly process: string;
  /** 1-based, over all calls of the process since `expect`. */
  readonly nth: number;
  /** Nothing that takes time comes between deciding and acting: as with slowness, nothing could prevent its effect. */
  readonly takesTime: boolean;
  readonly run: () => Promise<void>;
}

/**
 * The nth call of a process takes so many milliseconds longer: its answer comes late, at most as late as the client
 * waits. Longer than that, the whole process stood still before it sent the call; never between deciding and acting,
 * which nothing could prevent.
 */
export interface Slowness {
  readonly process: string;
  readonly nth: number;
  readonly millis: number;
}

/** The nth change a process asks of AWS times out and is applied so many milliseconds later. */
export interface Delay {
  readonly process: string;
  readonly nth: number;
  readonly millis: number;
}

interface Sent {
  readonly response: HttpResponse;
}

type Send = (by: 'sender' | 'wire') => Promise<Sent>;

interface Late {
  readonly due: number;
  readonly apply: () => Promise<void>;
}

/** Told before and after each request that reaches its service. */
export interface Watcher {
  sent(process: string): { readonly tick: number; readonly at: string };
  applied(process: string, request: RequestSeen, sent: { readonly tick: number; readonly at: string }): void;
}

export interface RequestSeen {
  readonly service: string;
  readonly operation: string;
  readonly names: string;
  /** The sender got an answer, and it was no refusal. */
  readonly answered: boolean;
}

const CHANGES =
  /^(UpdateAccessKey|DeleteAccessKey|TagUser|UntagUser|TagResource|UntagResource|PutResourcePolicy|DeleteResourcePolicy|DeleteSecret|RestoreSecret)$/;
/** Embedded milliseconds each call takes. */
const CALL_MS = 20;
/** How long clients wait for an answer: one that acts, and one that reads. */
const ACT_TIMEOUT_MS = 20_000;
const READ_TIMEOUT_MS = 60_000;

/** Everything the simulated processes say to the world goes through here, one call at a time. */
export class Network {
  readonly turns = new Turns();
  readonly #aws: EmbeddedAws;
  readonly #watcher: Watcher;
  readonly #counts = new Map<string, number>();
  readonly #changeCounts = new Map<string, number>();
  #interferences: Interference[] = [];
  #delays: Delay[] = [];
  #slow: Slowness[] = [];
  #late: Late[] = [];
  #interfering = false;
  #busy: Promise<unknown> = Promise.resolve();

  constructor(aws: EmbeddedAws, watcher: Watcher) {
    this.#aws = aws;
    this.#watcher = watcher;
  }

  /** Counts the calls of a process anew and plants what shall happen at them. */
  expect(
    process: string,
    planned: {
      readonly interferences: readonly Interference[];
      readonly delays: readonly Delay[];
      readonly slow: readonly Slowness[];
    },
  ): void {
    this.#counts.set(process, 0);
    this.#changeCounts.set(process, 0);
    this.#interferences.push(...planned.interferences);
    this.#delays.push(...planned.delays);
    this.#slow.push(...planned.slow);
  }

  /** Forgets what was planted and did not happen. */
  settle(): void {
    this.#interferences = [];
    this.#delays = [];
    this.#slow = [];
  }

  /** Calls a process made since it was last told to expect something. */
  callsOf(process: string): number {
    return this.#counts.get(process) ?? 0;
  }

  /** Moves the clock; requests on their way arrive when their time has come. */
  async advance(millis: number): Promise<void> {
    const until = this.#aws.clock.millis() + millis;
    for (;;) {
      const next = this.#late.filter((late) => late.due <= until).sort((a, b) => a.due - b.due)[0];
      if (next === undefined) break;
      this.#late = this.#late.filter((late) => late !== next);
      this.#aws.clock.advance(Math.max(0, next.due - this.#aws.clock.millis()));
      await next.apply();
    }
    this.#aws.clock.advance(Math.max(0, until - this.#aws.clock.millis()));
  }

  /** A service's handler for one process; `wire` delivers a request that is on its way whatever became of its sender. */
  handler(process: string, inner: HttpHandler, wire: HttpHandler): HttpHandler {
    return {
      destroy() {},
      metadata: { handlerProtocol: 'world' },
      updateHttpClientConfig() {},
      httpHandlerConfigs: () => ({}),
      handle: (request: HttpRequest, options: HttpHandlerOptions = {}) =>
        this.#handle(process, request, (by) => (by === 'sender' ? inner : wire).handle(request, options)),
    };
  }

  async #handle(process: string, request: HttpRequest, send: Send): Promise<Sent> {
    const patience = isActing(request) ? ACT_TIMEOUT_MS : READ_TIMEOUT_MS;
    const slow = await this.#arrive(process, patience);
    const seen = seenIn(request);
    const sent = this.#watcher.sent(process);
    const delay = this.#delayOf(process, seen.operation);
    if (delay !== undefined) {
      const apply = () =>
        this.#exclusive(async () => {
          await send('wire').catch(() => undefined);
          this.#watcher.applied(process, { ...seen, answered: false }, sent);
        });
      this.#late.push({ due: this.#aws.clock.millis() + delay, apply });
      throw timeout();
    }
    const received = await this.#exclusive(async () => {
      let answered = false;
      try {
        const response = await send('sender');
        answered = response.response.statusCode < 300 && slow <= patience;
        return response;
      } finally {
        this.#watcher.applied(process, { ...seen, answered }, sent);
      }
    });
    await this.advance(Math.min(slow, patience));
    if (slow > patience) throw timeout();
    return received;
  }

  /** One request at AWS at a time, so that every change is known by the request that made it. */
  #exclusive<T>(request: () => Promise<T>): Promise<T> {
    const done = this.#busy.then(request, request);
    this.#busy = done.catch(() => undefined);
    return done;
  }

  /** A call to something that is not AWS (evidence, delivery), under the same faults. `failed`: what the caller sees. */
  async call<T>(
    process: string,
    service: string,
    operation: string,
    apply: () => T,
    failed: (effect: Exclude<FaultEffect, 'crash' | 'crash-after'>) => T,
  ): Promise<T> {
    await this.advance(await this.#arrive(process, READ_TIMEOUT_MS));
    const { faults } = this.#aws;
    if (faults.isDead(process)) throw new ProcessCrash(process);
    const sent = this.#watcher.sent(process);
    const request = { method: 'POST', path: '/', query: {}, headers: {}, body: '' };
    const fault = faults.next({ process, service, operation, accountId: '', region: '', request });
    if (fault?.effect === 'crash') return this.#crash(process);
    const effect = fault?.effect;
    const isApplied = effect === undefined || effect === 'answer-lost' || effect === 'crash-after';
    const answer = isApplied ? answerOf(apply) : undefined;
    this.#watcher.applied(process, { service, operation, names: '', answered: effect === undefined }, sent);
    if (effect === 'crash-after') return this.#crash(process);
    return effect === undefined && answer !== undefined ? answer() : failed(effect ?? 'error');
  }

  #crash(process: string): never {
    this.#aws.faults.kill(process);
    throw new ProcessCrash(process);
  }

  /** Counts the call, waits for its turn, lets happen what was planted for it; returns how much longer it takes. */
  async #arrive(process: string, patience: number): Promise<number> {
    const acting = patience === ACT_TIMEOUT_MS;
    if (!acting) await this.turns.pass(process);
    const nth = (this.#counts.get(process) ?? 0) + 1;
    this.#counts.set(process, nth);
    await this.advance(CALL_MS);
    if (this.#interfering) return 0;
    const due = this.#interferences.filter(
      (each) => each.process === process && each.nth === nth && !(acting && each.takesTime),
    );
    this.#interfering = due.length > 0;
    try {
      for (const each of due) await each.run();
    } finally {
      this.#interfering = false;
    }
    const slow = this.#slow.find((each) => each.process === process && each.nth === nth)?.millis ?? 0;
    if (slow <= READ_TIMEOUT_MS || acting) return slow;
    await this.advance(slow);
    return 0;
  }

  #delayOf(process: string, operation: string): number | undefined {
    if (!CHANGES.test(operation)) return undefined;
    const nth = (this.#changeCounts.get(process) ?? 0) + 1;
    this.#changeCounts.set(process, nth);
    return this.#delays.find((delay) => delay.process === process && delay.nth === nth)?.millis;
  }
}

/** What a service answers, a refusal too: it is nobody's yet, and can be lost. */
function answerOf<T>(apply: () => T): () => T {
  try {
    const result = apply();
    return () => result;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** Clients that act make a single attempt. */
function isActing({ headers }: HttpRequest): boolean {
  return headers['amz-sdk-request']?.includes('max=1') === true;
}

function timeout(): Error {
  return Object.assign(new Error('Connection timed out'), { name: 'TimeoutError', code: 'ETIMEDOUT' });
}

const NAMES = /(?:AccessKeyId|UserName)=([^&]+)|"SecretId":"([^"]+)"/g;

function seenIn(request: HttpRequest): Omit<RequestSeen, 'answered'> {
  const target = request.headers['x-amz-target'];
  if (target?.startsWith('DynamoDB_') === true) {
    return { service: 'dynamodb', operation: target.split('.').at(-1) ?? '', names: '' };
  }
  const body = textOf(request.body);
  const operation = target?.split('.').at(-1) ?? /Action=(\w+)/.exec(body)?.[1] ?? request.path;
  const names = [...body.matchAll(NAMES)].map((found) => decodeURIComponent(found[1] ?? found[2] ?? ''));
  return { service: target === undefined ? 'iam' : 'secretsmanager', operation, names: names.join(' ') };
}

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : '';
}
