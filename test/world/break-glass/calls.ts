import {
  approveGrant,
  attachEvidence,
  type BreakGlassContext,
  expireGrant,
  reconcileGrants,
  renewGrant,
  returnGrant,
  reviewGrant,
  revokeGrant,
  revokeRole,
  startGrant,
} from '../../../lib/break-glass/index.ts';
import { sha256 } from '../../../lib/domain/canonical.ts';
import { actorOf, type PersonName } from '../people.ts';
import { thrown } from '../sweeping.ts';
import type { World } from '../world.ts';
import { brokerContext } from './broker.ts';
import type { NightCall } from './night-commands.ts';
import type { Asked } from './nights.ts';

type Of<K extends NightCall['kind']> = Extract<NightCall, { kind: K }>;
/** A process of the broker, or of what reconciles. */
export type Desk = 'broker' | 'broker-2' | 'ender';

/** Calls the broker, at one of its processes. */
export async function callBroker(
  world: World,
  call: NightCall,
  desk: Desk = 'broker',
  undisturbed = true,
): Promise<void> {
  // Two rounds with anything between them are no repetition, whatever it was.
  world.stamp();
  const context = await brokerContext(world, desk);
  const { name } = world.process(desk);
  const begun = world.stamp();
  const failures: string[] = [];
  try {
    failures.push(...(await carriedOut(world, context, call)));
  } catch (error) {
    failures.push(thrown(world, name, error, call.kind).code);
  }
  const isDead = world.aws.faults.isDead(name);
  if (isDead) world.nights.died += 1;
  if (call.kind !== 'reconcile') return;
  const failed = failures.length > 0 || isDead;
  const outcome = failed ? 'failed' : 'finished';
  const round = {
    since: begun.tick,
    startedAt: begun.at,
    process: name,
    undisturbed,
    outcome,
    failures,
  } as const;
  world.nights.rounds.push({ ...world.stamp(), ...round });
}

/** What it says that it could not do. */
async function carriedOut(world: World, context: BreakGlassContext, call: NightCall): Promise<string[]> {
  switch (call.kind) {
    case 'start':
      await start(world, context, world.nights.asked(call));
      break;
    case 'again':
      await start(world, context, world.nights.pick(call.grant));
      break;
    case 'reconcile': {
      const { failed } = await reconcileGrants(context);
      return [...failed].map(([what, code]) => `${what}: ${code}`);
    }
    case 'revoke-role':
      await revokeRole(context, { role: call.role, actor: actorOf(call.by), reason: 'an intruder' });
      break;
    default:
      await ofGrant(world, context, call);
  }
  return [];
}

async function start(world: World, context: BreakGlassContext, asked: Asked | undefined): Promise<void> {
  if (asked === undefined) return;
  const { grantId, by, role, account, minutes } = asked;
  const content = { role, accountId: account, durationSeconds: minutes * 60, ticket: 'OPS-7' };
  const started = await startGrant(context, {
    actor: actorOf(by),
    content: { ...content, grantId, reason: `${by} mends what is broken` },
  });
  if (started.outcome === 'started') handOut(world, grantId, started.session.accessKeyId);
}

function handOut(world: World, grantId: string, accessKeyId: string): void {
  world.nights.handedOut.push({ ...world.stamp(), grantId, accessKeyId });
}

type OfGrant = Exclude<NightCall, Of<'start' | 'again' | 'reconcile' | 'revoke-role'>>;

async function ofGrant(world: World, context: BreakGlassContext, call: OfGrant): Promise<void> {
  const asked = world.nights.pick(call.grant);
  if (asked === undefined) return;
  const { grantId } = asked;
  const by = (person: PersonName = asked.by) => ({ grantId, actor: actorOf(person) });
  switch (call.kind) {
    case 'renew': {
      const renewed = await renewGrant(context, by(call.by));
      if (renewed.outcome === 'started') handOut(world, grantId, renewed.session.accessKeyId);
      return;
    }
    case 'return':
      await returnGrant(context, by(call.by));
      return;
    case 'revoke':
      await revokeGrant(context, { ...by(call.by), reason: `${call.by} ends it` });
      return;
    case 'approve':
      await approveGrant(context, by(call.by));
      return;
    case 'review':
      await reviewGrant(context, { ...by(call.by), verdict: call.verdict, reason: 'it was looked at' });
      return;
    case 'evidence': {
      const key = `break-glass/${grantId}.json`;
      const text = '{}';
      world.evidence.set(key, Buffer.from(text));
      await attachEvidence(context, {
        grantId,
        evidence: { kind: 'session', key, sha256: sha256(text) },
        events: world.nights.tried.filter(({ session }) => session.grantId === grantId).length,
        complete: true,
      });
      return;
    }
    case 'fire':
      await expireGrant(context, grantId);
  }
}
