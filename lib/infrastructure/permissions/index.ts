import type { FunctionName } from '../names.ts';
import { actOnAccountGrants } from './act-on-account.ts';
import { allotStepsGrants } from './allot-steps.ts';
import { answerRequestsGrants } from './answer-requests.ts';
import { carryOutRequestsGrants } from './carry-out-requests.ts';
import { decideAccountGrants } from './decide-account.ts';
import { finishRunGrants } from './finish-run.ts';
import { type Grant, type GrantResources, runtimeGrants } from './grant.ts';
import { grantAccessGrants } from './grant-access.ts';
import { listAccountsGrants } from './list-accounts.ts';
import { reconcileGrantsGrants } from './reconcile-grants.ts';
import { recordBounceGrants } from './record-bounce.ts';
import { rotateAccessKeyGrants } from './rotate-access-key.ts';
import { tagNewbornGrants } from './tag-newborn.ts';

const GRANTS: Readonly<Record<FunctionName, (of: GrantResources) => Grant[]>> = {
  'list-accounts': listAccountsGrants,
  'decide-account': decideAccountGrants,
  'allot-steps': allotStepsGrants,
  'act-on-account': actOnAccountGrants,
  'finish-run': finishRunGrants,
  'tag-newborn': tagNewbornGrants,
  'record-bounce': recordBounceGrants,
  'answer-requests': answerRequestsGrants,
  'carry-out-requests': carryOutRequestsGrants,
  'rotate-access-key': rotateAccessKeyGrants,
  'grant-access': grantAccessGrants,
  'reconcile-grants': reconcileGrantsGrants,
};

/** All that a function with this log group may do. Its role holds these statements and nothing else. */
export function functionGrants(name: FunctionName, of: GrantResources, logGroup: string): Grant[] {
  return [...GRANTS[name](of), ...runtimeGrants(logGroup)];
}

export { apiLogGrants } from './api-gateway.ts';
export type { Grant, GrantResources } from './grant.ts';
export { LEDGER_INDEX, STATE_INDEX_NAMES } from './ledger-grants.ts';
export {
  auditorGrants,
  onCallGrants,
  operatorGrants,
  type PeopleResources,
  requesterGrants,
} from './people.ts';
export { endScheduleGrants, scheduleGrants, workflowGrants } from './workflow.ts';
