/** One safety clause taken away. `find` must stand exactly once in the file; `tests` are the suites that must notice. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly tests: readonly string[];
}

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

function newborn(name: string, file: string, find: string, replace: string, tests: string): Mutant {
  return { name: `newborn: ${name}`, file: `lib/${file}`, find, replace, tests: [`test/${tests}`] };
}

const TAG_NEWBORN = 'sweep/tag-newborn';
const NEWBORNS = [
  newborn('a crashed lease is taken over', 'sweep/lease.ts', '!takeOver || ', '', TAG_NEWBORN),
  newborn('another step is taken', 'sweep/label-newborn.ts', "finding.step === 'tag' &&", '', TAG_NEWBORN),
  newborn(
    'held labels are written',
    'sweep/label-newborn.ts',
    'finding.held.length === 0 &&',
    '',
    TAG_NEWBORN,
  ),
  newborn(
    'a service’s own secret is labelled',
    'sweep/tag-newborn.ts',
    "if (typeof service === 'string') {",
    'if (false as boolean) {',
    TAG_NEWBORN,
  ),
  newborn(
    'a name given again has the old creator',
    'sweep/tag-newborn.ts',
    'Math.abs(elapsed(at, createdAt)) <= SAME_BIRTH_MS',
    'true',
    TAG_NEWBORN,
  ),
  newborn(
    'the last event decides who made it',
    'domain/history.ts',
    'return history.createdBy === undefined',
    'return (true as boolean)',
    'domain/history.test.ts',
  ),
  newborn(
    'a creator who is no person owns',
    'policy/owner.ts',
    'person !== undefined && index.people.has(person)',
    'person !== undefined',
    'policy/owner.test.ts',
  ),
  newborn(
    'a role of another account is Identity Center’s',
    'identity/creator.ts',
    'account === session.accountId && ',
    '',
    'identity/creator.test.ts',
  ),
  newborn(
    'a failed call made something',
    'wiring/deployed/births.ts',
    'if (errorCode !== undefined)',
    'if (false as boolean)',
    'functions/births.test.ts',
  ),
  newborn(
    'an account may speak of another',
    'wiring/deployed/births.ts',
    'account === detail.recipientAccountId',
    'true',
    'functions/births.test.ts',
  ),
  newborn(
    'the management account is changed',
    'wiring/deployed/births.ts',
    ' && account !== environment.MANAGEMENT_ACCOUNT',
    '',
    'functions/tag-newborn.test.ts',
  ),
];

const ROTATING = ['test/sweep/rotation', 'test/sweep/guards.test.ts'];

function rotation(name: string, file: string, find: string, replace: string, tests = ROTATING): Mutant {
  return { name: `rotation: ${name}`, file: `lib/${file}`, find, replace, tests };
}

const ROTATIONS = [
  rotation('begins beside one under way', 'policy/rotation-step.ts', "rotation.state === 'begun' || ", '', [
    'test/policy/rotation.test.ts',
  ]),
  rotation(
    'a key is replaced again and again',
    'policy/rotation-step.ts',
    'replacementOf(rotation) !== undefined',
    'false',
    ['test/policy/rotation.test.ts'],
  ),
  rotation(
    'nobody is told of a failure',
    'policy/next-step.ts',
    'trouble === undefined || toldSince(trouble.at, finding, subject)',
    'true',
    ['test/policy/rotation.test.ts'],
  ),
  rotation(
    'it begins outside its window',
    'policy/rotation-window.ts',
    'if (opening > toMillis(from))',
    'if (false as boolean)',
    ['test/policy/rotation.test.ts'],
  ),
  rotation(
    'a rule may disable what it cannot rotate',
    'policy/step-schema.ts',
    "(kind === 'disable' || kind === 'delete') && before.has('rotate')",
    'false',
    ['test/policy/check-policy.test.ts'],
  ),
  rotation('no pace', 'sweep/rotation/pace.ts', 'return begun < limit', 'return (true as boolean)'),
  rotation(
    'slots of rotations count as destructive',
    'domain/account-chains.ts',
    'if (!isDestructive(event.data.step)) continue;',
    '',
    ['test/sweep/rotation', 'test/domain/account-chains.test.ts'],
  ),
  rotation(
    'a failure stops nothing',
    'sweep/rotation/stop.ts',
    "if (state !== 'failed' || code === NOT_STARTED) return;",
    'return;',
  ),
  rotation(
    'what a person allowed is stopped again',
    'sweep/rotation/stop.ts',
    ' || wasStoppedFor(events, rotationId, at)',
    '',
  ),
  rotation(
    'its begin is not recorded before it is asked for',
    'sweep/rotation/start.ts',
    'current.rotation?.rotationId === rotationId',
    'true',
  ),
  rotation(
    'a rotation that was switched off is switched on',
    'actions/secret-rotation.ts',
    'secret.RotationLambdaARN !== undefined && secret.RotationEnabled === false',
    'false',
  ),
  rotation(
    'keys of anybody are replaced',
    'actions/secret-rotation.ts',
    'tagOf(tags, MANAGED_TAG, false) !== MANAGED',
    'false',
  ),
  rotation(
    'an interrupted walk is forgotten',
    'sweep/rotation/resume.ts',
    "if (rotation?.state !== 'begun' || rotation.by !== 'janitor') return [];",
    'return [];',
  ),
  rotation(
    'a walk that somebody walks is taken up too',
    'sweep/rotation/resume.ts',
    'plus(rotation.at, ABANDONED_AFTER_MS) <= now',
    'true',
  ),
  rotation(
    'its owner is told of a blocked one every day',
    'sweep/rotation/block.ts',
    'current.blocked?.code === code',
    '(false as boolean)',
  ),
  rotation(
    'overdue is not noticed',
    'sweep/rotation/seen.ts',
    'if (now < plus(rotation.begunAt, timeoutMs)) return undefined;',
    'return undefined;',
  ),
];

export const MUTANTS: readonly Mutant[] = [
  ...GUARDS,
  ...HOLDS,
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
  sweep('who halted resumes', 'halt.ts', 'if (!sameActor(actor, halt.by)) return;', 'return;'),
  sweep('a program resumes', 'halt.ts', "if (actor.kind !== 'person') {", 'if (false as boolean) {'),
  sweep(
    'anybody resumes',
    'halt.ts',
    'if (actor.person !== undefined && may.includes(actor.person)) return;',
    'return;',
  ),
  sweep('anybody restores', 'authority.ts', 'if (await isFirstDeployer(context)) return;', 'return;'),
  sweep(
    'a restore places no hold',
    'restore-credential.ts',
    "await placeHold(context, credentialId, { kind: 'restored', reason, until: holdUntil });",
    '',
  ),
  sweep(
    'what a failed reading did not show is gone',
    'record-reading.ts',
    'if (complete) await closeAll',
    'await closeAll',
  ),
  ...NEWBORNS,
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
    file: 'lib/domain/history.ts',
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
