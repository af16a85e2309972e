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
    if (flags.now !== undefined) await travel(clients, flags.now, surroundings);
    const caller = await callerIdentity(clients);
    refuseOtherAccount(caller, flags.expectAccount);
    return { clock: commandClock(flags.now), policy, clients, caller };
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

async function travel(clients: AwsClients, now: string, { note }: Surroundings): Promise<void> {
  for (const url of await moveEmbeddedClocks(clients, now)) {
    await note(`The embedded AWS at ${url} lives at ${now} now, as --now asks.`);
  }
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
