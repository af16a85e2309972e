import { performance } from 'node:perf_hooks';
import * as z from 'zod';
import { type ApiCaller, apiHandler } from '../lib/api/index.ts';
import { DAY_MS, plus } from '../lib/domain/time.ts';
import { publishedDocument } from '../lib/wiring/published-document.ts';
import { ask } from '../test/api/gateway.ts';
import { person } from '../test/service/callers.ts';
import { ServiceGround } from '../test/service/service-ground.ts';
import type { Key } from '../test/sweep/ground.ts';

const ROUNDS = 150;
/** Not counted: the first calls compile what they run. */
const WARM_UP = 20;

interface Sample {
  readonly ms: number;
  readonly reads: number;
  readonly writes: number;
  readonly writeUnits: number;
}

const problemSchema = z.looseObject({ code: z.string() });
const submittedSchema = z.looseObject({ request: z.looseObject({ requestHash: z.string() }) });

/** The handler in this process, over tables in memory and an embedded AWS, with everything that is stored counted. */
class MeasuredApi {
  readonly #ground: ServiceGround;
  readonly #handler: ReturnType<typeof apiHandler>;
  readonly samples = new Map<string, Sample[]>();
  readonly #counts = { reads: 0, writes: 0, writeUnits: 0 };

  constructor(ground: ServiceGround) {
    this.#ground = ground;
    const log = { info: () => {}, warn: () => {}, error: () => {} };
    this.#handler = apiHandler({ service: async () => ground.service, log, document: publishedDocument });
    this.#watch();
  }

  /** Calls an operation and keeps what it took. Throws when it did not succeed. */
  async call(operation: string, caller: ApiCaller, path: string, body?: object): Promise<unknown> {
    const { accountId, arn, userId } = caller;
    const [plain = path, search = ''] = path.split('?');
    const query = Object.fromEntries(new URLSearchParams(search));
    const sent = {
      path: plain,
      method: body === undefined ? 'GET' : 'POST',
      body: body === undefined ? null : JSON.stringify(body),
      ...(search === ''
        ? {}
        : { query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value]])) }),
      identity: { accountId, caller: userId, user: userId, userArn: arn },
    };
    Object.assign(this.#counts, { reads: 0, writes: 0, writeUnits: 0 });
    const started = performance.now();
    const { status, body: answered } = await ask(this.#handler, sent);
    const sample = { ms: performance.now() - started, ...this.#counts };
    if (status >= 300) throw new Error(`${operation}: ${problemSchema.parse(answered).code}`);
    this.samples.set(operation, [...(this.samples.get(operation) ?? []), sample]);
    return answered;
  }

  #watch(): void {
    const { dynamo } = this.#ground.ground;
    const run = dynamo.run.bind(dynamo);
    dynamo.run = (operation, input) => {
      if (operation.startsWith('Scan')) throw new Error('a request path scans a table');
      if (operation.startsWith('Put')) {
        this.#counts.writes += 1;
        this.#counts.writeUnits += Math.ceil(JSON.stringify(input).length / 1024);
      } else this.#counts.reads += 1;
      return run(operation, input);
    };
  }
}

/** A table for docs/benchmarks.md: what each operation takes, and what it reads and writes. */
export async function measureRequests(): Promise<string> {
  const ground = await ServiceGround.open();
  const key = await ground.warnedKey();
  const api = new MeasuredApi(ground);
  for (let round = 0; round < WARM_UP; round += 1) await live(api, ground, key, round);
  api.samples.clear();
  const started = performance.now();
  for (let round = WARM_UP; round < WARM_UP + ROUNDS; round += 1) await live(api, ground, key, round);
  const seconds = (performance.now() - started) / 1000;
  const calls = [...api.samples.values()].reduce((sum, each) => sum + each.length, 0);
  const rows = [...api.samples].map(([operation, samples]) => rowOf(operation, samples));
  return `
The handler in one process, one call after the other, over tables in memory: what is measured is the janitor's own work
and the embedded AWS it reads the credential from, not a network. ${ROUNDS} exceptions are asked for, listed, approved by two
persons and revoked: ${Math.round(calls / seconds)} calls a second. No operation scans a table (the run would fail).
What is read and written does not grow with what is stored, but for submitting: that looks at the exceptions of the
credential that may follow each other up to now, and here they are all of one credential and one day.

| operation | median ms | 99th percentile ms | reads of tables | writes | write units |
| --- | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}
`;
}

/** One exception from the request to its end. */
async function live(api: MeasuredApi, ground: ServiceGround, key: Key, round: number): Promise<void> {
  const requestId = `bench-${String(round).padStart(6, '0')}`;
  const request = ground.content(key, { endsAt: plus(ground.ground.now(), 30 * DAY_MS) });
  const asked = await api.call('submitRequest', person('erin'), '/v1/requests', { requestId, request });
  const { requestHash } = submittedSchema.parse(asked).request;
  await api.call('listRequests', person('alice'), '/v1/requests?state=open&limit=25');
  await api.call('getRequest', person('alice'), `/v1/requests/${requestId}`);
  await api.call('approveRequest, first', person('alice'), `/v1/requests/${requestId}/approve`, {
    requestHash,
  });
  await api.call('approveRequest, takes effect', person('bob'), `/v1/requests/${requestId}/approve`, {
    requestHash,
  });
  await api.call('revokeException', person('carol'), `/v1/exceptions/${requestId}/revoke`, {
    reason: 'a benchmark',
  });
}

function rowOf(operation: string, samples: readonly Sample[]): string {
  const ms = samples.map((sample) => sample.ms).toSorted((a, b) => a - b);
  const at = (share: number) => ms[Math.min(ms.length - 1, Math.floor(ms.length * share))] ?? 0;
  const mean = (of: (sample: Sample) => number) =>
    (samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length).toFixed(1);
  const cells = [at(0.5).toFixed(1), at(0.99).toFixed(1)];
  return `| ${[operation, ...cells, mean((s) => s.reads), mean((s) => s.writes), mean((s) => s.writeUnits)].join(' | ')} |`;
}
