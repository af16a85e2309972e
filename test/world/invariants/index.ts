import { OF_GRANTS } from '../break-glass/invariants/index.ts';
import type { Invariant } from '../chronicle.ts';
import { activatedPolicy } from './g08-activated-policy.ts';
import { halts } from './g20-halts.ts';
import { intentBeforeChange } from './i01-intent-before-change.ts';
import { evidence } from './i02-evidence.ts';
import { noticeAndWait } from './i03-notice-and-wait.ts';
import { quarantineBeforeDelete } from './i04-quarantine-before-delete.ts';
import { caps } from './i05-caps.ts';
import { convergence } from './i06-convergence.ts';
import { oneOutcome } from './i07-outcomes.ts';
import { ownersWill } from './i08-owners-will.ts';
import { protectedOnes } from './i09-protected.ts';
import { chains } from './i10-chains.ts';
import { approvals } from './i11-approvals.ts';
import { approvedRequests } from './i11-requests.ts';
import { ends } from './i12-ends.ts';
import { outlived } from './i13-outlived.ts';
import { lapses } from './i14-lapses.ts';
import { deciders } from './i16-deciders.ts';
import { challenged } from './i18-challenges.ts';
import { overdue } from './i18-overdue.ts';
import { ownErrors } from './i20-own-errors.ts';
import { holds } from './i21-holds.ts';
import { lease } from './lease.ts';
import { oneEnd } from './one-outcome.ts';

/** Checked after every step of every history. */
export const ALWAYS: readonly Invariant[] = [
  intentBeforeChange,
  evidence,
  noticeAndWait,
  quarantineBeforeDelete,
  caps,
  convergence,
  oneOutcome,
  ownersWill,
  protectedOnes,
  chains,
  approvals,
  approvedRequests,
  ends,
  outlived,
  lapses,
  deciders,
  overdue,
  challenged,
  ownErrors,
  holds,
  activatedPolicy,
  halts,
  lease,
  oneEnd,
  ...OF_GRANTS,
];
