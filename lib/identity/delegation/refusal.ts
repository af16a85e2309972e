/** Why a delegation proves nothing. Codes are stable: scripts and records rely on them. */
export type DelegationReason = keyof typeof REFUSALS;

/** Expected outcomes, not errors: the API answers them, the ledger records them. They quote no part of a proof's URL. */
export interface DelegationRefusal {
  readonly ok: false;
  readonly reason: DelegationReason;
  /** Which proof, the first asker's being 1; absent when it is all of them. */
  readonly hop?: number;
  readonly message: string;
  readonly hint: string;
  /** Nothing was found wrong: the same delegation may be presented again. */
  readonly mayRetry: boolean;
}

const PROVE_AGAIN = 'Let each hop prove itself anew, in order, and present the delegation at once.';
const PRESIGN = 'Presign GetCallerIdentity exactly as docs/adr/0016-each-hop-proves-itself.md describes.';
const LATER = 'Present the same delegation again in a moment.';

const REFUSALS = {
  malformed: { says: 'is not a list of one to five proofs in their format', hint: PRESIGN },
  'wrong-host': { says: 'points at a host that is no STS of an allowed Region', hint: PRESIGN },
  'wrong-action': { says: 'asks for something else than one GetCallerIdentity', hint: PRESIGN },
  'wrong-headers': { says: 'signs other headers than host and the four that bind it', hint: PRESIGN },
  'wrong-scope': { says: 'is signed for another service, Region or day than it is sent to', hint: PRESIGN },
  're-bound': { says: 'was made for another request or another API', hint: PROVE_AGAIN },
  'missing-hop': { says: 'does not follow from the proof before it', hint: PROVE_AGAIN },
  'not-yet-valid': {
    says: 'is dated in the future',
    hint: 'Set the clock of who signed it, and prove again.',
  },
  expired: { says: 'is too old', hint: PROVE_AGAIN },
  forged: { says: 'is not signed by valid credentials, says STS', hint: PROVE_AGAIN },
  'credentials-expired': { says: 'is signed by credentials that have expired', hint: PROVE_AGAIN },
  redirected: { says: 'was answered by a redirect, which is never followed', hint: LATER },
  'answer-invalid': { says: 'was answered by something that is no GetCallerIdentity response', hint: LATER },
  'wrong-account': {
    says: 'is signed in an account that is neither of the organisation nor of a party under contract',
    hint: 'Register the outside party and its account in directory.yaml.',
  },
  'unresolved-hop': {
    says: 'is signed by nobody the directory knows',
    hint: 'Add the principal to its person in directory.yaml, or use a role.',
  },
  replayed: { says: 'was used before', hint: PROVE_AGAIN },
  'sts-unavailable': { says: 'could not be checked: STS did not answer', hint: LATER, mayRetry: true },
  'organisation-unreadable': {
    says: "could not be checked: the organisation's accounts could not be read",
    hint: LATER,
    mayRetry: true,
  },
} as const satisfies Record<string, { says: string; hint: string; mayRetry?: true }>;

/** `detail` completes the sentence; it must hold nothing secret. */
export function refusal(reason: DelegationReason, hop?: number, detail?: string): DelegationRefusal {
  const { says, hint, ...rest } = REFUSALS[reason];
  const subject = hop === undefined ? 'the delegation' : `proof ${hop} of the delegation`;
  return {
    ok: false,
    reason,
    ...(hop === undefined ? {} : { hop }),
    message: `${subject} ${says}${detail === undefined ? '' : ` (${detail})`}`,
    hint,
    mayRetry: 'mayRetry' in rest,
  };
}
