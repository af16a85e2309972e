import { type QueryInput, type QueryOperation, validationError, xmlTime } from '../query-protocol.ts';
import type { Call } from '../service.ts';
import type { XmlValue } from '../xml.ts';
import { continuation, markerPosition, maxItems } from './lookup.ts';
import type { Group, Role, User } from './state.ts';
import { describeTag } from './tags.ts';

const FILTERS = ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'];

function describeUser(user: User, now: number): XmlValue {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: xmlTime(user.createdAt),
    UserPolicyList:
      user.inlinePolicies.length === 0
        ? undefined
        : user.inlinePolicies.map(({ name, document }) => ({
            PolicyName: name,
            PolicyDocument: encodeURIComponent(document),
          })),
    GroupList: [...user.groups],
    AttachedManagedPolicies: user.attachedPolicies.map((arn) => ({
      PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
      PolicyArn: arn,
    })),
    PermissionsBoundary:
      user.permissionsBoundary === undefined
        ? undefined
        : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: user.permissionsBoundary },
    Tags: user.tags.read(now).map(describeTag),
  };
}

function describeGroup(group: Group): XmlValue {
  return {
    Path: group.path,
    GroupName: group.name,
    GroupId: group.id,
    Arn: group.arn,
    CreateDate: xmlTime(group.createdAt),
    GroupPolicyList: [],
    AttachedManagedPolicies: [],
  };
}

function describeRole(role: Role): XmlValue {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: xmlTime(role.createdAt),
    AssumeRolePolicyDocument: encodeURIComponent(role.trustPolicy),
    InstanceProfileList: [],
    RolePolicyList: [],
    AttachedManagedPolicies: [],
    Tags: role.tags.map(describeTag),
    RoleLastUsed:
      role.lastUsed === undefined
        ? {}
        : { LastUsedDate: xmlTime(role.lastUsed.at), Region: role.lastUsed.region },
  };
}

const KINDS = ['User', 'Group', 'Role'] as const;
/** A marker's position is `kind * KIND_STRIDE + position`. */
const KIND_STRIDE = 1_000_000_000;

/** A page holds one kind only, in the order users, groups, roles, and so can be shorter than asked for. */
function getAccountAuthorizationDetails(call: Call, input: QueryInput): XmlValue {
  const filters = input.list('Filter');
  const unknown = filters.find((filter) => !FILTERS.includes(filter));
  if (unknown !== undefined) {
    throw validationError(
      `1 validation error detected: Value '[${unknown}]' at 'filter' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [${FILTERS.join(', ')}]]`,
    );
  }
  const limit = maxItems(call, input);
  const start = markerPosition(call, input);
  const lists = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] };
  const kind = nextKind(call, filters, Math.floor(start / KIND_STRIDE));
  if (kind === undefined) return { ...lists, ...continuation(call, undefined) };
  const page = kindPage(call, kind, start % KIND_STRIDE, limit);
  const later = nextKind(call, filters, kind + 1);
  const next = page.next === undefined ? later && later * KIND_STRIDE : kind * KIND_STRIDE + page.next;
  return { ...lists, [page.member]: page.values, ...continuation(call, next) };
}

/** The first wanted kind from `from` on that has any entity. */
function nextKind(call: Call, filters: readonly string[], from: number): number | undefined {
  const { iam } = call.account;
  const sizes = [iam.users.size, iam.groups.size, iam.roles.size];
  const found = KINDS.findIndex(
    (kind, index) =>
      index >= from && (sizes[index] ?? 0) > 0 && (filters.length === 0 || filters.includes(kind)),
  );
  return found === -1 ? undefined : found;
}

interface KindPage {
  readonly member: string;
  readonly values: readonly XmlValue[];
  readonly next: number | undefined;
}

function kindPage(call: Call, kind: number, after: number, limit: number): KindPage {
  const { iam } = call.account;
  if (kind === 0) {
    const { values, next } = iam.users.slice(after, limit);
    return { member: 'UserDetailList', values: values.map((user) => describeUser(user, call.now)), next };
  }
  if (kind === 1) {
    const { values, next } = iam.groups.slice(after, limit);
    return { member: 'GroupDetailList', values: values.map(describeGroup), next };
  }
  const { values, next } = iam.roles.slice(after, limit);
  return { member: 'RoleDetailList', values: values.map(describeRole), next };
}

export const AUTHORIZATION_DETAILS_OPERATIONS: Readonly<Record<string, QueryOperation>> = {
  GetAccountAuthorizationDetails: getAccountAuthorizationDetails,
};
