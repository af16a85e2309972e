import { AFTER_USE_MUTANTS } from './after-use.ts';
import { ASKED_MUTANTS } from './asked.ts';
import { GRANT_CHANGE_MUTANTS } from './grant-changes.ts';
import { GRANT_PEOPLE_MUTANTS } from './grant-people.ts';
import { GRANT_MUTANTS } from './grants.ts';
import { HOLD_MUTANTS } from './holds.ts';
import type { Mutant } from './mutant.ts';
import { NEWBORNS } from './newborns.ts';
import { REQUEST_MUTANTS } from './requests.ts';
import { ROTATIONS } from './rotations.ts';

const SWEEP = ['test/sweep', 'test/world/histories-1.test.ts'];
const POLICY = ['test/policy', 'test/sweep'];

function without(entry: string, file: string, tests: readonly string[]): Mutant {
  return {
    name: `${file.split('/').at(-1)}: without ${entry}`,
    file,
    find: `\n  ${entry},\n`,
    replace: '\n',
    tests,
  };
}

const GUARDS = [
  'acting',
  'activated',
  'enforced',
  'halted',
  'leased',
  'inTime',
  'readCompletely',
  'evidence',
  'stillDue',
  'rotationsAllowed',
  'approved',
].map((guard) => without(guard, 'lib/sweep/guards.ts', SWEEP));

const HOLDS = [
  'quarantineUndone',
  'onHold',
  'unreconciled',
  'rotating',
  'serviceOwned',
  'replica',
  'idNotRead',
  'statusUnknown',
  'tagsUnknown',
  'labelsUnknown',
  'noRoute',
  'reviewOverdue',
].map((hold) => without(hold, 'lib/policy/holds.ts', POLICY));

function sweep(name: string, file: string, find: string, replace: string): Mutant {
  return { name, file: `lib/sweep/${file}`, find, replace, tests: SWEEP };
}

function policy(name: string, file: string, find: string, replace: string): Mutant {
  return { name, file: `lib/policy/${file}`, find, replace, tests: POLICY };
}

export const MUTANTS: readonly Mutant[] = [
  ...GUARDS,
  ...HOLDS,
  ...ASKED_MUTANTS,
  ...GRANT_MUTANTS,
  ...GRANT_PEOPLE_MUTANTS,
  ...GRANT_CHANGE_MUTANTS,
  ...AFTER_USE_MUTANTS,
  policy(
    'an altered packed policy is used',
    'packed.ts',
    'sealOf(content, names) !== seal',
    '(false as boolean)',
  ),
  policy('a notice of another step counts', 'next-step.ts', 'notice.announces?.step !== step || ', ''),
  policy('a notice to another recipient counts', 'next-step.ts', ' || notice.recipient !== recipient', ''),
  policy(
    'a notice before the quarantine counts',
    'next-step.ts',
    'since === undefined || notice.at >= since',
    'true',
  ),
  policy('no wait after the notice', 'next-step.ts', 'plus(notice.at, step.waitMs)', 'notice.at'),
  policy('no wait after the quarantine', 'next-step.ts', 'plus(base, step.waitMs)', 'base'),
  policy(
    'a promise to an owner is broken',
    'next-step.ts',
    'notice.announces?.notBefore ?? notice.at',
    'notice.at',
  ),
  policy(
    'a fallback recipient raises no tier',
    'next-step.ts',
    'recipient.isOwner ? step.tier',
    'true ? step.tier',
  ),
  policy(
    'a bounced address is used again',
    'recipient.ts',
    'if (history.bounced.includes(id)) return false;',
    '',
  ),
  policy(
    'old evidence is believed',
    'evidence.ts',
    'if (Math.abs(age) <= maxAgeMs) return undefined;',
    'return undefined;',
  ),
  policy(
    'evidence of the future is believed',
    'evidence.ts',
    'if (begins(value) <= latestPossible) return undefined;',
    'return undefined;',
  ),
  policy(
    'an unknown exclusion excludes nothing',
    'judge.ts',
    "if (excluded.is === 'no') return matched;",
    'return matched;',
  ),
  policy('an emergency identity is like any other', 'holds.ts', 'emergency.has(principal.arn)', 'false'),
  policy(
    'protections are not asked',
    'holds.ts',
    'for (const { why, asks } of entries)',
    'for (const { why, asks } of [] as typeof entries)',
  ),
  sweep(
    'no guard speaks after the intent',
    'act.ts',
    'if (refusal !== undefined) return abandon(context, open, history, refusal);',
    '',
  ),
  sweep(
    'no slot is claimed',
    'act.ts',
    'if (isDestructive(candidate.step)) return',
    'if (false as boolean) return',
  ),
  sweep('the account cap is not counted', 'caps.ts', 'claimed.all >= caps.perAccountPerDay', 'false'),
  sweep('the cap of a kind is not counted', 'caps.ts', 'ofKind < caps.ofKind(credential.kind)', 'true'),
  sweep(
    'an outcome is recorded without looking',
    'change.ts',
    "if (seen.state !== 'applied') {",
    'if (false as boolean) {',
  ),
  sweep('a lease is taken over at once', 'lease.ts', 'now < plus(held.until, TAKEOVER_MARGIN_MS)', 'false'),
  sweep(
    'an open intent is given up at once',
    'reconcile.ts',
    "if (seen.state !== 'applied' && mayStillAppear) return { history, settled: false };",
    '',
  ),
  sweep(
    'an unreadable state settles an intent',
    'reconcile.ts',
    "if (seen.state === 'unreadable') return { history, settled: false };",
    '',
  ),
  sweep(
    'who froze a plan approves it',
    'approve-plan.ts',
    'if (!sameActor(plan.frozenBy, context.actor)) return;',
    'return;',
  ),
  sweep(
    'a lapsed or rejected plan is approved',
    'approve-plan.ts',
    "if (state === 'rejected' || state === 'lapsed') {",
    'if (false as boolean) {',
  ),
  sweep('a workload approves', 'approve-plan.ts', "actor.kind !== 'person' ||", '(false as boolean) ||'),
  sweep(
    'somebody outside the group approves',
    'approve-plan.ts',
    '!membersOf(policy, plan.approverGroup, context.clock.now()).includes(actor.person)',
    '(false as boolean)',
  ),
  sweep(
    'who halted resumes',
    'authority.ts',
    'placedBy !== undefined && sameActor(actor, placedBy)',
    '(false as boolean)',
  ),
  sweep('who halted is named to resume', 'authority.ts', '.filter((id) => id !== placedBy?.person)', ''),
  sweep('a program resumes', 'authority.ts', "if (actor.kind !== 'person') {", 'if (false as boolean) {'),
  sweep(
    'anybody resumes',
    'authority.ts',
    'if (actor.person !== undefined && may.includes(actor.person)) return;',
    'return;',
  ),
  sweep('anybody restores', 'authority.ts', 'if (await isFirstDeployer(context)) return;', 'return;'),
  sweep(
    'a restore places no hold',
    'restore-credential.ts',
    'await placeHold(context, credentialId, ref === undefined ? hold : { ...hold, ref });',
    '',
  ),
  sweep(
    'what a failed reading did not show is gone',
    'record-reading.ts',
    'if (complete) await closeAll',
    'await closeAll',
  ),
  ...HOLD_MUTANTS,
  ...NEWBORNS,
  ...REQUEST_MUTANTS,
  ...ROTATIONS,
  {
    name: 'an approval of another plan text counts',
    file: 'lib/domain/account-chains.ts',
    find: ' || event.data.planHash !== plan.planHash',
    replace: '',
    tests: ['test/domain', ...SWEEP],
  },
  {
    name: 'one person approves twice',
    file: 'lib/domain/account-chains.ts',
    find: 'if (repeated || ',
    replace: 'if (',
    tests: ['test/domain', ...SWEEP],
  },
  {
    name: 'a claimed slot is forgotten at once',
    file: 'lib/domain/account-chains.ts',
    find: 'elapsed(event.at, now) >= DAY_MS',
    replace: 'elapsed(event.at, now) >= 0',
    tests: ['test/domain', ...SWEEP],
  },
  {
    name: 'an ended hold holds on, a hold in force does not',
    file: 'lib/domain/hold.ts',
    find: 'now < hold.until',
    replace: 'now >= hold.until',
    tests: ['test/domain', ...POLICY],
  },
  {
    name: 'a credential that lives again keeps its old notices',
    file: 'lib/domain/history.ts',
    find: '({ ...finding, told: [], done: [] })',
    replace: '({ ...finding })',
    tests: ['test/domain', ...SWEEP],
  },
  {
    name: 'an event overwrites another',
    file: 'lib/ledger/dynamo-decision-ledger.ts',
    find: "const KEY_IS_FREE = 'attribute_not_exists(subject)';",
    replace: "const KEY_IS_FREE = 'attribute_exists(subject) OR attribute_not_exists(subject)';",
    tests: ['test/ledger/append.test.ts'],
  },
];
