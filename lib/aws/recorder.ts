import type { DeserializeMiddleware, HandlerExecutionContext, MetadataBearer } from '@smithy/types';
import type { AwsService } from './endpoint.ts';
import { isThrottled } from './failure.ts';
import type { AdaptiveLimiter } from './limiter.ts';

/** Counts every attempt that was sent, retries included, by operation. */
export class CallRecorder {
  readonly #counts = new Map<string, number>();
  #throttles = 0;

  /** Attempts by operation, named like the permission (`iam:ListAccessKeys`), sorted. */
  counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** All attempts sent. */
  get attempts(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Attempts that AWS answered with throttling. */
  get throttles(): number {
    return this.#throttles;
  }

  sent(operation: string): void {
    this.#counts.set(operation, (this.#counts.get(operation) ?? 0) + 1);
  }

  throttled(): void {
    this.#throttles += 1;
  }
}

/** What recording needs of a client's middleware stack, whatever the service's types. */
interface RecordableClient {
  readonly middlewareStack: {
    add(
      middleware: DeserializeMiddleware<object, MetadataBearer>,
      options: { readonly step: 'deserialize'; readonly priority: 'high'; readonly name: string },
    ): void;
  };
}

/** Watches each attempt of a client: it sits inside the SDK's retries and around the parsing of answers. */
export function recordCalls(
  client: RecordableClient,
  service: AwsService,
  recorder: CallRecorder,
  limiter: AdaptiveLimiter,
): void {
  const middleware: DeserializeMiddleware<object, MetadataBearer> = (next, context) => async (args) => {
    recorder.sent(operationName(service, context));
    try {
      const answer = await next(args);
      limiter.succeeded();
      return answer;
    } catch (error) {
      if (isThrottled(error)) {
        recorder.throttled();
        limiter.throttled();
      }
      throw error;
    }
  };
  client.middlewareStack.add(middleware, {
    step: 'deserialize',
    priority: 'high',
    name: 'janitorCallRecorder',
  });
}

function operationName(service: AwsService, context: HandlerExecutionContext): string {
  return `${service}:${(context.commandName ?? 'Unknown').replace(/Command$/, '')}`;
}
