import { ASKED_KEY } from '../builders/asked.ts';

const API = 'arn:aws:sts::111122223333:assumed-role/janitor-api/session (claims session)';
const PLANNER = 'arn:aws:sts::111122223333:assumed-role/planner/session (claims session)';

/** What an auditor reads of requests, exceptions and challenges (G1 to G4, G18). */
export const ASKED_SENTENCES = [
  [
    'request.submitted',
    `ana asked to except ${ASKED_KEY} from access-key-unused until 2026-11-14 09:00 UTC, because The migration of atlas needs it once more (ticket OPS-7); reason migration, olga answers for it; it is critical and waits for 2 approvals by group security until 2026-10-22 09:00 UTC.`,
  ],
  [
    'request.denied',
    `${PLANNER} asked to except ${ASKED_KEY} from access-key-unused until 2026-11-14 09:00 UTC, because The migration of atlas needs it once more (ticket OPS-7); reason migration, olga answers for it; it was denied (sponsor-missing): No person stands behind it.`,
  ],
  ['request.approved', `bo approved the request as submitted (hash eeeeeeeeeeee).`],
  ['request.rejected', `bo rejected the request, because rotate it instead; nothing comes of it.`],
  ['request.withdrawn', `ana withdrew the request; nothing comes of it.`],
  ['request.lapsed', `The request lapsed in want of an answer in time; nothing comes of it.`],
  [
    'request.executing',
    `${API} set out to do what was approved, to be finished before 2026-10-16 09:00 UTC.`,
  ],
  ['request.done', `What was asked for is done: exception request-0001.`],
  ['request.failed', `What was asked for could not be done (credential-gone), because the key is gone.`],
  [
    'exception.proposed',
    `An exception of ${ASKED_KEY} from access-key-unused until 2026-11-14 09:00 UTC, asked by ana and approved by bo and cy, because The migration of atlas needs it once more (ticket OPS-7); reason migration, olga answers for it; it lasts while the tag "project" stays "atlas" and its owner stays the same and the ticket stays open.`,
  ],
  ['exception.activated', `The exception is in force.`],
  [
    'exception.challenged',
    `eve challenged the exception (challenge 28cc98e2b7d4011ddfab7943ffefad5a), because atlas is over; it ends on 2026-10-22 09:00 UTC unless the challenge is dismissed before.`,
  ],
  [
    'exception.cleared',
    `Challenge 28cc98e2b7d4011ddfab7943ffefad5a was dismissed, because it is not over; the exception stays, with the end it had.`,
  ],
  [
    'exception.expired',
    `The exception ended, since what was to stay true is no longer, because its ticket is closed.`,
  ],
  ['exception.revoked', `bo revoked the exception, because the key leaked.`],
  ['exception.renewed', `The exception gave way to request-0002.`],
  [
    'challenge.opened',
    `dora challenged the step to delete it under rule access-key-unused: ${ASKED_KEY}, because it runs once a quarter; group security decides before 2026-10-22 09:00 UTC, but not iam-owner.`,
  ],
  [
    'challenge.upheld',
    `bo upheld the challenge, because the report shows it: the step is not taken, or the exception ends.`,
  ],
  [
    'challenge.dismissed',
    `bo dismissed the challenge, because there is no such run: what was challenged goes on.`,
  ],
  [
    'challenge.undecided',
    `Nobody decided the challenge in time: an exception ends, a step may disable and never delete.`,
  ],
  ['request.told', 'bo was told that it waits for a decision by notice/asked/1.'],
  ['exception.told', 'ana could not be told what came of it by notice/asked/2: the route refused it.'],
  ['challenge.told', 'iam-owner was told that it is challenged by notice/asked/3.'],
] as const;
