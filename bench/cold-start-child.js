import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

/**
 * `node bench/cold-start-child.js BUNDLE EVENT`, forked: loads a bundle, calls its handler once, and sends how long
 * starting the process, loading and calling took in milliseconds, and the name of the error if there was one. Plain
 * JavaScript, as nothing strips types in Lambda.
 */
const started = performance.now();
const [file = '', event = ''] = process.argv.slice(2);
const context = {
  functionName: 'cold-start',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:cold-start',
  memoryLimitInMB: '1024',
  awsRequestId: 'request-1',
  getRemainingTimeInMillis: () => 900_000,
};

const { handler } = await import(pathToFileURL(file).href);
const imported = performance.now();
const error = await call();
const ended = performance.now();
const sample = { bootMs: started, importMs: imported - started, invokeMs: ended - imported, error };
process.send?.(sample, () => process.exit());

async function call() {
  try {
    await handler(JSON.parse(event), context);
    return '';
  } catch (failure) {
    return failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure);
  }
}
