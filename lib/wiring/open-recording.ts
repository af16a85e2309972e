import os from 'node:os';
import { v7 as uuidv7 } from 'uuid';
import type { AwsClients } from '../aws/index.ts';
import type { Actor } from '../domain/actor.ts';
import type { ProofStore } from '../identity/index.ts';
import { FileDelivery } from '../notify/index.ts';
import { fixedToken } from '../requests/index.ts';
import type { RecordingContext, SweepContext } from '../sweep/index.ts';
import { actorOf, type OpenAccount, reachAccount, travel } from './account.ts';
import { refuseEarlierThanRecorded } from './clock-behind.ts';
import { reviewOfExceptions } from './exception-review.ts';
import type { RecordingFlags, SweepFlags } from './flags.ts';
import { refuseActingElsewhere, refuseTimeTravelElsewhere, remoteEndpoints } from './local-endpoints.ts';
import { type LocalLedger, openLocalLedger } from './local-ledger.ts';
import type { Opened } from './opened.ts';
import { readingContext } from './reading-context.ts';
import { rotateKeyWith } from './rotate-key.ts';
import type { Surroundings } from './surroundings.ts';

export interface OpenSweep extends Opened<SweepContext> {
  /** Which proofs of delegations were used. */
  readonly proofs: ProofStore;
}

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
  const recording = recordingContext(opened);
  const { clients, pause } = account;
  return {
    context: {
      ...readingContext(account),
      ...recording,
      rotateKey: isLocal
        ? rotateKeyWith({ ...recording, pause }, async () => ({ ok: true, clients }))
        : undefined,
      acting: isLocal ? async () => ({ ok: true as const, clients: account.clients.acting }) : undefined,
      exceptions: reviewOfExceptions(recording, fixedToken(process.env.JANITOR_TICKET_TOKEN)),
      delivery,
      bounces: () => delivery.bounces(),
      holder: `${os.hostname()}/${process.pid}/${uuidv7()}`,
      newId: () => uuidv7(),
    },
    caller: account.caller,
    proofs: local.proofs,
    close: opened.close,
  };
}

interface Both {
  readonly account: OpenAccount;
  readonly actor: Actor;
  readonly local: LocalLedger;
  close(): Promise<void>;
}

/** The account first, then the ledger; embedded clocks move only once neither refuses. */
async function openBoth(
  flags: SweepFlags | RecordingFlags,
  surroundings: Surroundings,
  guard: (clients: AwsClients) => void,
): Promise<Both> {
  const account = await reachAccount(flags, surroundings, guard);
  const local = await openLocalLedger(flags, surroundings, { create: true }).catch((error: unknown) => {
    account.clients.close();
    throw error;
  });
  const close = async () => {
    account.clients.close();
    await local.close();
  };
  try {
    const mayTravel = flags.now !== undefined || account.embedded.length > 0;
    await refuseEarlierThanRecorded(local, account.clock.now(), mayTravel);
    await travel(account, flags, surroundings);
    return { account, actor: await actorOf(account), local, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function recordingContext({ account, actor, local }: Both): RecordingContext {
  const { clock, policy } = account;
  const { ledger, state, record, evidence } = local;
  return { clock, policy, ledger, state, record, evidence, actor };
}
