import { JanitorError } from '../../domain/error.ts';
import type { Grant } from '../../domain/grant.ts';

const WHY_OVER = 'A grant is never prolonged: ask for another under a new id.';

export function grantNotFound(grantId: string): JanitorError {
  return new JanitorError(`there is no grant ${grantId}`, {
    code: 'grant-not-found',
    source: 'user',
    hint: 'List them to find the id that is meant.',
  });
}

/** For whoever asks for credentials of what another person took, or nobody. */
export function noGrantOfYours(grantId: string): JanitorError {
  return new JanitorError(`there is no grant ${grantId} that you took`, {
    code: 'grant-not-found',
    source: 'user',
    hint: 'Only who took a grant gets credentials of it. List them to find yours, or ask for one of your own.',
  });
}

export function incidentNotFound(incidentId: string): JanitorError {
  return new JanitorError(`there is no incident ${incidentId}`, {
    code: 'incident-not-found',
    source: 'user',
    hint: 'List them to find the id that is meant.',
  });
}

export function grantConflict(grantId: string): JanitorError {
  return new JanitorError(`the id ${grantId} is that of another grant`, {
    code: 'grant-conflict',
    source: 'user',
    hint: 'Choose a new id for a new grant. To go on with one, send exactly the same from the same caller.',
  });
}

export function grantOver({ grantId, endsAt, ending, endedAt, lapsedAt }: Grant): JanitorError {
  const how =
    lapsedAt === undefined
      ? `has ended (${ending?.cause ?? 'expired'}) as of ${ending?.at ?? endedAt ?? endsAt}`
      : `lapsed at ${lapsedAt}: it was not approved in time`;
  return new JanitorError(`grant ${grantId} ${how}`, {
    code: 'grant-over',
    source: 'user',
    hint: WHY_OVER,
  });
}

export function grantNotActive({ grantId }: Grant): JanitorError {
  return new JanitorError(`grant ${grantId} has not begun yet`, {
    code: 'grant-not-active',
    source: 'user',
    hint: 'Start it with the same id and content: it goes on, once it has the approvals that it waits for.',
  });
}

const AS_YOURSELF =
  'Sign in as yourself: by IAM Identity Center, or as an IAM user that directory.yaml maps to you.';
const MEND = 'Mend what it names and ask again under a new id.';
const NOT_YOURS = 'Whoever is on call for it may take it; the list of roles says which you might have.';
/** Where it is not the words that were wrong. */
const WAY_OUT: Readonly<Record<string, string>> = {
  'not-a-person': AS_YOURSELF,
  'not-eligible': NOT_YOURS,
  'not-on-call': NOT_YOURS,
  'on-call-unknown':
    'Ask again when the on-call system answers; where the role allows it, somebody of the emergency group may go ahead.',
};

/** What the policy says no to when somebody wants a role; recorded before it is thrown. */
export function grantRefused(
  grantId: string,
  { code, why }: { readonly code: string; readonly why: readonly string[] },
): JanitorError {
  return new JanitorError(`grant ${grantId} is refused: ${why.join('; ')}`, {
    code,
    source: 'policy',
    hint: `The refusal is recorded. ${WAY_OUT[code] ?? MEND} If it cannot wait, docs/break-glass.md says what the last resort is.`,
    details: { grantId, why },
  });
}

type DecidingProblem =
  | 'not-a-person'
  | 'not-an-approver'
  | 'own-request'
  | 'approved-already'
  | 'not-waiting'
  | 'own-use'
  | 'approved-it'
  | 'not-a-reviewer'
  | 'reviewed-already'
  | 'no-evidence'
  | 'settled'
  | 'not-ended'
  | 'custodian'
  | 'not-a-custodian'
  | 'explained';

const ANOTHER = 'Somebody else has to; the grant lists who may.';
const READ_AGAIN = 'Read it again: it says where it stands now.';

/** `says` completes "you". */
const TABLE: Readonly<
  Record<DecidingProblem, { readonly code: string; readonly says: string; readonly hint: string }>
> = {
  'not-a-person': { code: 'not-a-person', says: 'are no person of ours', hint: AS_YOURSELF },
  'not-an-approver': { code: 'not-an-approver', says: 'are not one of its approvers', hint: ANOTHER },
  'own-request': { code: 'requester-may-not-approve', says: 'asked for it yourself', hint: ANOTHER },
  'approved-already': { code: 'already-approved', says: 'have approved it before', hint: ANOTHER },
  'not-waiting': { code: 'grant-not-waiting', says: 'come too late: it waits for nobody', hint: READ_AGAIN },
  'own-use': { code: 'may-not-review-own', says: 'used it yourself', hint: ANOTHER },
  'approved-it': { code: 'may-not-review-own', says: 'approved it yourself', hint: ANOTHER },
  'not-a-reviewer': { code: 'not-a-reviewer', says: 'are not one of its reviewers', hint: ANOTHER },
  'reviewed-already': { code: 'already-reviewed', says: 'have reviewed it before', hint: ANOTHER },
  settled: { code: 'already-reviewed', says: 'come too late: its review is settled', hint: READ_AGAIN },
  'no-evidence': {
    code: 'evidence-missing',
    says: 'would judge without evidence: CloudTrail has not told yet',
    hint: 'Evidence is read a quarter of an hour after the end, since events arrive late; its reviewers are told then.',
  },
  custodian: { code: 'may-not-review-own', says: 'can get at it yourself', hint: ANOTHER },
  'not-a-custodian': { code: 'may-not-explain', says: 'neither used it nor keep it', hint: ANOTHER },
  explained: { code: 'already-explained', says: 'come too late: it has been explained', hint: READ_AGAIN },
  'not-ended': { code: 'grant-not-ended', says: 'come too early: it has not ended', hint: READ_AGAIN },
};

const LATE: ReadonlySet<DecidingProblem> = new Set([
  'approved-already',
  'not-waiting',
  'reviewed-already',
  'settled',
  'explained',
  'no-evidence',
  'not-ended',
]);

/** Why somebody may not approve, review or explain. `what`: `grant <id>`, `incident <id>`. */
export function mayNotDecide(what: string, reason: DecidingProblem): JanitorError {
  const { code, says, hint } = TABLE[reason];
  const source = LATE.has(reason) ? 'user' : 'policy';
  return new JanitorError(`${what}: you ${says}`, { code, source, hint, details: { reason } });
}

export function mayNotReturn({ grantId }: Grant): JanitorError {
  return new JanitorError(`grant ${grantId} was not taken by you`, {
    code: 'may-not-return',
    source: 'policy',
    hint: 'Revoke it instead, if you approve or review it.',
  });
}

export function mayNotEnd(what: string): JanitorError {
  return new JanitorError(`you may not end ${what}`, {
    code: 'may-not-end-grant',
    source: 'policy',
    hint: 'Whoever took it, approves it, reviews it or is of the emergency group may.',
  });
}

const LAST_RESORT = 'If it cannot wait, docs/break-glass.md says what the last resort is.';

/** Trouble that whoever waits for credentials cannot mend names the last resort. */
export async function orLastResort<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof JanitorError) || error.source === 'user' || error.source === 'policy') throw error;
    const { message, code, source, hint, details, cause } = error;
    if (hint?.includes('docs/break-glass.md')) throw error;
    const way = hint === undefined ? LAST_RESORT : `${hint} ${LAST_RESORT}`;
    throw new JanitorError(message, { code, source, hint: way, details, cause });
  }
}
