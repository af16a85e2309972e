import type { ApiCaller, HaltBody, haltView, Page } from '../../api/index.ts';
import type { Halt } from '../../domain/account-chains.ts';
import type { Actor } from '../../domain/actor.ts';
import type * as z from '../../domain/zod.ts';
import { liftHalt, placeHalt, type RecordingContext, readHalts } from '../../sweep/index.ts';
import { decider, insider, notOurs, oneOfOurs } from './callers.ts';
import type { ServiceDesk } from './desk.ts';
import { recordingContext } from './recording-context.ts';

type HaltView = z.output<typeof haltView>;

/**
 * Anybody of the organisation may halt, known or not, and even where no policy can be read: stopping is the safe
 * direction (G20). Strangers and outside parties may not.
 */
export async function halt(desk: ServiceDesk, caller: ApiCaller, body: HaltBody): Promise<HaltView> {
  return placeHalt(await haltingContext(desk, caller), body);
}

async function haltingContext(desk: ServiceDesk, caller: ApiCaller): Promise<RecordingContext> {
  const inForce = await desk.policyInForce().catch(() => undefined);
  if (inForce === undefined)
    return recordingContext(desk, desk.deployed, await memberWithoutPolicy(desk, caller));
  const { policy, actor } = await oneOfOurs(desk, caller);
  return recordingContext(desk, policy, actor);
}

/** Without a policy nobody is known; where the account belongs is. */
async function memberWithoutPolicy(desk: ServiceDesk, caller: ApiCaller): Promise<Actor> {
  const standing = await desk.lookups.standingOf(caller.accountId);
  if (standing === 'outside') throw notOurs(caller);
  return { kind: 'unresolved', arn: caller.arn };
}

export async function resume(desk: ServiceDesk, caller: ApiCaller, body: HaltBody): Promise<HaltView> {
  const known = await decider(desk, caller);
  return liftHalt(recordingContext(desk, known.policy, known.caller.actor), body);
}

export async function halts(desk: ServiceDesk, caller: ApiCaller): Promise<Page<Halt>> {
  await insider(desk, caller);
  return { items: await readHalts(desk) };
}
