import type { QueryInput, QueryOperation } from '../query-protocol.ts';
import type { Call } from '../service.ts';
import type { XmlValue } from '../xml.ts';
import { listPage, namedRole, noSuchEntity } from './lookup.ts';
import type { Role } from './state.ts';

/** Inline policies are kept without names: the first is called `permissions`, the others by their number. */
function named(role: Role): readonly { readonly name: string; readonly document: string }[] {
  const inline = role.policies?.inline ?? [];
  return inline.map((document, index) => ({
    name: index === 0 ? 'permissions' : `inline-${index + 1}`,
    document,
  }));
}

function listRolePolicies(call: Call, input: QueryInput): XmlValue {
  return listPage(call, input, named(namedRole(call, input)), 'PolicyNames', ({ name }) => name);
}

function getRolePolicy(call: Call, input: QueryInput): XmlValue {
  const role = namedRole(call, input);
  const PolicyName = input.required('PolicyName');
  const found = named(role).find(({ name }) => name === PolicyName);
  if (found === undefined) throw noSuchEntity(`The role policy with name ${PolicyName} cannot be found.`);
  return { RoleName: role.name, PolicyName, PolicyDocument: encodeURIComponent(found.document) };
}

function listAttachedRolePolicies(call: Call, input: QueryInput): XmlValue {
  const attached = namedRole(call, input).policies?.attached ?? [];
  return listPage(call, input, attached, 'AttachedPolicies', (PolicyArn) => ({
    PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1),
    PolicyArn,
  }));
}

export const ROLE_POLICY_OPERATIONS: Readonly<Record<string, QueryOperation>> = {
  GetRolePolicy: getRolePolicy,
  ListAttachedRolePolicies: listAttachedRolePolicies,
  ListRolePolicies: listRolePolicies,
};
