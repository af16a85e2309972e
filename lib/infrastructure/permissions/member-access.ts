import type { MemberPurpose } from '../names.ts';
import type { Grant, GrantResources } from './grant.ts';

/** Assuming the member roles of some purposes; every role that acts is narrowed further by a session policy. */
export function assumeMemberRoles(of: GrantResources, ...purposes: readonly MemberPurpose[]): Grant[] {
  return purposes.flatMap((purpose) => {
    const resources = of.memberRoles[purpose];
    if (resources.length === 0) return [];
    return [
      {
        sid: `AssumeMember${purpose.charAt(0).toUpperCase()}${purpose.slice(1)}`,
        actions: ['sts:AssumeRole'],
        resources,
        ...(of.organizationId === undefined
          ? {}
          : {
              conditions: { StringEquals: { 'aws:ResourceOrgID': of.organizationId } },
              wildcard: 'The role of this one name in every account of the organisation.',
            }),
      },
    ];
  });
}
