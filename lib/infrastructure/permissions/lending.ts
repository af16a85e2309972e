import type { Grant, GrantResources } from './grant.ts';

/** Assuming break-glass roles, for the broker alone: their trust names it, and asks for tag and source identity. */
export function lendRoles({ breakGlass, organizationId }: GrantResources): Grant[] {
  if (breakGlass === undefined) return [];
  return [
    {
      sid: 'LendRoles',
      actions: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
      resources: breakGlass.roles,
      ...(organizationId === undefined
        ? {}
        : { conditions: { StringEquals: { 'aws:ResourceOrgID': organizationId } } }),
      wildcard: 'The roles on the path of break-glass access, which the policy names.',
    },
  ];
}

/** Having a grant ended at its end by a schedule of its own, made beside the session. */
export function scheduleEnds({ breakGlass }: GrantResources): Grant[] {
  if (breakGlass === undefined) return [];
  return [
    {
      sid: 'ScheduleEnds',
      actions: ['scheduler:CreateSchedule'],
      resources: [breakGlass.endSchedules],
      wildcard: 'The schedules of one group, named by grant.',
    },
    {
      sid: 'HandScheduleItsRole',
      actions: ['iam:PassRole'],
      resources: [breakGlass.endScheduleRole],
      conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      indirect: 'EventBridge Scheduler asks for it when a schedule is made that names a role.',
    },
  ];
}
