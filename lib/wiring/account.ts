import { type AwsClients, createAwsClients } from '../aws/index.ts';
import type { Actor } from '../domain/actor.ts';
import { JanitorError } from '../domain/error.ts';
import type { Clock } from '../domain/time.ts';
import { type CallerIdentity, callerIdentity, readRole, resolveActor } from '../identity/index.ts';
import { loadPolicy, type Policy, personOf } from '../policy/index.ts';
import { moveEmbeddedClocks } from './embedded-clock.ts';
import type { ReadingFlags } from './flags.ts';
import { policyDirectory } from './policy-directory.ts';
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

/**
 * Loads the policy (nothing runs under an invalid one), checks endpoints by `guard`, sets embedded clocks and asks
 * AWS who is calling. Throws `policy-invalid`, `aws-no-credentials`, `wrong-account` and what `guard` throws.
 */
export async function openAccount(
  flags: ReadingFlags & { readonly expectAccount?: string | undefined },
  surroundings: Surroundings,
  guard: (clients: AwsClients) => void,
): Promise<OpenAccount> {
  const policy = await choosePolicy(flags, surroundings);
  const { profile, region } = flags;
  const clients = await createAwsClients({ profile, region });
  try {
    guard(clients);
    const travelled = flags.now !== undefined && (await travel(clients, flags.now, surroundings));
    const pause = travelled ? async () => {} : clients.pause;
    const caller = await callerIdentity(clients);
    refuseOtherAccount(caller, flags.expectAccount);
    return { clock: commandClock(flags.now), policy, clients, caller, pause };
  } catch (error) {
    clients.close();
    throw error;
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

/** True when there was an embedded AWS to take along. */
async function travel(clients: AwsClients, now: string, { note }: Surroundings): Promise<boolean> {
  const moved = await moveEmbeddedClocks(clients, now);
  for (const url of moved) await note(`The embedded AWS at ${url} lives at ${now} now, as --now asks.`);
  return moved.length > 0;
}

function refuseOtherAccount({ accountId, arn }: CallerIdentity, expected: string | undefined): void {
  if (expected === undefined || expected === accountId) return;
  throw new JanitorError(`this is account ${accountId} (${arn}), not ${expected}`, {
    code: 'wrong-account',
    source: 'policy',
    hint: 'Choose the profile of the account you mean with --profile, or correct --expect-account.',
    details: { accountId, expected, arn },
  });
}
