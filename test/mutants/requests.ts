import type { Mutant } from './mutant.ts';

function request(name: string, file: string, find: string, replace: string, tests: string): Mutant {
  return { name: `request: ${name}`, file: `lib/${file}`, find, replace, tests: [`test/${tests}`] };
}

const ANSWERS = 'requests/requests.test.ts';
const FOLDS = 'requests/folds.test.ts';
const CHALLENGES = 'requests/challenges.test.ts';
const EXCEPTIONS = 'requests/exceptions.test.ts';
const AUTHORITY = 'identity/authority.test.ts';

export const REQUEST_MUTANTS = [
  request(
    'a party approves',
    'requests/answer-request.ts',
    'if (refusal !== undefined || !isParty(request, actor)) return refusal;',
    'return refusal;',
    ANSWERS,
  ),
  request(
    'an approval of a party counts',
    'domain/request.ts',
    '    !isParty(request, actor) &&\n',
    '',
    FOLDS,
  ),
  request(
    'one person approves twice',
    'domain/request.ts',
    ' &&\n    !hasApproved(request, actor);',
    ';',
    FOLDS,
  ),
  request(
    'an approval of another hash counts',
    'domain/request.ts',
    'event.data.requestHash === request.requestHash &&\n',
    'true &&\n',
    FOLDS,
  ),
  request(
    'an approval under another policy counts',
    'domain/request.ts',
    'policyHash === request.policyHash &&\n',
    'true &&\n',
    FOLDS,
  ),
  request('a workload approves', 'domain/request.ts', "actor.kind === 'person' &&\n", 'true &&\n', FOLDS),
  request(
    'what was shown does not matter',
    'requests/answer-request.ts',
    'if (request.requestHash !== shown) {',
    'if (false as boolean) {',
    ANSWERS,
  ),
  request(
    'another policy version approves',
    'requests/answer-request.ts',
    'if (request.policyHash === rules.policyHash) return undefined;',
    'return undefined;',
    ANSWERS,
  ),
  request(
    'anybody withdraws',
    'requests/answer-request.ts',
    '].some((each) => sameActor(each, actor))\n',
    '].some(() => true)\n',
    ANSWERS,
  ),
  request(
    'a pending request never lapses',
    'domain/request.ts',
    "return now >= admission.lapsesAt ? 'lapsed' : 'pending';",
    "return 'pending';",
    FOLDS,
  ),
  request(
    'an approved request has no end',
    'domain/request.ts',
    "if (now >= request.content.endsAt) return 'lapsed';",
    '',
    FOLDS,
  ),
  request(
    'what has ended is answered',
    'domain/request.ts',
    'if (request.end !== undefined || APPLIES_IN',
    'if (APPLIES_IN',
    FOLDS,
  ),
  request(
    'an end in the past is taken',
    'requests/admission.ts',
    "if (endsAt <= now) throw impossible('end-in-past'",
    "if (false as boolean) throw impossible('end-in-past'",
    ANSWERS,
  ),
  request(
    'an end too far is taken',
    'requests/admission.ts',
    'if (elapsed(now, endsAt) > longestMs) {',
    'if (false as boolean) {',
    ANSWERS,
  ),
  request(
    'an agent asks without a sponsor',
    'requests/admission.ts',
    'if (sponsor === undefined) {',
    'if (false as boolean) {',
    ANSWERS,
  ),
  request(
    'exceptions follow each other for ever',
    'requests/admission.ts',
    'if (exempts && elapsed(exemptSince, endsAt) > rules.exemptAtMostMs) {',
    'if (false as boolean) {',
    EXCEPTIONS,
  ),
  request(
    'what is unknown ends an exception',
    'requests/end-exception.ts',
    "if (!inForce || conditions?.holds !== 'no')",
    "if (!inForce || conditions === undefined || conditions.holds === 'yes')",
    EXCEPTIONS,
  ),
  request(
    'anybody revokes',
    'requests/end-exception.ts',
    'if (!mayRevoke(context, exception, actor)) {',
    'if (false as boolean) {',
    EXCEPTIONS,
  ),
  request(
    'two exceptions follow the same one',
    'requests/exception-effect.ts',
    "if (exceptionState(exception, now) !== 'active') return { answer: false };\n    const fields",
    'const fields',
    EXCEPTIONS,
  ),
  request(
    'a challenger decides',
    'requests/challenges.ts',
    'if (!mayNotDecide(challenge, actor)) return undefined;',
    'return undefined;',
    CHALLENGES,
  ),
  request(
    'an undecided challenge leads to deletion',
    'domain/challenge.ts',
    "return step !== 'delete';",
    'return true;',
    FOLDS,
  ),
  request(
    'a challenge has no deadline',
    'domain/challenge.ts',
    "return now >= challenge.decideBy ? 'undecided' : 'open';",
    "return 'open';",
    FOLDS,
  ),
  request(
    'an outside party decides',
    'identity/authority.ts',
    "if (outsideParty !== undefined) return { ok: false, reason: 'outside-party' };",
    '',
    AUTHORITY,
  ),
  request(
    'a workload decides',
    'identity/authority.ts',
    "if (kind !== 'person' || person === undefined) return { ok: false, reason: 'not-a-person' };",
    "if (person === undefined && kind === 'person') return { ok: false, reason: 'not-a-person' };",
    AUTHORITY,
  ),
  request(
    'a proof is used twice',
    'identity/delegation/verify-delegation.ts',
    'if (!(await store.claim(id, until)))',
    'if (!(await store.claim(id, until)) && (false as boolean))',
    'identity/delegation',
  ),
  request(
    'a missing hop does not matter',
    'identity/delegation/verify-delegation.ts',
    'if (gap !== undefined) return gap;',
    '',
    'identity/delegation',
  ),
] as const satisfies readonly Mutant[];
