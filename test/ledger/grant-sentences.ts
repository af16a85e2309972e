import { GRANT_ID } from '../builders/grant-drafts.ts';

/** What an auditor reads of break-glass grants (G1 to G4, G11). */
export const GRANT_SENTENCES = [
  [
    'grant.requested',
    'ana asked for database-admin in 111122223333 until 2026-10-15 09:30 UTC, because the orders database does not accept writes (ticket OPS-7); ana is on call. To be reviewed by 2026-10-18 09:00 UTC.',
  ],
  ['grant.refused', 'ana was refused database-admin in 111122223333 (not-on-call): ana is not on call.'],
  ['grant.approved', 'bo approved the grant.'],
  ['grant.activating', 'ana took up the grant, which has its approvals.'],
  [
    'grant.lapsed',
    'The grant lapsed, since it was not approved and taken up in time; no session was issued.',
  ],
  [
    'grant.activated',
    'Access began with session ASIAEXAMPLESESSION01, which lasts until 2026-10-15 09:15 UTC; it could not be announced, which is tried again.',
  ],
  ['grant.errand-done', 'It was announced, after it had failed at first.'],
  ['grant.renewed', 'ana asked for session 2 of the grant.'],
  ['grant.issued', 'Session 2 was issued as ASIAEXAMPLESESSION01 and lasts until 2026-10-15 09:15 UTC.'],
  ['grant.ending', 'The grant ends, since it was returned (by ana); no session is issued any more.'],
  [
    'grant.end-failed',
    'Its sessions could not be ended (aws-throttled), because IAM is throttled; that is tried again.',
  ],
  ['grant.ended', 'Access has ended: its tag is denied by version v7 of the policy.'],
  ['grant.shells-ended', '1 shell it had left open was ended; none is left.'],
  [
    'grant.shells-failed',
    'Its shells could not be ended (aws-access-denied), because no permission; that is tried again.',
  ],
  [
    'grant.evidence-failed',
    'What its sessions did could not be looked up (aws-access-denied), because no permission; that is tried again.',
  ],
  ['grant.evidence-attached', '12 calls of its sessions were attached as evidence.'],
  ['grant.reviewed', 'cy reviewed the use and found nothing amiss, because all of it served the repair.'],
  ['grant.drilled', 'The drill failed at the stage "used" (aws-unreachable).'],
  ['grant.told', 'cy was told that its use is to be reviewed.'],
  ['grant.noted', `Grant ${GRANT_ID} is to be reviewed by 2026-10-18 09:00 UTC.`],
  ['grant.settled', `The review of grant ${GRANT_ID} is settled.`],
] as const;
