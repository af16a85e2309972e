import type { HttpHandler, HttpRequest } from '@smithy/core/protocols';
import type { FaultEffect } from '../../lib/embedded-aws/index.ts';
import { Network } from '../world/network.ts';

/** A call on its way. `body` is the request as text, as far as it has one. */
interface CallSeen {
  readonly process: string;
  readonly operation: string;
  readonly body: string;
}

interface Hook {
  readonly process: string;
  readonly before: (call: CallSeen) => boolean;
  readonly run: () => Promise<unknown>;
}

/** The world's network, in which something else can happen right before a call of a process goes out. */
export class HookedNetwork extends Network {
  #hooks: Hook[] = [];
  #running: { readonly process: string; readonly done: Promise<unknown> } | undefined;
  /** Hooks that have run. */
  happened = 0;

  /** Once, before the first matching call; other calls of the process wait until it has happened. */
  meanwhile(hook: Hook): void {
    this.#hooks.push(hook);
  }

  override handler(process: string, inner: HttpHandler, wire: HttpHandler): HttpHandler {
    const handler = super.handler(process, inner, wire);
    return {
      ...handler,
      handle: async (request: HttpRequest, options) => {
        await this.#pass(seenIn(process, request));
        return handler.handle(request, options);
      },
    };
  }

  override async call<T>(
    process: string,
    service: string,
    operation: string,
    apply: () => T,
    failed: (effect: Exclude<FaultEffect, 'crash' | 'crash-after'>) => T,
  ): Promise<T> {
    await this.#pass({ process, operation, body: '' });
    return super.call(process, service, operation, apply, failed);
  }

  async #pass(call: CallSeen): Promise<void> {
    if (this.#running?.process === call.process) await this.#running.done;
    const hook = this.#hooks.find((each) => each.process === call.process && each.before(call));
    if (hook === undefined) return;
    this.#hooks = this.#hooks.filter((each) => each !== hook);
    const done = hook.run();
    this.#running = { process: call.process, done };
    try {
      await done;
    } finally {
      this.#running = undefined;
      this.happened += 1;
    }
  }
}

function seenIn(process: string, { headers, body }: HttpRequest): CallSeen {
  const text =
    typeof body === 'string' ? body : body instanceof Uint8Array ? new TextDecoder().decode(body) : '';
  const target = headers['x-amz-target']?.split('.').at(-1);
  return { process, operation: target ?? /Action=(\w+)/.exec(text)?.[1] ?? '', body: text };
}
