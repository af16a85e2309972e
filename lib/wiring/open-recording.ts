import os from 'node:os';
import { v7 as uuidv7 } from 'uuid';
import type { AwsClients } from '../aws/index.ts';
import type { Actor } from '../domain/actor.ts';
import { FileDelivery } from '../notify/index.ts';
import type { RecordingContext, SweepContext } from '../sweep/index.ts';
import { actorOf, type OpenAccount, openAccount } from './account.ts';
import type { RecordingFlags, StateFlags, SweepFlags } from './flags.ts';
import { refuseActingElsewhere, refuseTimeTravelElsewhere, remoteEndpoints } from './local-endpoints.ts';
import { type LocalLedger, openLocalLedger } from './local-ledger.ts';
import { type Opened, readingContext } from './open-reading.ts';
import type { Surroundings } from './surroundings.ts';
import { commandClock } from './system-clock.ts';

/** Everything that recording a person's decision needs. */
export async function openRecording(
  flags: RecordingFlags,
  surroundings: Surroundings,
): Promise<Opened<RecordingContext>> {
  const opened = await openBoth(flags, surroundings, (clients) =>
    refuseTimeTravelElsewhere(clients, flags.now),
  );
  return { context: recordingContext(opened), caller: opened.account.caller, close: opened.close };
}

export type OpenSweep = Opened<SweepContext>;

/**
 * Everything a sweep or a restore needs. Acting clients are there only when every endpoint is embedded or loopback;
 * with `enforce`, anything else is refused before AWS is called.
 */
export async function openSweep(flags: SweepFlags, surroundings: Surroundings): Promise<OpenSweep> {
  const opened = await openBoth(flags, surroundings, (clients) => {
    refuseTimeTravelElsewhere(clients, flags.now);
    if (flags.enforce) refuseActingElsewhere(clients);
  });
  const { account, local } = opened;
  const delivery = new FileDelivery({ folder: local.outbox, clock: account.clock });
  const isLocal = remoteEndpoints(account.clients).length === 0;
  return {
    context: {
      ...readingContext(account),
      ...recordingContext(opened),
      acting: isLocal ? account.clients.acting : undefined,
      delivery,
      bounces: () => delivery.bounces(),
      holder: `${os.hostname()}/${process.pid}/${uuidv7()}`,
      newId: () => uuidv7(),
    },
    caller: account.caller,
    close: opened.close,
  };
}

/** The ledger alone, for commands that only read it: nobody is asked who is calling. */
export async function openLedger(flags: StateFlags, surroundings: Surroundings) {
  const local = await openLocalLedger(flags, surroundings, { create: false });
  return { ...local, clock: commandClock(flags.now) };
}

interface Both {
  readonly account: OpenAccount;
  readonly actor: Actor;
  readonly local: LocalLedger;
  close(): Promise<void>;
}

async function openBoth(
  flags: SweepFlags | RecordingFlags,
  surroundings: Surroundings,
  guard: (clients: AwsClients) => void,
): Promise<Both> {
  const account = await openAccount(flags, surroundings, guard);
  try {
    const actor = await actorOf(account);
    const local = await openLocalLedger(flags, surroundings, { create: true });
    return {
      account,
      actor,
      local,
      close: async () => {
        account.clients.close();
        await local.close();
      },
    };
  } catch (error) {
    account.clients.close();
    throw error;
  }
}

function recordingContext({ account, actor, local }: Both): RecordingContext {
  const { clock, policy } = account;
  const { ledger, state, record, evidence } = local;
  return { clock, policy, ledger, state, record, evidence, actor };
}
