import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiLog, apiHandler } from '../../api/index.ts';
import { JanitorError, messageOf } from '../../domain/error.ts';
import { type EmbeddedWorld, type EmbeddedWorldFlags, openEmbeddedWorld } from '../embedded-world.ts';
import type { RecordingFlags } from '../flags.ts';
import { type LocalService, localService } from '../service/index.ts';
import type { Surroundings } from '../surroundings.ts';
import { embeddedSts } from './embedded-sts.ts';
import { listenOnLoopback } from './http-server.ts';
import { IdleOpening } from './idle-opening.ts';
import { throughGateway } from './local-gateway.ts';

export interface ServeFlags
  extends Omit<EmbeddedWorldFlags, 'port'>,
    Pick<RecordingFlags, 'policy' | 'stateDir'> {
  /** Of the API. */
  readonly port: number;
  /** Of the embedded AWS. */
  readonly awsPort: number;
}

/** An embedded AWS and, beside it, the janitor's API over the record of a state folder. */
export interface ServedJanitor {
  readonly url: string;
  readonly world: EmbeddedWorld;
  close(): Promise<void>;
}

/** What proofs of a delegation name. */
const API_ID = 'local';
/** Long enough for the requests of one command, short enough for another process to get its turn. */
const IDLE_MS = 300;
const PATIENCE_MS = 10_000;
/** As the schedule of a deployed one. */
const RECONCILE_MS = 5 * 60_000;

/**
 * Serves until it is closed. The record is opened once before anybody is served, so that a policy or folder that will not
 * do is told at once. Throws what the embedded world and opening the record throw.
 */
export async function openServe(flags: ServeFlags, surroundings: Surroundings): Promise<ServedJanitor> {
  const world = await openEmbeddedWorld({ ...flags, port: flags.awsPort }, surroundings.cwd);
  const record = recordOf(world, flags, surroundings);
  try {
    await reconcile(record);
    const handler = apiHandler({
      service: async () => (await record.value()).service,
      log: troubleTo(surroundings),
    });
    const gateway = { ...world, now: () => new Date(), handler };
    const server = await listenOnLoopback(flags.port, (request) =>
      record.during(() => throughGateway(gateway, request)),
    );
    const backstop = setInterval(() => {
      reconcile(record).catch(troubleWith('what is due', surroundings));
    }, RECONCILE_MS);
    return {
      url: server.url,
      world,
      close: async () => {
        clearInterval(backstop);
        await server.close();
        await record.close().finally(() => world.close());
      },
    };
  } catch (error) {
    await record.close().finally(() => world.close());
    throw error;
  }
}

function recordOf(
  world: EmbeddedWorld,
  { policy = world.policy, stateDir }: ServeFlags,
  surroundings: Surroundings,
): IdleOpening<LocalService> {
  const { aws, url: endpoint, credentials, region } = world;
  const inside = { ...surroundings, aws: { endpoint, credentials, region } };
  const api = { api: API_ID, sts: embeddedSts(aws) };
  return new IdleOpening(
    async () => {
      const value = await localService({ policy, stateDir }, inside, api);
      return { value, close: () => value.close() };
    },
    {
      idleMs: IDLE_MS,
      patienceMs: PATIENCE_MS,
      pause: async (millis) => sleep(millis),
      report: troubleWith('the record', surroundings),
    },
  );
}

/** What the schedule does where the janitor is deployed; whoever holds the record now is let finish first. */
async function reconcile(record: IdleOpening<LocalService>): Promise<void> {
  await record.during(async () => {
    const { reconcile: due } = await record.value();
    await due();
  });
}

function troubleWith(what: string, { note }: Surroundings): (error: unknown) => void {
  return (error) => {
    const hint = error instanceof JanitorError && error.hint !== undefined ? ` ${error.hint}` : '';
    void note(`Trouble with ${what}: ${messageOf(error)}.${hint}`);
  };
}

/** What callers are told needs no telling here; trouble does. */
function troubleTo({ note }: Surroundings): ApiLog {
  return {
    info: () => {},
    warn: () => {},
    error: (message, fields) => void note(`Trouble: ${message} ${JSON.stringify(fields)}`),
  };
}
