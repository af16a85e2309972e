import type { ErrorSource } from '../domain/error.ts';

/** What a status says; the code says which problem it is. */
export const TITLES: Readonly<Record<number, string>> = {
  400: 'The request cannot be carried out as it is',
  403: 'Refused',
  404: 'There is no such thing',
  405: 'This path has no such method',
  409: 'Something else is already so',
  413: 'The body is too large',
  415: 'The body is of an unsupported kind',
  429: 'Too many requests',
  500: 'A defect of the service',
  502: 'Something could not be read',
  503: 'The service is in trouble',
};

/** Seconds after which a client may try again. */
export const RETRY_AFTER: Readonly<Record<number, number>> = { 429: 2, 503: 5 };

/** Status of a code that is not in the table, by who can mend it. */
export const STATUS_OF_SOURCE: Readonly<Record<ErrorSource, number>> = {
  user: 400,
  policy: 403,
  access: 502,
  system: 503,
};

interface ProblemCodeFacts {
  readonly status: number;
  /** For the documents. */
  readonly meaning: string;
}

const code = (status: number, meaning: string): ProblemCodeFacts => ({ status, meaning });

/** Stable codes, which programs may rely on: the handler, OpenAPI and the documents know no others by name. */
export const PROBLEM_CODES = {
  'request-invalid': code(400, 'A field is missing, malformed or unknown; `errors` names each.'),
  'body-not-json': code(400, 'The body is not one JSON document in UTF-8.'),
  'body-too-deep': code(400, 'The body is nested too deeply.'),
  'body-key-forbidden': code(400, 'The body has a key that no honest client sends, such as `__proto__`.'),
  'header-ambiguous': code(400, 'A header that may be given once was given more than once.'),
  'cursor-invalid': code(400, 'The cursor is none that this list gave.'),
  'delegation-malformed': code(400, 'The delegation is not a list of one to five proofs in their format.'),
  'end-in-past': code(400, 'What is asked for would end before now.'),
  'end-too-far': code(400, 'What is asked for would last longer than the policy allows.'),
  'person-unknown': code(400, 'A person named is not in the directory.'),
  'exception-not-active': code(409, 'Only an active exception is extended.'),
  'ticket-malformed': code(
    400,
    'The ticket is not of the form that the policy asks for; recorded where a grant was asked for.',
  ),
  'secret-shaped': code(400, 'A text looks like a secret value, which is never recorded.'),
  'credential-ambiguous': code(400, 'More than one credential is meant by what was written.'),
  'credential-id-invalid': code(400, 'What was written is not the id of a credential.'),
  'not-an-access-key': code(400, 'Only access keys are rotated on request.'),
  'no-such-rule': code(400, 'The active policy has no such rule.'),
  'policy-not-deployed': code(400, 'Another policy version is deployed than the one named.'),

  'caller-unauthenticated': code(403, 'The gateway named no AWS principal.'),
  'caller-unresolved': code(403, 'The principal is nobody the directory knows.'),
  'caller-refused': code(
    403,
    'The principal is not admitted: inconsistent, unregistered or out of contract.',
  ),
  'request-denied': code(403, 'The policy denies what was asked; the denial is recorded.'),
  'not-an-approver': code(403, 'The caller is not a person of the group that decides.'),
  'party-may-not-approve': code(403, 'The caller asks, is asked for or stands behind it.'),
  'party-may-not-decide': code(403, 'The caller challenged it, owns the rule or is a party.'),
  'requester-may-not-approve': code(403, 'The caller asked for it and may not approve it.'),
  'not-the-requester': code(403, 'Only who asked may withdraw.'),
  'may-not-revoke': code(403, 'The caller neither decides about the exception nor is a party to it.'),
  'may-not-read': code(403, 'The caller may not read this.'),
  'may-not-restore': code(403, 'The caller neither owns the credential nor decides about it.'),
  'may-not-rotate': code(403, 'The caller neither owns the credential nor decides about it.'),
  'may-not-resume': code(403, 'The caller may not lift this halt.'),
  'unresolved-may-not-resume': code(403, 'Only a known person lifts a halt.'),
  'same-person-may-not-resume': code(403, 'Another person than who halted lifts it.'),
  'delegation-refused': code(403, 'A proof of the delegation does not hold; `detail` says which and why.'),
  'policy-not-activated': code(403, 'No active policy version allows it.'),
  'observe-only': code(403, 'The policy only observes.'),
  halted: code(403, 'It is halted.'),
  'not-managed': code(403, 'The user is not one whose keys the janitor may make.'),
  'acting-refused': code(403, 'Nothing is changed from here.'),

  'role-unknown': code(
    403,
    'The policy has no break-glass role of that name; recorded where a grant was asked for.',
  ),
  'account-not-covered': code(403, 'The break-glass role does not exist in that account; recorded.'),
  'not-a-person': code(403, 'Only a person of ours may do that.'),
  'not-eligible': code(403, 'The caller is in no group that may have the role; recorded.'),
  'not-on-call': code(403, 'The caller is not on call; recorded.'),
  'on-call-unknown': code(403, 'Nobody can say who is on call, and the caller may not go ahead; recorded.'),
  'reason-too-short': code(403, 'The policy asks for a longer reason; recorded.'),
  'duration-too-short': code(403, 'A grant lasts a minute at least; recorded.'),
  'duration-too-long': code(403, 'The role is not granted for that long; recorded.'),
  'may-not-return': code(403, 'Only who took a grant gives it back; others revoke it.'),
  'may-not-end-grant': code(403, 'The caller neither approves nor reviews the grant, nor took it.'),
  'not-a-reviewer': code(403, 'The caller is not one of those who review it.'),
  'may-not-explain': code(403, 'Only who used it, or keeps the identity, says what it was for.'),
  'may-not-review-own': code(403, 'Nobody reviews their own use, or what they approved.'),

  'route-not-found': code(404, 'There is no such path.'),
  'request-not-found': code(404, 'There is no such request.'),
  'exception-not-found': code(404, 'There is no such exception.'),
  'challenge-not-found': code(404, 'There is no such challenge.'),
  'finding-not-found': code(404, 'No step of that rule is announced or planned for the credential.'),
  'plan-not-found': code(404, 'There is no such plan.'),
  'credential-not-found': code(404, 'No such credential is known.'),
  'credential-gone': code(404, 'The credential does not exist any more.'),
  'no-such-halt': code(404, 'Nothing of that kind is halted.'),
  'rotations-not-stopped': code(404, 'Rotations are not stopped in that account.'),
  'nothing-to-restore': code(404, 'The janitor took nothing from that credential.'),
  'grant-not-found': code(404, 'There is no such grant.'),
  'incident-not-found': code(404, 'There is no such incident.'),
  'not-found': code(404, 'Nothing is recorded under that id.'),

  'method-not-allowed': code(405, 'The path is there, the method is not; `allow` lists those that are.'),

  'request-conflict': code(409, 'The id belongs to another request.'),
  'request-not-pending': code(
    409,
    'The request has been decided, withdrawn or has lapsed; `detail` says which.',
  ),
  'another-request': code(409, 'What was shown is not what would be approved now.'),
  'policy-changed': code(409, 'Another policy version is active than the one it was submitted under.'),
  'not-in-force': code(409, 'The exception is not in force.'),
  'challenge-not-open': code(409, 'The challenge has been decided or its time is over.'),
  'plan-not-pending': code(409, 'The plan has been decided or has lapsed.'),
  'plan-changed': code(409, 'What was shown is not the plan that would be approved now.'),
  'already-approved': code(409, 'The caller has approved it before; another person has to.'),
  'changed-meanwhile': code(409, 'The facts changed while it was carried out.'),
  'act-under-way': code(409, 'A step on the credential is under way.'),
  'key-not-active': code(409, 'The access key is not active.'),
  'rotation-under-way': code(409, 'A rotation of the credential is under way.'),

  'grant-conflict': code(409, 'The id belongs to another grant.'),
  'grant-over': code(409, 'The grant has ended or lapsed: ask for another under a new id.'),
  'grant-not-active': code(409, 'The grant has not begun yet: start it.'),
  'grant-not-waiting': code(409, 'The grant does not wait for an approval.'),
  'grant-not-ended': code(409, 'It is reviewed when it has ended.'),
  'evidence-missing': code(409, 'It is reviewed when its evidence is there.'),
  'already-explained': code(409, 'It has been said what it was for.'),
  'already-reviewed': code(409, 'It has been reviewed, or the caller has done so before.'),

  'body-too-large': code(413, 'The body is larger than the limit.'),
  'content-type-unsupported': code(415, 'Bodies are `application/json` in UTF-8, not compressed.'),
  throttled: code(429, 'Send fewer requests, and wait as `retry-after` says.'),
  unexpected: code(500, 'A defect; the log of the service says more.'),
  'evidence-unread': code(502, 'AWS did not give the evidence that is needed.'),
  'member-unreachable': code(502, 'The account does not let the janitor in.'),
  'aws-denied': code(502, 'AWS does not let the janitor do that; `detail` says what.'),
  'organisation-unreadable': code(503, 'The list of accounts could not be read, so nobody can be placed.'),
  'delegation-unverified': code(503, 'A proof of the delegation could not be checked; present it again.'),
  'evidence-altered': code(503, 'Evidence is not what was recorded: verify the ledger.'),
  'evidence-unavailable': code(503, 'The evidence store cannot be read.'),
  'ledger-unavailable': code(503, 'The record cannot be written or read, so that nothing is done.'),
  'grant-intent-stale': code(503, 'The session was not issued in time; send the same again.'),
  'aws-throttled': code(503, 'AWS is asked too often; it was tried again for as long as there was time.'),
  'aws-unreachable': code(503, 'AWS did not answer; it was tried again for as long as there was time.'),
  'aws-other': code(503, 'AWS failed; `detail` says how.'),
  'ledger-contended': code(503, 'Too many writers at once.'),
  'state-dir-locked': code(503, 'Another process works on the local ledger.'),
  'timed-out': code(503, 'It took too long; sending the same again gives what was recorded.'),
} as const satisfies Readonly<Record<string, ProblemCodeFacts>>;

export type ProblemCode = keyof typeof PROBLEM_CODES;

/**
 * The status of an error of ours: by its code where the table has it, by what the code ends with, by who can mend it.
 */
export function statusOf({
  code: named,
  source,
}: {
  readonly code: string;
  readonly source: ErrorSource;
}): number {
  if (isKnown(named)) {
    const { status } = PROBLEM_CODES[named];
    // What is no more than malformed elsewhere is a refusal, and on record, where somebody wants a grant.
    return status === 400 && source === 'policy' ? STATUS_OF_SOURCE.policy : status;
  }
  if (named.endsWith('-not-found')) return 404;
  if (named.endsWith('-conflict')) return 409;
  return STATUS_OF_SOURCE[source];
}

function isKnown(named: string): named is ProblemCode {
  return Object.hasOwn(PROBLEM_CODES, named);
}
