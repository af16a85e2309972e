import { type AwsClients, createAwsClients } from '../aws/index.ts';
import type { Actor } from '../domain/actor.ts';
import { JanitorError } from '../domain/error.ts';
import type { Clock } from '../domain/time.ts';
import { type CallerIdentity, callerIdentity, readRole, resolveActor } from '../identity/index.ts';
import { loadPolicy, type Policy, personOf } from '../policy/index.ts';
import { type EmbeddedServer, embeddedInstant, embeddedServers, setEmbeddedClock } from './embedded-clock.ts';
import type { ReadingFlags } from './flags.ts';
import { policyDirectory } from './policy-directory.ts';
import { refuseUnknownProfile } from './profile.ts';
import type { Surroundings } from './surroundings.ts';
import { commandClock } from './system-clock.ts';

/** An account as AWS presents it to the caller, with the policy it is judged by. */
export interface OpenAccount {
  readonly clock: Clock;
  readonly policy: Policy;
  readonly clients: AwsClients;
  readonly caller: CallerIdentity;
  /** Waits in real time; not at all where embedded time was set, which stands still. */
  readonly pause: (millis: number) => Promise<void>;
}

/** An account whose embedded clocks have not been set yet: nothing was changed so far. */
export interface ReachedAccount extends OpenAccount {
  readonly embedded: readonly EmbeddedServer[];
}

/**
 * Loads the policy (nothing runs under an invalid one), checks endpoints by `guard` and asks AWS who is calling. The
 * command happens at `--now`, else at the time an embedded AWS was set to, else at the system's. Throws
 * `policy-invalid`, `profile-unknown`, `aws-no-credentials`, `wrong-account`, `embedded-clocks-differ` and what `guard` throws.
 */
export async function reachAccount(
  flags: ReadingFlags & { readonly expectAccount?: string | undefined },
  surroundings: Surroundings,
  guard: (clients: AwsClients) => void,
): Promise<ReachedAccount> {
  const policy = await choosePolicy(flags, surroundings);
  const { profile, region } = flags;
  if (surroundings.aws === undefined) await refuseUnknownProfile(profile, process.env);
  const clients = await createAwsClients({ profile, region, ...surroundings.aws });
  try {
    guard(clients);
    const caller = await callerIdentity(clients);
    refuseOtherAccount(caller, flags.expectAccount);
    const embedded = await embeddedServers(clients);
    const now = flags.now ?? (await livingAt(embedded, surroundings));
    const pause = now !== undefined && embedded.length > 0 ? async () => {} : clients.pause;
    return { clock: commandClock(now), policy, clients, caller, pause, embedded };
  } catch (error) {
    clients.close();
    throw error;
  }
}

/** Takes embedded servers along to `--now`; the last thing to do before the account is read. */
export async function travel(
  { embedded, clock }: ReachedAccount,
  { now }: ReadingFlags,
  { note }: Surroundings,
): Promise<void> {
  if (now === undefined) return;
  for (const server of embedded) {
    await setEmbeddedClock(server, now);
    await note(`The embedded AWS at ${server.url} lives at ${clock.now()} now, as --now asks.`);
  }
}

/** Who is calling, set from what AWS authenticated and never from input (G1). */
export function actorOf({ caller, clients, policy }: OpenAccount): Promise<Actor> {
  return resolveActor(caller, {
    personOf: (principal) => personOf(policy, principal),
    roleByName: (roleName) => readRole(clients, roleName),
  });
}

async function choosePolicy(flags: ReadingFlags, { cwd, note }: Surroundings): Promise<Policy> {
  const { dir, chosenBy } = policyDirectory(flags.policy, cwd);
  if (chosenBy === 'shipped') {
    await note(`Judging by the policy shipped with the program, ${dir}; --policy chooses your own.`);
  }
  return loadPolicy(dir);
}

async function livingAt(servers: readonly EmbeddedServer[], { note }: Surroundings) {
  const server = embeddedInstant(servers);
  if (server !== undefined) {
    await note(`The embedded AWS at ${server.url} lives at ${server.now}: so does this command.`);
  }
  return server?.now;
}

/** Throws `wrong-account` (policy) unless the caller belongs to the account that was expected, if any was. */
export function refuseOtherAccount({ accountId, arn }: CallerIdentity, expected: string | undefined): void {
  if (expected === undefined || expected === accountId) return;
  throw new JanitorError(`this is account ${accountId} (${arn}), not ${expected}`, {
    code: 'wrong-account',
    source: 'policy',
    hint: 'Choose the profile of the account you mean with --profile, or correct --expect-account.',
    details: { accountId, expected, arn },
  });
}
