import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiLog, wholeApiHandler } from '../../api/index.ts';
import { JanitorError, messageOf } from '../../domain/error.ts';
import { toMillis } from '../../domain/time.ts';
import { breakGlassRules } from '../../policy/index.ts';
import { type EmbeddedWorld, type EmbeddedWorldFlags, openEmbeddedWorld } from '../embedded-world.ts';
import type { RecordingFlags } from '../flags.ts';
import { publishedDocument } from '../published-document.ts';
import { type LocalService, localService } from '../service/index.ts';
import type { Surroundings } from '../surroundings.ts';
import { embeddedSts } from './embedded-sts.ts';
import { furnishBreakGlass } from './furnish-break-glass.ts';
import { listenOnLoopback } from './http-server.ts';
import { IdleOpening } from './idle-opening.ts';
import { type AtEnd, type LocalBroker, localBroker } from './local-broker.ts';
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
/** How often grants are looked at: what a deployed one does every five minutes and by a schedule for each. */
const GRANTS_MS = 60_000;
/** Long enough for the requests of one command, short enough for another process to get its turn. */
const IDLE_MS = 300;
const PATIENCE_MS = 10_000;
/** As the schedule of a deployed one. */
const RECONCILE_MS = 5 * 60_000;

/** The record that is open, with what works on it. */
interface Opened {
  readonly local: LocalService;
  readonly broker: LocalBroker;
}

/** Calls something once or again and again without keeping the process alive; what it returns ends that. */
export interface ServeTimers {
  once(millis: number, run: () => void): () => void;
  every(millis: number, run: () => void): () => void;
}

const SYSTEM_TIMERS: ServeTimers = {
  once: (millis, run) => {
    const timer = setTimeout(run, millis).unref();
    return () => clearTimeout(timer);
  },
  every: (millis, run) => {
    const timer = setInterval(run, millis).unref();
    return () => clearInterval(timer);
  },
};

/**
 * Serves until it is closed. The record is opened once before anybody is served, so that a policy or folder that will not
 * do is told at once; where its policy lends break-glass roles, the embedded AWS has them from then on. Throws what the
 * embedded world and opening the record throw.
 */
export async function openServe(
  flags: ServeFlags,
  surroundings: Surroundings,
  timers: ServeTimers = SYSTEM_TIMERS,
): Promise<ServedJanitor> {
  const world = await openEmbeddedWorld({ ...flags, port: flags.awsPort }, surroundings.cwd);
  const ends: (() => void)[] = [];
  const atEnd: AtEnd = (grantId, endsAt) => {
    const millis = Math.max(0, toMillis(endsAt) - world.aws.clock.now().getTime());
    const run = () => withRecord(record, ({ broker }) => broker.end(grantId));
    ends.push(timers.once(millis, () => void run().catch(troubleWith(`grant ${grantId}`, surroundings))));
  };
  const record = recordOf(world, flags, surroundings, atEnd);
  try {
    const lends = await withRecord(record, async ({ local }) => {
      await local.reconcile();
      const { deployed, clock } = local.parts.desk;
      const { roles } = breakGlassRules(deployed, clock.now());
      await furnishBreakGlass(world.aws, world.accountId, roles);
      return roles.length > 0;
    });
    const handler = wholeApiHandler({
      service: async () => {
        const { local, broker } = await record.value();
        return { ...local.service, ...broker.service };
      },
      log: troubleTo(surroundings),
      document: publishedDocument,
    });
    const gateway = { ...world, now: () => new Date(), handler };
    const server = await listenOnLoopback(flags.port, (request) =>
      record.during(() => throughGateway(gateway, request)),
    );
    const due = () => withRecord(record, ({ local }) => local.reconcile());
    ends.push(timers.every(RECONCILE_MS, () => void due().catch(troubleWith('what is due', surroundings))));
    const round = () => withRecord(record, ({ broker }) => broker.round());
    if (lends)
      ends.push(timers.every(GRANTS_MS, () => void round().catch(troubleWith('grants', surroundings))));
    return {
      url: server.url,
      world,
      close: async () => {
        for (const end of ends) end();
        await server.close();
        await record.close().finally(() => world.close());
      },
    };
  } catch (error) {
    for (const end of ends) end();
    await record.close().finally(() => world.close());
    throw error;
  }
}

function recordOf(
  world: EmbeddedWorld,
  { policy = world.policy, stateDir }: ServeFlags,
  surroundings: Surroundings,
  atEnd: AtEnd,
): IdleOpening<Opened> {
  const { aws, url: endpoint, credentials, region } = world;
  const inside = { ...surroundings, aws: { endpoint, credentials, region } };
  const api = { api: API_ID, sts: embeddedSts(aws) };
  return new IdleOpening(
    async () => {
      const local = await localService({ policy, stateDir }, inside, api);
      const broker = await localBroker(world, local.parts, atEnd);
      const close = async () => {
        broker.close();
        await local.close();
      };
      return { value: { local, broker }, close };
    },
    {
      idleMs: IDLE_MS,
      patienceMs: PATIENCE_MS,
      pause: async (millis) => sleep(millis),
      report: troubleWith('the record', surroundings),
    },
  );
}

/** Works on the record; whoever holds it now is let finish first. */
function withRecord<T>(record: IdleOpening<Opened>, work: (opened: Opened) => Promise<T>): Promise<T> {
  return record.during(async () => work(await record.value()));
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
