import { Aws, type Stack } from 'aws-cdk-lib';
import type { BreakGlassPlace } from '../../domain/break-glass-boundary.ts';
import { trustDocument } from '../../domain/break-glass-documents.ts';
import { BreakGlassRoles } from '../break-glass/break-glass-roles.ts';
import { accountsOf, type DeployedBreakGlass } from '../break-glass/deployed.ts';
import { type Configuration, ownSecretsOf } from '../configuration/schema.ts';
import type { DeployedNames, MemberPurpose } from '../names.ts';
import type { RotationReach } from '../rotation/reach.ts';
import { MemberRoles, onlyIf } from './member-roles.ts';

interface HubMemberRolesProps {
  readonly names: DeployedNames;
  readonly purposes: readonly MemberPurpose[];
  readonly reach: RotationReach;
  readonly breakGlass: DeployedBreakGlass | undefined;
  readonly configuration: Configuration;
}

/** The janitor's roles in the hub's own account, and break-glass roles where the policy names it. */
export function hubMemberRoles(
  stack: Stack,
  { names, purposes, reach, breakGlass, configuration }: HubMemberRolesProps,
): void {
  const { organizationId, hubAccount } = configuration;
  const ownSecrets = ownSecretsOf(configuration);
  const roles = (breakGlass?.roles ?? []).filter(
    ({ accounts }) => hubAccount === undefined || accounts.includes(hubAccount),
  );
  const member = new MemberRoles(stack, 'Member', {
    names,
    purposes: purposes.filter((purpose) => purpose !== 'break-glass' || roles.length > 0),
    partition: Aws.PARTITION,
    account: Aws.ACCOUNT_ID,
    reach,
    ownSecrets,
    hubAccount: Aws.ACCOUNT_ID,
    organization: organizationId === undefined ? undefined : { 'aws:PrincipalOrgID': organizationId },
  });
  if (roles.length === 0) return;
  const place: BreakGlassPlace = {
    partition: Aws.PARTITION,
    accountId: Aws.ACCOUNT_ID,
    hubAccount: Aws.ACCOUNT_ID,
    prefix: names.prefix,
    stackName: stack.stackName,
    organizationId,
    ownSecrets,
  };
  const lent = new BreakGlassRoles(stack, 'BreakGlassRoles', {
    roles,
    place,
    trust: trustDocument(place),
  });
  onlyIf(member.roles.get('break-glass'), lent.inAccounts(accountsOf(roles)));
}
