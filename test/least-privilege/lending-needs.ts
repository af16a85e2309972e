import * as z from 'zod';
import { HUB, ORGANISATION_ID } from '../functions/places.ts';
import { bodyOf, formOf, type Needs, need } from './request.ts';

/** The management account, which ARNs of the organisation name. */
const MANAGEMENT = '111111111111';

export const onPolicy =
  (action: string): Needs =>
  (call) => [need(action, formOf(call).get('PolicyArn') ?? '')];
export const describeAccount: Needs = (call) => {
  const { AccountId } = z.object({ AccountId: z.string() }).parse(bodyOf(call));
  const arn = `arn:aws:organizations::${MANAGEMENT}:account/${ORGANISATION_ID}/${AccountId}`;
  return [need('organizations:DescribeAccount', arn)];
};
export const terminateSession: Needs = (call, accountId) => {
  const { SessionId } = z.object({ SessionId: z.string() }).parse(bodyOf(call));
  return [need('ssm:TerminateSession', `arn:aws:ssm:${call.region}:${accountId}:session/${SessionId}`)];
};
const scheduleInput = z.object({ GroupName: z.string(), Target: z.object({ RoleArn: z.string() }) });
/** A schedule that names a role takes the right to pass it. */
export const createSchedule: Needs = (call) => {
  const { GroupName, Target } = scheduleInput.parse(bodyOf(call));
  const name = call.request.path.split('/').at(-1);
  const arn = `arn:aws:scheduler:${call.region}:${HUB}:schedule/${GroupName}/${name}`;
  const passed = { 'iam:PassedToService': ['scheduler.amazonaws.com'] };
  return [need('scheduler:CreateSchedule', arn), need('iam:PassRole', Target.RoleArn, passed)];
};
