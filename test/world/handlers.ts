import {
  type AccountOutcome,
  actOnAccount,
  decideAccount,
  type FinishedSweep,
  RunFiles,
  type SweepContext,
  type SweepWorkspace,
} from '../../lib/sweep/index.ts';

/** What the functions of the workflow that look after one account are called with. */
export interface AccountCall {
  readonly workspace: SweepWorkspace;
  readonly accountId: string;
  readonly enforce: boolean;
  readonly mayGoOn: () => boolean;
}

/** As functions/decide-account does it; `open` enters the account. */
export async function handleDecide(
  call: AccountCall & { readonly member: string },
  open: () => Promise<SweepContext>,
  newId: () => string,
): Promise<string> {
  const { workspace, accountId, enforce, member, mayGoOn } = call;
  const ended = endedIn(workspace, 'decided', newId);
  if (member !== 'ACTIVE') return ended({ accountId, status: 'skipped', reason: `its state is ${member}` });
  const context: SweepContext = {
    ...(await open()),
    acting: async () => ({ ok: false, code: 'observe-only', reason: 'this function decides only' }),
    delivery: { route: 'none', deliver: async () => ({ outcome: 'unknown', reason: 'tells nobody' }) },
  };
  const decided = await decideAccount(context, { enforce, workspace, mayGoOn });
  switch (decided.status) {
    case 'continue':
      return decided.status;
    case 'decided':
      return ended({ accountId, status: decided.status, demand: decided.demand });
    case 'finished':
      return ended({ accountId, status: decided.status, sweep: summaryOf(decided.sweep) });
  }
}

/** As functions/act-on-account does it. */
export async function handleAct(
  call: AccountCall & { readonly allowance: number },
  open: () => Promise<SweepContext>,
  newId: () => string,
): Promise<string> {
  const { workspace, accountId, enforce, allowance, mayGoOn } = call;
  const ended = endedIn(workspace, 'acted', newId);
  const acted = await actOnAccount(await open(), { enforce, allowance, workspace, mayGoOn });
  switch (acted.status) {
    case 'continue':
      return acted.status;
    case 'undecided':
      return ended({ accountId, status: 'skipped', reason: 'another policy was deployed' });
    case 'finished':
      return ended({ accountId, status: acted.status, sweep: summaryOf(acted.sweep) });
  }
}

function endedIn({ store, runId }: SweepWorkspace, phase: 'decided' | 'acted', newId: () => string) {
  return async (outcome: AccountOutcome): Promise<string> => {
    await new RunFiles(store, runId).writeOutcome(phase, outcome, newId());
    return outcome.status;
  };
}

function summaryOf({ complete, credentials, outcomes, actions }: FinishedSweep) {
  return { complete, credentials, outcomes, actions };
}
