import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

/**
 * `node bench/cold-start-child.ts BUNDLE EVENT`, forked: loads a bundle, calls its handler once, and sends how long both
 * took in milliseconds, and the name of the error if there was one.
 */
const [file = '', event = ''] = process.argv.slice(2);
const context = {
  functionName: 'cold-start',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:cold-start',
  memoryLimitInMB: '1024',
  awsRequestId: 'request-1',
  getRemainingTimeInMillis: () => 900_000,
};

const started = performance.now();
const loaded: unknown = await import(pathToFileURL(file).href);
const imported = performance.now();
const error = await call(handlerOf(loaded));
const ended = performance.now();
process.send?.({ importMs: imported - started, invokeMs: ended - imported, error }, () => process.exit());

type Handler = (event: unknown, context: object) => Promise<unknown>;

async function call(handler: Handler): Promise<string> {
  try {
    await handler(JSON.parse(event), context);
    return '';
  } catch (failure) {
    return failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure);
  }
}

function handlerOf(module: unknown): Handler {
  if (typeof module === 'object' && module !== null && 'handler' in module) {
    const { handler } = module;
    if (typeof handler === 'function') return async (...given) => handler(...given);
  }
  throw new TypeError(`${file} exports no handler`);
}
