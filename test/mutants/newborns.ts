import type { Mutant } from './mutant.ts';

function newborn(name: string, file: string, find: string, replace: string, tests: string): Mutant {
  return { name: `newborn: ${name}`, file: `lib/${file}`, find, replace, tests: [`test/${tests}`] };
}

const TAG_NEWBORN = 'sweep/tag-newborn';
export const NEWBORNS = [
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
