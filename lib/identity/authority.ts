import { type Actor, sameActor } from '../domain/actor.ts';
import type { Tier } from '../domain/step.ts';
import type { Agent, ResolvedCaller } from './resolve-caller.ts';

/** Everybody behind a call: the caller, and who it speaks for, the one who began first. */
export interface Involved {
  readonly caller: ResolvedCaller;
  /** Proven hops of a delegation; empty when the caller speaks for itself. */
  readonly hops: readonly ResolvedCaller[];
}

export type MayAsk =
  | { readonly ok: true /** The person who answers for an agent. */; readonly sponsor?: string }
  | { readonly ok: false; readonly reason: 'sponsor-needed' };

/**
 * Whether they may ask at this tier (G20). Above routine, an autonomous agent anywhere in the chain needs a person: one
 * who signed a hop of this very request, else the one registered for each agent.
 */
export function mayAsk(involved: Involved, tier: Tier): MayAsk {
  const agents = agentsOf(involved);
  if (agents.length === 0) return { ok: true };
  const sponsor = signatory(involved) ?? registeredFor(agents);
  if (sponsor !== undefined) return { ok: true, sponsor };
  return tier === 'routine' ? { ok: true } : { ok: false, reason: 'sponsor-needed' };
}

export type MayDecide =
  | { readonly ok: true; readonly person: string }
  | { readonly ok: false; readonly reason: 'not-a-person' | 'outside-party' | 'delegated' };

/**
 * Whether they may approve, reject or decide at all (I16): a person of ours, calling for itself. A decision is never
 * delegated, and credentials that live outside the organisation decide nothing inside it. The policy says who of them.
 */
export function mayDecide({ caller, hops }: Involved): MayDecide {
  const { kind, person, outsideParty } = caller.actor;
  if (kind !== 'person' || person === undefined) return { ok: false, reason: 'not-a-person' };
  if (outsideParty !== undefined) return { ok: false, reason: 'outside-party' };
  return hops.length > 0 ? { ok: false, reason: 'delegated' } : { ok: true, person };
}

/** Everybody behind the call, the first asker first; two ARNs of one person count once (I11). */
export function distinctActors({ caller, hops }: Involved): readonly Actor[] {
  const actors: Actor[] = [];
  for (const { actor } of [...hops, caller]) {
    if (!actors.some((known) => sameActor(known, actor))) actors.push(actor);
  }
  return actors;
}

/** The persons who may not approve what these ask for (I11): all of the chain, and the sponsors of its agents. */
export function personsBehind(involved: Involved): readonly string[] {
  const signed = distinctActors(involved).map(({ person }) => person);
  const sponsors = agentsOf(involved).map(({ sponsor }) => sponsor);
  return [...new Set([...signed, ...sponsors])].filter((person) => person !== undefined);
}

function agentsOf({ caller, hops }: Involved): Agent[] {
  return [...hops, caller].flatMap(({ agent }) => agent ?? []);
}

function signatory({ hops }: Involved): string | undefined {
  return hops.find(({ actor }) => actor.kind === 'person' && actor.outsideParty === undefined)?.actor.person;
}

/** The first agent's sponsor, provided that every agent has one. */
function registeredFor(agents: readonly Agent[]): string | undefined {
  return agents.every(({ sponsor }) => sponsor !== undefined) ? agents[0]?.sponsor : undefined;
}
