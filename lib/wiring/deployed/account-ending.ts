import type { EvidenceStore } from '../../ledger/index.ts';
import { type AccountOutcome, RunFiles } from '../../sweep/index.ts';
import { logger } from './lambda.ts';

/** What the workflow is told of an account: enough for its choices, the rest is in the run's files. */
export interface AccountAnswer {
  readonly accountId: string;
  readonly status: AccountOutcome['status'] | 'continue';
  readonly reason?: string;
}

/** Keeps what came of an account for the functions that follow, logs it and answers the workflow. */
export function accountEnding(work: {
  readonly store: EvidenceStore;
  readonly runId: string;
  readonly phase: 'decided' | 'acted';
  readonly newId: () => string;
}): (outcome: AccountOutcome) => Promise<AccountAnswer> {
  const { store, runId, phase, newId } = work;
  const files = new RunFiles(store, runId);
  return async (outcome) => {
    await files.writeOutcome(phase, outcome, newId());
    logger.info(phase, { runId, ...outcome });
    const { accountId, status, reason } = outcome;
    return { accountId, status, ...(reason === undefined ? {} : { reason }) };
  };
}
