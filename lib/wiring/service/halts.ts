import type * as z from 'zod';
import type { ApiCaller, HaltBody, haltView, Page } from '../../api/index.ts';
import type { Halt } from '../../domain/account-chains.ts';
import type { Actor } from '../../domain/actor.ts';
import { JanitorError } from '../../domain/error.ts';
import { liftHalt, placeHalt, type RecordingContext, readHalts } from '../../sweep/index.ts';
import { callerRefused, decider, insider, resolved } from './callers.ts';
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
  const who = await resolved(desk, caller).catch(() => undefined);
  if (who === undefined)
    return recordingContext(desk, desk.deployed, await memberWithoutPolicy(desk, caller));
  if (!who.ok && who.reason !== 'unresolved' && who.reason !== 'organisation-unreadable') {
    throw callerRefused(who);
  }
  if (!who.ok) return recordingContext(desk, who.policy, who.actor);
  const { actor } = who.caller;
  if (actor.outsideParty !== undefined) throw notOurs(caller);
  return recordingContext(desk, who.policy, actor);
}

/** Without a policy nobody is known; where the account belongs is. */
async function memberWithoutPolicy(desk: ServiceDesk, { arn, accountId }: ApiCaller): Promise<Actor> {
  const standing = await desk.lookups.standingOf(accountId);
  if (standing === 'outside') throw notOurs({ arn });
  return { kind: 'unresolved', arn };
}

export async function resume(desk: ServiceDesk, caller: ApiCaller, body: HaltBody): Promise<HaltView> {
  const known = await decider(desk, caller);
  return liftHalt(recordingContext(desk, known.policy, known.caller.actor), body);
}

export async function halts(desk: ServiceDesk, caller: ApiCaller): Promise<Page<Halt>> {
  await insider(desk, caller);
  return { items: await readHalts(desk) };
}

function notOurs({ arn }: Pick<ApiCaller, 'arn'>): JanitorError {
  return new JanitorError(`${arn} is not of this organisation and may not halt its automation`, {
    code: 'caller-refused',
    source: 'policy',
    hint: 'Ask your sponsor in the organisation to halt it.',
  });
}
