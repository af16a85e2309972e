import { type Actor, actorLabel, sameActor } from '../domain/actor.ts';
import { credentialOfId } from '../domain/credential.ts';
import { JanitorError } from '../domain/error.ts';
import { subjects } from '../domain/subject.ts';
import { approvalFor, hasLeft, membersOf, type Policy, personOf } from '../policy/index.ts';
import type { RecordingContext } from './context.ts';

/** Ids of the people these ids stand for: persons are themselves, groups their members; nobody who has left. */
export function peopleBehind(
  { policy, clock }: Pick<RecordingContext, 'policy' | 'clock'>,
  ids: readonly string[],
) {
  const { people, groups } = policy.directory;
  const now = clock.now();
  const named = ids.flatMap((id) => (Object.hasOwn(groups, id) ? membersOf(policy, id, now) : [id]));
  const present = new Set(people.map(({ id }) => id).filter((id) => !hasLeft(policy, id, now)));
  return [...new Set(named)].filter((id) => present.has(id)).sort();
}

/** Owners of these rules, as far as the policy still has them. */
export function ownersOfRules({ document }: Policy, rules: readonly string[]): string[] {
  return document.rules.filter(({ id }) => rules.includes(id)).map(({ owner }) => owner);
}

/** What is to be lifted: who placed it, if a person did, and whom else than the approvers it concerns. */
export interface Standing {
  readonly placedBy?: Actor;
  readonly owners?: readonly string[];
}

/**
 * Resuming loosens a guard: it takes a person who approves guarded steps or owns what is stopped, and another one than
 * who stopped it. Throws with source `policy`: `unresolved-may-not-resume`, `same-person-may-not-resume`, `may-not-resume`.
 */
export function refuseResuming(context: RecordingContext, { placedBy, owners = [] }: Standing): void {
  const { actor } = context;
  const { group } = approvalFor(context.policy, 'guarded');
  const may = peopleBehind(context, [group, ...owners]).filter((id) => id !== placedBy?.person);
  const ask = `Ask ${may.length === 0 ? `for another member of group ${group} in directory.yaml` : may.join(', ')}.`;
  if (actor.kind !== 'person') {
    throw refused(
      'unresolved-may-not-resume',
      `${actorLabel(actor)} is not a person of the directory and may not resume`,
      `${ask} If that is you, map your principal to yourself in directory.yaml.`,
    );
  }
  if (placedBy !== undefined && sameActor(actor, placedBy)) {
    throw refused(
      'same-person-may-not-resume',
      `${actorLabel(actor)} placed this halt and may not lift it`,
      `Resuming takes another person. ${ask}`,
    );
  }
  if (actor.person !== undefined && may.includes(actor.person)) return;
  throw refused(
    'may-not-resume',
    `${actorLabel(actor)} neither approves steps in group ${group} nor owns what is halted, and may not resume`,
    ask,
  );
}

function refused(code: string, message: string, hint: string): JanitorError {
  return new JanitorError(message, { code, source: 'policy', hint });
}

/**
 * Giving back is the safe direction, but it also holds the janitor off: it is for whoever owns the credential (was
 * told about it, or signs in as its user) or the rule, for people who approve steps, and for the deployer whose word
 * activated the first policy. Throws `may-not-restore` (policy).
 */
export async function refuseRestoring(context: RecordingContext, credentialId: string): Promise<void> {
  const { actor, policy, ledger } = context;
  const events = await ledger.chain(subjects.credential(credentialId));
  const told = events.flatMap((event) => (event.type === 'owner.notified' ? [event.data.recipient] : []));
  const rules = events.flatMap(({ rule }) => (rule === undefined ? [] : [rule]));
  const user = credentialOfId(credentialId)?.principal?.arn;
  const person = user === undefined ? undefined : personOf(policy, user);
  const may = peopleBehind(context, [
    ...told,
    ...(person === undefined ? [] : [person]),
    ...ownersOfRules(policy, rules),
    approvalFor(policy, 'guarded').group,
    approvalFor(policy, 'critical').group,
  ]);
  if (actor.kind === 'person' && actor.person !== undefined && may.includes(actor.person)) return;
  if (await isFirstDeployer(context)) return;
  throw new JanitorError(`${actorLabel(actor)} may not restore ${credentialId}`, {
    code: 'may-not-restore',
    source: 'policy',
    hint: `Ask its owner, the owner of the rule or somebody who approves steps: ${may.join(', ')}.`,
    details: { may },
  });
}

/** Who activated the first policy answers for the deployment, also where the directory does not know them. */
async function isFirstDeployer({ actor, ledger, policy, clock }: RecordingContext): Promise<boolean> {
  const events = await ledger.chain(subjects.activation);
  const first = events.find((event) => event.type === 'policy.activated' && event.data.first);
  if (first === undefined || !sameActor(first.actor, actor)) return false;
  return actor.person === undefined || !hasLeft(policy, actor.person, clock.now());
}
