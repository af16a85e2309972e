import {
  CreateUserCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import { breakGlassRoleArn, endedPolicyArn, GRANT_TAG } from '../../lib/domain/break-glass-names.ts';
import type { DeployedWorld, People } from './deployed-world.ts';
import { LENT_ROLE } from './enforced-policy.ts';
import { HUB, type Key, present } from './organisation.ts';

/** Name of the group that the stack makes for the ends of grants. */
const ENDS = 'credential-janitor-grant-ends';

export const startedSchema = z.object({
  outcome: z.literal('started'),
  grant: z.object({ state: z.literal('active'), endsAt: z.string(), errands: z.array(z.string()) }),
  credentials: z.object({
    accessKeyId: z.string(),
    secretAccessKey: z.string(),
    sessionToken: z.string(),
  }),
});
export type Lent = z.infer<typeof startedSchema>['credentials'];

/** What ana sends to take the role. */
export function wanted({ organisation }: DeployedWorld, grantId: string, durationSeconds = 900) {
  return {
    grantId,
    role: LENT_ROLE,
    accountId: organisation.member,
    durationSeconds,
    reason: 'Somebody cannot sign in and it is night',
    ticket: 'OPS-17',
  };
}

/** What one call of IAM in the member comes to with somebody's credentials: done, or the name of the error. */
export async function tried(
  { ministack, organisation }: DeployedWorld,
  credentials: Lent,
  what: 'look at users' | 'make a user',
): Promise<string> {
  const iam = new IAMClient({ ...ministack.configuration(organisation.member), credentials });
  return outcome(
    what === 'look at users'
      ? iam.send(new ListUsersCommand({}))
      : iam.send(new CreateUserCommand({ UserName: 'made-in-a-grant' })),
  );
}

/** Takes the role past the broker, as well as anybody else can. */
export function assumedBy(
  { ministack, organisation, people }: DeployedWorld,
  who: keyof People | 'root of the hub',
): Promise<string> {
  const root = ministack.configuration(HUB);
  const credentials: Key = who === 'root of the hub' ? root.credentials : people[who];
  const place = { partition: 'aws', accountId: organisation.member };
  return outcome(
    new STSClient({ ...root, credentials }).send(
      new AssumeRoleCommand({
        RoleArn: breakGlassRoleArn(place, LENT_ROLE),
        RoleSessionName: 'past-the-broker',
        SourceIdentity: 'ana',
        Tags: [{ Key: GRANT_TAG, Value: 'past-the-broker' }],
      }),
    ),
  );
}

/** The one-time schedule of a grant's end; undefined once it has fired. */
export async function scheduledEnd({ ministack }: DeployedWorld, grantId: string) {
  const scheduler = new SchedulerClient(ministack.configuration(HUB));
  const said = await scheduler
    .send(new GetScheduleCommand({ GroupName: ENDS, Name: grantId }))
    .catch((error: Error) => {
      if (error.name === 'ResourceNotFoundException') return undefined;
      throw error;
    });
  if (said === undefined) return undefined;
  const { Arn, Input } = present(said.Target, 'a target');
  return { at: said.ScheduleExpression, arn: Arn, input: JSON.parse(present(Input, 'an input')) };
}

/** The policy of the member that denies what has ended. */
export async function endedPolicy({ ministack, organisation }: DeployedWorld) {
  const iam = new IAMClient(ministack.configuration(organisation.member));
  const PolicyArn = endedPolicyArn({ partition: 'aws', accountId: organisation.member });
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const version = present(Policy?.DefaultVersionId, 'a version');
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: version }));
  return { version, text: decodeURIComponent(present(PolicyVersion?.Document, 'a document')) };
}

async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'done';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}
