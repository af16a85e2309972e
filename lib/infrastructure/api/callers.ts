import { Aws } from 'aws-cdk-lib';
import { AccountPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** Whose principals may ask: an organisation or accounts of a list, and accounts of registered outside parties. */
export interface AdmittedCallers {
  readonly organizationId: string | undefined;
  /** Of the list to sweep; empty with an organisation. */
  readonly memberAccounts: readonly string[];
  /** Accounts of outside parties in the directory. */
  readonly outsideAccounts: readonly string[];
}

/**
 * The resource policy of the API. Whoever is admitted needs a right of its own as well: principals of other accounts by
 * the rules of AWS, those of the hub because no statement here allows them, and in their account either side would do. The
 * Deny holds whatever anybody allows. Unsigned requests name no account and are denied, too.
 */
export function callersPolicy(callers: AdmittedCallers): PolicyDocument {
  return new PolicyDocument({
    statements: [...allowedElsewhere(callers), deniedToOthers(callers)],
    minimize: false,
  });
}

const EVERYTHING = { actions: ['execute-api:Invoke'], resources: ['execute-api:/*'] };

function allowedElsewhere({
  organizationId,
  memberAccounts,
  outsideAccounts,
}: AdmittedCallers): PolicyStatement[] {
  const accounts = accountsOf(organizationId === undefined ? memberAccounts : [], outsideAccounts);
  const statements: PolicyStatement[] = [];
  if (organizationId !== undefined) {
    statements.push(
      new PolicyStatement({
        sid: 'AccountsOfTheOrganisation',
        principals: [new AnyPrincipal()],
        ...EVERYTHING,
        conditions: {
          StringEquals: { 'aws:PrincipalOrgID': organizationId },
          StringNotEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID },
        },
      }),
    );
  }
  if (accounts.length > 0) {
    statements.push(
      new PolicyStatement({
        sid: 'ListedAndRegisteredAccounts',
        principals: accounts.map((account) => new AccountPrincipal(account)),
        ...EVERYTHING,
        conditions: { StringNotEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID } },
      }),
    );
  }
  return statements;
}

/** Conditions of one statement hold together: outside the organisation and none of the accounts. */
function deniedToOthers({
  organizationId,
  memberAccounts,
  outsideAccounts,
}: AdmittedCallers): PolicyStatement {
  return new PolicyStatement({
    sid: 'NobodyElse',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    ...EVERYTHING,
    conditions: {
      StringNotEquals: {
        'aws:PrincipalAccount': [Aws.ACCOUNT_ID, ...accountsOf(memberAccounts, outsideAccounts)],
        ...(organizationId === undefined ? {} : { 'aws:PrincipalOrgID': organizationId }),
      },
    },
  });
}

function accountsOf(...lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].toSorted();
}
