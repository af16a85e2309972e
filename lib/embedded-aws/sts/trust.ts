import type { AccountState } from '../account-state.ts';
import {
  type ConditionContext,
  coversAction,
  coversPrincipal,
  holdsCondition,
  parsePolicy,
  type Statement,
} from '../policy-document.ts';
import type { Principal } from '../principal.ts';
import type { Tag } from '../tag.ts';

/** Statements of a role's trust policy; undefined when the text is no policy. */
export function parseTrustPolicy(text: string): readonly Statement[] | undefined {
  const statements = parsePolicy(text);
  return statements?.some((statement) => statement.Principal === undefined) === true ? undefined : statements;
}

export interface TrustRequest {
  readonly principal: Principal;
  readonly callerAccount: AccountState;
  readonly roleSessionName: string;
  readonly externalId: string | undefined;
  readonly sourceIdentity: string | undefined;
  readonly tags: readonly Tag[];
}

/** Whether the trust policy lets this caller do all the request asks for, and nothing in it denies that. */
export function isTrusted(trustPolicy: string, request: TrustRequest): boolean {
  const statements = parseTrustPolicy(trustPolicy) ?? [];
  const context = conditionContext(request);
  const actions = [
    'sts:AssumeRole',
    ...(request.tags.length > 0 ? ['sts:TagSession'] : []),
    ...(request.sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ];
  return actions.every((action) => isAllowed(statements, action, request.principal, context));
}

function isAllowed(
  statements: readonly Statement[],
  action: string,
  principal: Principal,
  context: ConditionContext,
): boolean {
  const arns = [principal.arn, principal.principalArn, `arn:aws:iam::${principal.accountId}:root`];
  const applying = statements.filter(
    (statement) =>
      coversAction(statement, action) &&
      coversPrincipal(statement, arns, principal.accountId) &&
      holdsCondition(statement, context),
  );
  return applying.length > 0 && applying.every((statement) => statement.Effect === 'Allow');
}

function conditionContext(request: TrustRequest): ConditionContext {
  const { principal, callerAccount } = request;
  const context = new Map([
    ['aws:principalarn', principal.principalArn],
    ['aws:principalaccount', principal.accountId],
    ['aws:userid', principal.userId],
    ['sts:rolesessionname', request.roleSessionName],
  ]);
  if (callerAccount.organizationId !== undefined)
    context.set('aws:principalorgid', callerAccount.organizationId);
  if (request.externalId !== undefined) context.set('sts:externalid', request.externalId);
  if (request.sourceIdentity !== undefined) context.set('sts:sourceidentity', request.sourceIdentity);
  if (principal.sourceIdentity !== undefined) context.set('aws:sourceidentity', principal.sourceIdentity);
  for (const tag of request.tags) context.set(`aws:requesttag/${tag.key.toLowerCase()}`, tag.value);
  for (const tag of principal.sessionTags ?? [])
    context.set(`aws:principaltag/${tag.key.toLowerCase()}`, tag.value);
  return context;
}
