import { type QueryInput, type QueryOperation, xmlTime } from '../query-protocol.ts';
import { type Call, recordChange } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import { parseTrustPolicy } from '../sts/trust.ts';
import { tagMap } from '../tag.ts';
import type { XmlValue } from '../xml.ts';
import { namedRole, pathPage, validName, validPath } from './lookup.ts';
import type { Role } from './state.ts';
import { describeTag, validTags } from './tags.ts';

/** As ListRoles answers: no tags, no last use. */
function describeListed(role: Role): { [name: string]: XmlValue } {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: xmlTime(role.createdAt),
    AssumeRolePolicyDocument: encodeURIComponent(role.trustPolicy),
    Description: role.description,
    MaxSessionDuration: role.maxSessionDuration,
  };
}

function describeRole(role: Role): XmlValue {
  const { lastUsed, permissionsBoundary } = role;
  return {
    ...describeListed(role),
    PermissionsBoundary:
      permissionsBoundary === undefined
        ? undefined
        : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: permissionsBoundary },
    Tags: role.tags.length === 0 ? undefined : role.tags.map(describeTag),
    RoleLastUsed:
      lastUsed === undefined ? {} : { LastUsedDate: xmlTime(lastUsed.at), Region: lastUsed.region },
  };
}

function getRole(call: Call, input: QueryInput): XmlValue {
  return { Role: describeRole(namedRole(call, input)) };
}

function listRoles(call: Call, input: QueryInput): XmlValue {
  return pathPage(call, input, call.account.iam.roles, 'Roles', describeListed);
}

function createRole(call: Call, input: QueryInput): XmlValue {
  const name = validName(input.required('RoleName'), 'roleName', 64);
  const path = validPath(input.optional('Path') ?? '/');
  const trustPolicy = input.required('AssumeRolePolicyDocument');
  const parsed = parseTrustPolicy(trustPolicy);
  if (parsed === undefined) {
    throw new ServiceError('MalformedPolicyDocument', 400, 'This policy contains invalid Json');
  }
  const { roles } = call.account.iam;
  if (roles.has(name.toLowerCase())) {
    throw new ServiceError('EntityAlreadyExists', 409, `Role with name ${name} already exists.`);
  }
  const description = input.optional('Description');
  const role: Role = {
    name,
    path,
    id: call.world.ids.unique('AROA'),
    arn: `arn:aws:iam::${call.account.id}:role${path}${name}`,
    createdAt: call.now,
    ...(description === undefined ? {} : { description }),
    trustPolicy,
    maxSessionDuration: input.integer('MaxSessionDuration', 3600, 43_200) ?? 3600,
    tags: validTags(input, []),
  };
  roles.add(name.toLowerCase(), role);
  recordChange(call, role.arn, null, { path, tags: tagMap(role.tags) });
  return { Role: describeRole(role) };
}

export const ROLE_OPERATIONS: Readonly<Record<string, QueryOperation>> = {
  GetRole: getRole,
  ListRoles: listRoles,
  CreateRole: createRole,
};
