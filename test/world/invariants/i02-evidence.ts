import { durationMs } from '../../../lib/domain/time.ts';
import { type Chronicle, freshJanitorChanges, type Invariant } from '../chronicle.ts';
import type { WorldCredential } from '../scenery.ts';
import { type Act, actOf, destruction, named } from './acts.ts';

/**
 * I2: no destructive step on unknown, stale or incomplete facts. Measured on the truth: when the step was taken, the last
 * use that AWS could have shown at its intent was as old as the rule asks; and between intent and step the same process
 * was answered every read the rule rests on, about this very credential.
 */
export const evidence: Invariant = (chronicle) =>
  freshJanitorChanges(chronicle).flatMap((change) => {
    const act = destruction(change) === undefined ? undefined : actOf(chronicle, change);
    const { credential } = change;
    if (act === undefined || credential === undefined) return [];
    return [...tooRecent(chronicle, act, credential), ...notRead(chronicle, act, credential)].map(
      (what) => `I2: ${named(change)}: ${what}`,
    );
  });

function unusedForOf({ rule }: Act): string | undefined {
  return rule?.match.unusedFor;
}

function tooRecent(chronicle: Chronicle, act: Act, credential: WorldCredential): string[] {
  const least = unusedForOf(act);
  if (least === undefined) return [];
  const shown = chronicle.uses.filter(
    (use) =>
      use.credentialId === credential.id && use.tick < act.intent.tick && use.visibleAt <= act.intent.at,
  );
  const last =
    [credential.createdAt, credential.lastUsedAt ?? '', ...shown.map((use) => use.at)].sort().at(-1) ?? '';
  const gap = Date.parse(act.change.sentAt) - Date.parse(last);
  return gap >= durationMs(least) ? [] : [`it was used on ${last}, less than ${least} before`];
}

function notRead(chronicle: Chronicle, act: Act, credential: WorldCredential): string[] {
  const answered = (operation: string, name: string) =>
    chronicle.calls.some(
      (call) =>
        call.tick > act.intent.tick &&
        call.tick < act.change.tick &&
        call.process === act.change.process &&
        call.answered &&
        call.operation === operation &&
        call.names.split(' ').includes(name),
    );
  const user = credential.user ?? '';
  const needed: [string, string][] =
    credential.kind === 'secret'
      ? [['DescribeSecret', credential.id]]
      : [
          ['ListAccessKeys', user],
          ['ListUserTags', user],
        ];
  if (credential.kind === 'access-key' && unusedForOf(act) !== undefined) {
    needed.push(['GetAccessKeyLastUsed', credential.name]);
  }
  return needed
    .filter(([operation, name]) => !answered(operation, name))
    .map(([operation]) => `${operation} was not answered between intent and act`);
}
