import type { Mutant } from './mutant.ts';

const STORIES = ['test/sweep/exceptions'];

function hold(
  name: string,
  file: string,
  find: string,
  replace: string,
  tests: readonly string[] = STORIES,
): Mutant {
  return { name: `hold: ${name}`, file: `lib/${file}`, find, replace, tests };
}

const SCOPES = ['test/domain/holds.test.ts', 'test/policy/hold-scopes.test.ts'];

/** What people asked for takes effect as holds: each clause that keeps one no wider, no longer and no shorter. */
export const HOLD_MUTANTS: readonly Mutant[] = [
  hold(
    'one on a rule silences every rule',
    'domain/hold.ts',
    'return isNamed && stepsHeld',
    'return stepsHeld',
    SCOPES,
  ),
  hold(
    'one on a step holds every step',
    'domain/hold.ts',
    'isNamed && stepsHeld(hold).includes(step)',
    'isNamed',
    SCOPES,
  ),
  hold(
    'one on a rule forbids what people ask for',
    'domain/hold.ts',
    '(rule !== undefined && hold.rules.includes(rule))',
    '(rule === undefined || hold.rules.includes(rule))',
    SCOPES,
  ),
  hold(
    'a challenge outlives its finding',
    'domain/history.ts',
    ', holds: withoutChallengesOf(history.holds, rule) }',
    ' }',
    ['test/domain/holds.test.ts'],
  ),
  hold(
    'the end of a finding lifts what others placed',
    'domain/hold.ts',
    "ref?.kind !== 'challenge' || ",
    '',
    SCOPES,
  ),
  hold(
    'it is placed twice',
    'sweep/hold.ts',
    'return standing === undefined ?',
    'return (true as boolean) ?',
  ),
  hold('those of others are lifted, too', 'sweep/hold.ts', 'find((hold) => sameRef(hold.ref, ref))', 'at(0)'),
  hold(
    'no sweep looks at what is behind holds',
    'sweep/read-account.ts',
    '(await reading.review?.(credentials)) ?? credentials',
    'credentials',
  ),
  hold(
    'that of an ended exception stays',
    'sweep/review-holds.ts',
    "if (standing.state === 'in-force') return;",
    'return;',
  ),
  hold(
    'what an exception kept from being confirmed is believed',
    'sweep/review-holds.ts',
    'return fresh.found === true ? fresh.credential : credential;',
    'return credential;',
  ),
  hold(
    'unknown tags are somebody else’s',
    'sweep/review-holds.ts',
    'if (!isKnown(tags)) return',
    'if (false as boolean) return',
  ),
  hold(
    'a challenge whose decider crashed is not looked at',
    'sweep/review-holds.ts',
    'if (challenge !== undefined) await holdForChallenge',
    'if (false as boolean) await holdForChallenge',
  ),
  hold(
    'a list left behind by a crash is believed',
    'sweep/review-holds.ts',
    'histories.set(credential.id, after);',
    '',
  ),
  hold(
    'what is unknown ends an exception',
    'requests/end-exception.ts',
    "conditions?.holds !== 'no'",
    "conditions?.holds === 'yes'",
  ),
  hold(
    'an exception that is being put into force is over',
    'requests/review-exception.ts',
    '(await isUnderWay(context, exceptionId)) ? IN_FORCE',
    '(false as boolean) ? IN_FORCE',
  ),
  hold(
    'an exception that was never carried out holds on',
    'requests/review-exception.ts',
    '(await isUnderWay(context, exceptionId)) ? IN_FORCE',
    '(true as boolean) ? IN_FORCE',
  ),
  hold(
    'a renewed exception is over before the next begins',
    'requests/review-exception.ts',
    'return !isFollowed && (await isUnderWay(context, next)) ?',
    'return (false as boolean) ?',
  ),
  hold(
    'a renewed exception outlives its conditions',
    'requests/review-exception.ts',
    "next === undefined || conditions.holds === 'no'",
    'next === undefined',
  ),
  hold(
    'a renewed exception stays beside the one that follows it',
    'requests/review-exception.ts',
    'return !isFollowed && ',
    'return ',
  ),
  hold(
    'one is placed for an exception that has ended',
    'sweep/hold-effects.ts',
    "if (state === 'expired' || state === 'revoked' || state === 'renewed') {",
    'if (false as boolean) {',
  ),
  hold(
    'that of a renewed exception is lifted before the next has one',
    'sweep/hold-effects.ts',
    "if (state === 'renewed' && ",
    'if ((false as boolean) && ',
  ),
  hold(
    'an undecided challenge leads to deletion',
    'sweep/hold-effects.ts',
    "      { steps: ['delete'], until: bound },\n    ],\n    upheld",
    '    ],\n    upheld',
  ),
  hold(
    'an upheld challenge is forgotten at its deadline',
    'sweep/hold-effects.ts',
    'upheld: [{ steps: changing, until: bound }],',
    'upheld: [],',
  ),
  hold(
    'a challenge to a finding that is over holds the next one',
    'sweep/hold-effects.ts',
    '({ findings }) => findings[rule]?.openedAt === findingOpenedAt,',
    '() => true,',
  ),
  hold(
    'a dismissed challenge holds on',
    'sweep/hold-effects.ts',
    "if (state === 'dismissed')",
    'if (false as boolean)',
  ),
  hold(
    'an override of a rule that reads otherwise',
    'sweep/hold-effects.ts',
    ' || policy.ruleHash(rule) !== ruleHash',
    '',
  ),
];
