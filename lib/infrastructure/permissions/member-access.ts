import type { MemberPurpose } from '../names.ts';
import type { Grant, GrantResources } from './grant.ts';

/** Assuming the member roles of some purposes; every role that acts is narrowed further by a session policy. */
export function assumeMemberRoles(of: GrantResources, ...purposes: readonly MemberPurpose[]): Grant[] {
  return purposes.flatMap((purpose) => {
    const resources = of.memberRoles[purpose];
    if (resources.length === 0) return [];
    return [
      {
        sid: `AssumeMember${purpose.split('-').map(capital).join('')}`,
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

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
