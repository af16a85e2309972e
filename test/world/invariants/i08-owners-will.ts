import { type Change, type Chronicle, freshJanitorChanges, type Invariant, isJanitor } from '../chronicle.ts';
import { OUR_SID, statementsOf } from '../deeds.ts';
import { tagsAfter, tagsBefore, truthOf } from '../truth.ts';
import { named, policyIn } from './acts.ts';

/**
 * I8: the janitor undoes exactly what it did and nothing an owner changed since. A key is switched on only when the
 * newest word on it was our switching it off; statements of others in a resource policy and tags of others on a holder
 * are never touched; a secret is taken out of deletion only when we put it in. What an owner writes in the moment between
 * our read and our write cannot be seen (AWS has no version condition): that race alone is forgiven.
 */
export const ownersWill: Invariant = (chronicle) => [
  ...freshJanitorChanges(chronicle).flatMap((change) =>
    [...wrongRevival(chronicle, change), ...lostStatements(chronicle, change), ...foreignTags(change)].map(
      (what) => `I8: ${named(change)}: ${what}`,
    ),
  ),
  ...notRestored(chronicle),
];

function wrongRevival(chronicle: Chronicle, change: Change): string[] {
  const { record, credential } = change;
  const revives =
    record.operation === 'RestoreSecret' ||
    (record.operation === 'UpdateAccessKey' && JSON.stringify(record.after).includes('"Active"'));
  if (!revives) return [];
  const seen = lastRead(
    chronicle,
    change,
    record.operation === 'RestoreSecret' ? 'DescribeSecret' : 'ListAccessKeys',
  );
  const topic = record.operation === 'RestoreSecret' ? /DeleteSecret|RestoreSecret/ : /UpdateAccessKey/;
  const before = chronicle.changes.findLast(
    (other) =>
      other.tick < seen && other.credential?.id === credential?.id && topic.test(other.record.operation),
  );
  return before !== undefined && isJanitor(before.process) ? [] : ['the newest word on it was not ours'];
}

function lostStatements(chronicle: Chronicle, change: Change): string[] {
  const { record } = change;
  if (!record.operation.endsWith('ResourcePolicy')) return [];
  const foreign = (policy: string | null) =>
    JSON.stringify(statementsOf(policy).filter((each) => each.Sid !== OUR_SID));
  if (foreign(policyIn(record.before)) === foreign(policyIn(record.after))) return [];
  const seen = lastRead(chronicle, change, 'GetResourcePolicy');
  const raced = chronicle.changes.some(
    (other) => other.tick > seen && other.tick < change.tick && other.record.target === record.target,
  );
  const unseen = isTooFresh(chronicle, change, seen);
  return raced || unseen ? [] : ['it changed a statement of somebody else'];
}

/** A change that AWS was not yet showing when the policy was read. */
function isTooFresh(chronicle: Chronicle, change: Change, seen: number): boolean {
  const read = chronicle.calls.find((call) => call.tick === seen);
  return chronicle.changes.some(
    (other) =>
      other.tick < seen &&
      other.record.target === change.record.target &&
      Date.parse(read?.at ?? '') - Date.parse(other.at) <= chronicle.consistencyDelayMs,
  );
}

/** When the process last looked, before it sent the change. */
function lastRead(chronicle: Chronicle, change: Change, operation: string): number {
  const { credential, record } = change;
  const name = credential?.user ?? record.target;
  return (
    chronicle.calls.findLast(
      (call) =>
        call.tick < change.sentTick &&
        call.process === change.process &&
        call.operation === operation &&
        call.names.split(' ').includes(name),
    )?.tick ?? 0
  );
}

function foreignTags(change: Change): string[] {
  const [before, after] = [tagsBefore(change) ?? {}, tagsAfter(change) ?? {}];
  const touched = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => before[key] !== after[key],
  );
  const foreign = touched.filter((key) => !key.startsWith('janitor:'));
  return foreign.length === 0 ? [] : [`it changed tags that are not ours: ${foreign.join(', ')}`];
}

/** Who was told that something was given back has it back. */
function notRestored(chronicle: Chronicle): string[] {
  return chronicle.errands.flatMap((errand) => {
    if (errand.tick <= chronicle.checkedTo || errand.kind !== 'restore' || errand.undone === undefined)
      return [];
    const credential = chronicle.credentials.find((each) => each.id === errand.subject);
    const disturbed = chronicle.ownerActs.some(
      (act) => act.credentialId === errand.subject && act.tick > errand.since,
    );
    if (credential === undefined || disturbed) return [];
    const { status, policy, deleted } = truthOf(chronicle.changes, credential);
    const quarantined = statementsOf(policy).some((each) => each.Sid === OUR_SID);
    const wrong =
      (errand.undone.includes('enable') && (status !== 'Active' || quarantined)) ||
      (errand.undone.includes('undelete') && deleted);
    return wrong ? [`I8: ${errand.by} was told that ${errand.subject} is restored, and it is not`] : [];
  });
}
