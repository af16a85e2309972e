import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll } from 'vitest';
import * as z from 'zod';
import { BREAK_GLASS_PATH } from '../../lib/domain/break-glass-documents.ts';
import {
  deployedNames,
  FUNCTION_NAMES,
  type FunctionName,
  MEMBER_PURPOSES,
  type MemberPurpose,
} from '../../lib/infrastructure/names.ts';
import type { Deployment } from '../functions/deployment.ts';
import { HUB, MEMBER, ORGANISATION_ID, REGION, SENDER, TICKET_TOKEN } from '../functions/places.ts';
import { policyTexts } from '../functions/policy-folder.ts';
import { built, templateIn } from '../infrastructure/synthesised.ts';
import { type Statement, statementsOf } from './evaluate.ts';
import { Deployed } from './intrinsics.ts';

/** What may be done with the role of a member account. */
export interface MemberPolicies {
  readonly identity: readonly Statement[];
  readonly boundary: readonly Statement[];
}

/** All policies of the synthesised templates that speak of the functions' calls. */
export interface Policies {
  readonly functions: ReadonlyMap<FunctionName, readonly Statement[]>;
  /** By account, then by purpose. */
  readonly members: ReadonlyMap<string, ReadonlyMap<MemberPurpose, MemberPolicies>>;
  /** Names of every other role in the templates. */
  readonly others: readonly string[];
}

export interface SynthesisedHub {
  readonly deployment: Deployment;
  readonly policies: Policies;
}

const roleSchema = z.object({
  RoleName: z.string().default('(unnamed)'),
  Path: z.string().default('/'),
  AssumeRolePolicyDocument: z.record(z.string(), z.unknown()),
  Policies: z.array(z.object({ PolicyDocument: z.unknown() })).default([]),
  ManagedPolicyArns: z.array(z.unknown()).default([]),
  PermissionsBoundary: z.string().optional(),
});
const managedSchema = z.object({ ManagedPolicyName: z.string(), PolicyDocument: z.unknown() });
const functionSchema = z.object({
  FunctionName: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});

const names = deployedNames();

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The hub with everything switched on, and a member account by the StackSet's template, as the app synthesises both. */
export async function synthesisedHub(): Promise<SynthesisedHub> {
  const { app, hub, templates } = await built({
    policyFolder: writtenPolicy(),
    accounts: 'organization',
    organizationId: ORGANISATION_ID,
    mode: 'enforce',
    mail: { from: SENDER },
    ticketTokenSecret: TICKET_TOKEN,
    memberSteps: ['tag', 'rotate', 'quarantine', 'delete'],
  });
  templates.synth();
  const inHub = new Deployed(Template.fromStack(hub).toJSON(), {
    accountId: HUB,
    region: REGION,
    parameters: {},
  });
  const memberTemplate = templateIn(path.join(app.outdir, 'templates'), 'credential-janitor-member');
  const inMember = new Deployed(memberTemplate.toJSON(), {
    accountId: MEMBER,
    region: REGION,
    parameters: {
      HubAccount: HUB,
      HomeRegion: REGION,
      TagRole: 'true',
      RotateRole: 'true',
      QuarantineRole: 'true',
      DeleteRole: 'true',
    },
  });
  const [hubRoles, memberRoles] = [rolesOf(inHub), rolesOf(inMember)];
  return {
    deployment: deploymentOf(
      inHub,
      new Map([
        [HUB, hubRoles],
        [MEMBER, memberRoles],
      ]),
    ),
    policies: {
      functions: new Map(
        FUNCTION_NAMES.map((name) => [name, grantsOf(roleOf(hubRoles, names.functionName(name)))]),
      ),
      members: new Map([
        [HUB, memberPolicies(inHub, hubRoles)],
        [MEMBER, memberPolicies(inMember, memberRoles)],
      ]),
      others: [...hubRoles.values(), ...memberRoles.values()]
        .filter(({ Path }) => Path !== BREAK_GLASS_PATH)
        .map(({ RoleName }) => RoleName)
        .filter((name) => !isOurs(name)),
    },
  };
}

/** The policy of the stories, which finds secrets by name, too, delivers keys, and lends roles. */
function writtenPolicy(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'janitor-policy-'));
  folders.push(folder);
  const { janitor, directory } = policyTexts({ rotates: true, lends: true });
  writeFileSync(path.join(folder, 'janitor.yaml'), janitor);
  writeFileSync(path.join(folder, 'directory.yaml'), directory);
  return folder;
}

type Role = z.infer<typeof roleSchema>;
type Roles = ReadonlyMap<string, Role>;

function rolesOf(deployed: Deployed): Roles {
  const roles = deployed.resources('AWS::IAM::Role').map(({ Properties }) => roleSchema.parse(Properties));
  return new Map(roles.map((role) => [role.RoleName, role]));
}

function roleOf(roles: Roles, name: string): Role {
  const found = roles.get(name);
  if (found === undefined) throw new Error(`the template has no role ${name}`);
  return found;
}

/** A role's own statements; one that were given more by other means would be more than is looked at here. */
function grantsOf({ RoleName, Policies, ManagedPolicyArns }: Role): readonly Statement[] {
  if (ManagedPolicyArns.length > 0) throw new Error(`${RoleName} has managed policies`);
  return Policies.flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument));
}

function memberPolicies(deployed: Deployed, roles: Roles): ReadonlyMap<MemberPurpose, MemberPolicies> {
  const boundaries = deployed
    .resources('AWS::IAM::ManagedPolicy')
    .map(({ Properties }) => managedSchema.parse(Properties));
  return new Map(
    purposesIn(roles).map((purpose) => {
      const role = roleOf(roles, names.memberRole(purpose));
      const name = purpose === 'break-glass' ? names.endingBoundary : names.memberBoundary;
      const boundary = boundaries.find(({ ManagedPolicyName }) => ManagedPolicyName === name);
      if (boundary === undefined || role.PermissionsBoundary?.endsWith(`/${name}`) !== true) {
        throw new Error(`${role.RoleName} is not under its boundary`);
      }
      return [
        purpose,
        { identity: grantsOf(role), boundary: statementsOf(boundary.PolicyDocument) },
      ] as const;
    }),
  );
}

/** The role for break-glass access is only where the policy lends roles. */
function purposesIn(roles: Roles): readonly MemberPurpose[] {
  return MEMBER_PURPOSES.filter(
    (purpose) => purpose !== 'break-glass' || roles.has(names.memberRole(purpose)),
  );
}

function isOurs(name: string): boolean {
  const functions = FUNCTION_NAMES.map((each) => names.functionName(each));
  return [...functions, ...MEMBER_PURPOSES.map((each) => names.memberRole(each))].includes(name);
}

function deploymentOf(hub: Deployed, roles: ReadonlyMap<string, Roles>): Deployment {
  const variables = new Map(
    hub.resources('AWS::Lambda::Function').flatMap(({ Properties }) => {
      const parsed = functionSchema.safeParse(Properties);
      return parsed.success ? [[parsed.data.FunctionName, parsed.data.Environment.Variables]] : [];
    }),
  );
  const environment = (name: FunctionName) => variables.get(names.functionName(name)) ?? {};
  const told = (name: FunctionName, variable: string) => environment(name)[variable] ?? '';
  return {
    tables: {
      ledger: told('act-on-account', 'LEDGER_TABLE'),
      state: told('act-on-account', 'STATE_TABLE'),
      proofs: told('answer-requests', 'PROOF_TABLE'),
    },
    buckets: {
      evidence: told('act-on-account', 'EVIDENCE_BUCKET'),
      work: told('act-on-account', 'WORK_BUCKET'),
    },
    topicArn: told('act-on-account', 'NOTICE_TOPIC_ARN'),
    bus: told('act-on-account', 'EVENT_BUS_NAME'),
    environment,
    memberRoles: (accountId) => {
      const there = roles.get(accountId) ?? new Map<string, Role>();
      return new Map(
        purposesIn(there).map((purpose) => [
          purpose,
          roleOf(there, names.memberRole(purpose)).AssumeRolePolicyDocument,
        ]),
      );
    },
    lentRoles: (accountId) =>
      new Map(
        [...(roles.get(accountId) ?? new Map<string, Role>()).values()]
          .filter(({ Path }) => Path === BREAK_GLASS_PATH)
          .map(({ RoleName, AssumeRolePolicyDocument }) => [RoleName, AssumeRolePolicyDocument]),
      ),
  };
}
