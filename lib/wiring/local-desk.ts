import { askedBy } from './api-client/asked-service.ts';
import type { Desk, DeskFlags } from './desk.ts';
import { idBehind } from './id-behind.ts';
import { localService } from './service/index.ts';
import type { Surroundings } from './surroundings.ts';

/** Records what a person asks and decides in the ledger of the state folder, as the caller that AWS authenticates. */
export async function openLocalDesk(flags: DeskFlags, surroundings: Surroundings): Promise<Desk> {
  const { service, caller, close } = await localService(flags, surroundings);
  const asked = askedBy(caller, service);
  return { service: asked, credentialId: (typed) => idBehind(asked, typed), close };
}
