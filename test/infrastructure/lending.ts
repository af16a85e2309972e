import path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { Deployed } from '../least-privilege/intrinsics.ts';
import { LENDING } from './lending-policy.ts';
import { built, templateIn } from './synthesised.ts';

export const HUB = '999988887777';
export const ORGANIZATION = 'o-exampleorgid';

export const { app, hub, templates } = await built({
  policyFolder: LENDING,
  accounts: 'organization',
  organizationId: ORGANIZATION,
  mail: { from: 'janitor@example.com' },
  ticketTokenSecret: `arn:aws:secretsmanager:eu-central-1:${HUB}:secret:janitor/ticket-token-AbCdEf`,
});
templates.synth();
export const own = Template.fromStack(hub);
export const member = templateIn(path.join(app.outdir, 'templates'), 'credential-janitor-member');
export const management = templateIn(path.join(app.outdir, 'templates'), 'credential-janitor-management');

/** The member template as CloudFormation makes it of an account, in the home Region unless said otherwise. */
export function inMember(
  accountId: string,
  region = 'eu-central-1',
  parameters: Readonly<Record<string, string>> = {},
): Deployed {
  return new Deployed(member.toJSON(), {
    accountId,
    region,
    parameters: { HubAccount: HUB, HomeRegion: 'eu-central-1', ...parameters },
  });
}

export function inHub(): Deployed {
  return new Deployed(own.toJSON(), { accountId: HUB, region: 'eu-central-1', parameters: {} });
}

const documented = z.record(z.string(), z.unknown());
const roleSchema = z.object({
  RoleName: z.string(),
  Path: z.string().optional(),
  MaxSessionDuration: z.number(),
  AssumeRolePolicyDocument: documented,
  Policies: z.array(z.object({ PolicyName: z.string(), PolicyDocument: documented })).default([]),
  ManagedPolicyArns: z.array(z.string()).default([]),
  PermissionsBoundary: z.string().optional(),
});
const managedSchema = z.object({
  ManagedPolicyName: z.string(),
  Path: z.string(),
  PolicyDocument: documented,
});

export const PATH = '/janitor/break-glass/';
/** Break-glass roles of a deployed template, by name. */
export const rolesIn = (deployed: Deployed) =>
  new Map(
    deployed
      .resources('AWS::IAM::Role')
      .map(({ Properties }) => roleSchema.parse(Properties))
      .filter(({ Path }) => Path === PATH)
      .map((role) => [role.RoleName, role]),
  );
/** Their managed policies. */
export const policiesIn = (deployed: Deployed) =>
  new Map(
    deployed
      .resources('AWS::IAM::ManagedPolicy')
      .filter(({ Properties }) => Properties.Path === PATH)
      .map(({ Properties }) => managedSchema.parse(Properties))
      .map((policy) => [policy.ManagedPolicyName, policy.PolicyDocument]),
  );

/** The one of a name; the test fails when there is none. */
export function found<T>(all: ReadonlyMap<string, T>, name: string): T {
  const one = all.get(name);
  if (one === undefined) throw new Error(`there is no ${name}: ${[...all.keys()].join(', ')}`);
  return one;
}
