import { type QueryOperation, queryService } from '../query-protocol.ts';
import type { Call, Service } from '../service.ts';
import type { Rate } from '../world/throttle.ts';
import type { XmlValue } from '../xml.ts';
import { ACCESS_KEY_OPERATIONS } from './access-keys.ts';
import { AUTHORIZATION_DETAILS_OPERATIONS } from './authorization-details.ts';
import { MANAGED_POLICY_OPERATIONS } from './managed-policies.ts';
import { OTHER_CREDENTIAL_OPERATIONS } from './other-credentials.ts';
import { REPORT_OPERATIONS } from './report.ts';
import { ROLE_POLICY_OPERATIONS } from './role-policies.ts';
import { ROLE_OPERATIONS } from './roles.ts';
import { TAG_OPERATIONS } from './tags.ts';
import { USER_OPERATIONS } from './users.ts';

/** IAM publishes no rates: these are cautious ones, one bucket per API. */
const READ_RATE: Rate = { perSecond: 20, burst: 40 };
const WRITE_RATE: Rate = { perSecond: 10, burst: 20 };
const BULK_RATE: Rate = { perSecond: 2, burst: 10 };

function getAccountSummary(call: Call): XmlValue {
  const { iam } = call.account;
  const summary = new Map([
    ['Users', iam.users.size],
    ['UsersQuota', 5000],
    ['Groups', iam.groups.size],
    ['Roles', iam.roles.size],
    ['AccessKeysPerUserQuota', 2],
    ['AccountMFAEnabled', iam.root.mfa ? 1 : 0],
    ['AccountAccessKeysPresent', iam.root.keys.some((key) => key.active) ? 1 : 0],
  ]);
  return { SummaryMap: summary };
}

function listAccountAliases(call: Call): XmlValue {
  const { alias } = call.account.iam;
  return { AccountAliases: alias === undefined ? [] : [alias], IsTruncated: false };
}

const OPERATIONS: Readonly<Record<string, QueryOperation>> = {
  ...ACCESS_KEY_OPERATIONS,
  ...AUTHORIZATION_DETAILS_OPERATIONS,
  ...OTHER_CREDENTIAL_OPERATIONS,
  ...REPORT_OPERATIONS,
  ...MANAGED_POLICY_OPERATIONS,
  ...ROLE_OPERATIONS,
  ...ROLE_POLICY_OPERATIONS,
  ...TAG_OPERATIONS,
  ...USER_OPERATIONS,
  GetAccountSummary: getAccountSummary,
  ListAccountAliases: listAccountAliases,
};

export const IAM_SERVICE: Service = queryService({
  name: 'iam',
  namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  version: '2010-05-08',
  operations: OPERATIONS,
  rate: (operation) => ({ bucket: operation, rate: rateOf(operation) }),
});

function rateOf(operation: string): Rate {
  if (operation === 'GetAccountAuthorizationDetails') return BULK_RATE;
  return /^(Get|List|Generate)/.test(operation) ? READ_RATE : WRITE_RATE;
}
