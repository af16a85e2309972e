import { performance } from 'node:perf_hooks';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { type ApiCaller, breakGlassHandler } from '../lib/api/index.ts';
import { GRANT_TAG } from '../lib/domain/break-glass-names.ts';
import { breakGlassServiceOf } from '../lib/wiring/break-glass/service.ts';
import { brokerDesk, brokerPolicy, onCallEngineer, Waves } from '../test/api/broker-ground.ts';
import { ask } from '../test/api/gateway.ts';
import { content, Ground, ROLE_ARN } from '../test/break-glass/ground.ts';

const ROUNDS = 150;
/** Not counted: the first calls compile what they run. */
const WARM_UP = 20;

type Samples = ReadonlyMap<string, readonly number[]>;

/** The broker's handler in this process, over tables in memory and an embedded STS. */
export async function measureBreakGlass(): Promise<string> {
  const samples = await measured();
  const floor = at(samples.get('sts:AssumeRole alone') ?? [], 0.5);
  const rows = [...samples].map(([what, took]) => {
    const cells = [at(took, 0.5).toFixed(1), at(took, 0.99).toFixed(1), (at(took, 0.5) / floor).toFixed(1)];
    return `| ${[what, ...cells].join(' | ')} |`;
  });
  const waves = await wavesOfAStart();
  return `
The broker's own time, from the event of API Gateway to the answer with credentials: the handler in one process, over
tables in memory and an embedded STS, without any network, ${ROUNDS} grants one after the other. The last column is the
ratio to one bare call of AssumeRole with tags and session policy at the same STS, which nothing can do without. Beside its
own time a start waits for ${waves.length} sequential round trips (test/api/break-glass-round-trips.test.ts):
${waves.map((wave) => wave.join(' + ')).join('; ')}.

| operation | median ms | 99th percentile ms | times AssumeRole alone |
| --- | ---: | ---: | ---: |
${rows.join('\n')}
`;
}

async function measured(): Promise<Samples> {
  const samples = new Map<string, number[]>();
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    // A ground of its own: what is stored by others does not count, and no session of the broker gets old.
    const ground = await Ground.open();
    const service = breakGlassServiceOf(await brokerDesk(ground));
    const handler = breakGlassHandler({ service: async () => service, log: SILENT });
    const call = async (what: string, path: string, body?: object) => {
      const event = { method: 'POST', path: `/v1/break-glass/${path}`, identity: IDENTITY };
      const began = performance.now();
      const { status } = await ask(handler, {
        ...event,
        body: body === undefined ? null : JSON.stringify(body),
      });
      keep(what, performance.now() - began);
      if (status !== 200) throw new Error(`${what}: ${status}`);
    };
    const keep = (what: string, millis: number) => {
      if (round >= WARM_UP) samples.set(what, [...(samples.get(what) ?? []), millis]);
    };
    const grant = content();
    keep('sts:AssumeRole alone', await bareAssumeRole(ground));
    await call('startGrant, with credentials', 'grants', grant);
    await call('renewGrant, with credentials', `grants/${grant.grantId}/credentials`);
    await call('returnGrant, access denied', `grants/${grant.grantId}/return`, {});
  }
  return samples;
}

async function bareAssumeRole(ground: Ground): Promise<number> {
  const sts = await ground.sts();
  const command = new AssumeRoleCommand({
    RoleArn: ROLE_ARN,
    RoleSessionName: 'bench-0001',
    DurationSeconds: 900,
    SourceIdentity: 'ana',
    Tags: [{ Key: GRANT_TAG, Value: 'bench-0001' }],
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    }),
  });
  const began = performance.now();
  await sts.send(command);
  return performance.now() - began;
}

async function wavesOfAStart(): Promise<readonly (readonly string[])[]> {
  const ground = await Ground.open();
  const waves = new Waves();
  ground.passage = waves.passage;
  await breakGlassServiceOf(await brokerDesk(ground, brokerPolicy())).startGrant(CALLER, content());
  return waves.waves;
}

const CALLER: ApiCaller = onCallEngineer('ana');
const IDENTITY = {
  accountId: CALLER.accountId,
  userArn: CALLER.arn,
  user: CALLER.userId,
  caller: CALLER.userId,
};
const SILENT = { info: () => {}, warn: () => {}, error: () => {} };

function at(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
