import { parsePolicy } from '../policy-document.ts';
import { type QueryInput, type QueryOperation, xmlTime } from '../query-protocol.ts';
import { type Call, recordChange } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import { Eventual } from '../world/eventual.ts';
import type { XmlValue } from '../xml.ts';
import { listPage, namedRole, noSuchEntity, validName, validPath } from './lookup.ts';
import type { ManagedPolicy, PolicyVersion } from './state.ts';

/** A managed policy keeps five versions; a sixth is refused until one has gone. */
const MOST_VERSIONS = 5;
/** Of a managed policy, white space not counted. */
const MOST_CHARACTERS = 6144;

function createPolicy(call: Call, input: QueryInput): XmlValue {
  const name = validName(input.required('PolicyName'), 'policyName', 128);
  const path = validPath(input.optional('Path') ?? '/');
  const document = validDocument(input.required('PolicyDocument'));
  const arn = `arn:aws:iam::${call.account.id}:policy${path}${name}`;
  const { policies } = call.account.iam;
  if (policies.has(name.toLowerCase())) {
    throw new ServiceError('EntityAlreadyExists', 409, `A policy called ${name} already exists.`);
  }
  const policy: ManagedPolicy = {
    name,
    path,
    arn,
    id: call.world.ids.unique('ANPA'),
    createdAt: call.now,
    versions: [{ number: 1, document, createdAt: call.now }],
    defaultVersion: 1,
    newest: 1,
    inForce: new Eventual(document),
  };
  policies.add(name.toLowerCase(), policy);
  recordChange(call, arn, null, { version: 'v1', document });
  return { Policy: describePolicy(policy) };
}

function createPolicyVersion(call: Call, input: QueryInput): XmlValue {
  const policy = namedPolicy(call, input);
  const document = validDocument(input.required('PolicyDocument'));
  if (policy.versions.length >= MOST_VERSIONS) {
    throw new ServiceError(
      'LimitExceeded',
      409,
      `A managed policy can have up to ${MOST_VERSIONS} versions. Before you create a new version, you must delete an existing version.`,
    );
  }
  policy.newest += 1;
  const version: PolicyVersion = { number: policy.newest, document, createdAt: call.now };
  policy.versions.push(version);
  if (input.flag('SetAsDefault')) makeDefault(call, policy, version);
  recordChange(call, policy.arn, null, { version: `v${version.number}`, document });
  return { PolicyVersion: describeVersion(policy, version) };
}

function makeDefault(call: Call, policy: ManagedPolicy, version: PolicyVersion): void {
  policy.defaultVersion = version.number;
  policy.inForce.write(version.document, call.now, call.world.visibleAt(call.now));
}

function setDefaultPolicyVersion(call: Call, input: QueryInput): XmlValue {
  const policy = namedPolicy(call, input);
  const before = `v${policy.defaultVersion}`;
  const version = namedVersion(policy, input);
  makeDefault(call, policy, version);
  recordChange(call, policy.arn, { default: before }, { default: `v${version.number}` });
  return undefined;
}

function deletePolicyVersion(call: Call, input: QueryInput): XmlValue {
  const policy = namedPolicy(call, input);
  const version = namedVersion(policy, input);
  if (version.number === policy.defaultVersion) {
    throw new ServiceError('DeleteConflict', 409, 'Cannot delete the default version of a policy.');
  }
  policy.versions = policy.versions.filter((each) => each !== version);
  recordChange(call, policy.arn, { version: `v${version.number}` }, null);
  return undefined;
}

function getPolicy(call: Call, input: QueryInput): XmlValue {
  return { Policy: describePolicy(namedPolicy(call, input)) };
}

function getPolicyVersion(call: Call, input: QueryInput): XmlValue {
  const policy = namedPolicy(call, input);
  const version = namedVersion(policy, input);
  const Document = encodeURIComponent(version.document);
  return { PolicyVersion: { ...describeVersion(policy, version), Document } };
}

function listPolicyVersions(call: Call, input: QueryInput): XmlValue {
  const policy = namedPolicy(call, input);
  const newestFirst = policy.versions.toReversed();
  return listPage(call, input, newestFirst, 'Versions', (each) => describeVersion(policy, each));
}

function attachRolePolicy(call: Call, input: QueryInput): XmlValue {
  const role = namedRole(call, input);
  const { arn } = namedPolicy(call, input);
  const attached = role.policies?.attached ?? [];
  if (attached.includes(arn)) return undefined;
  role.policies = { inline: role.policies?.inline ?? [], attached: [...attached, arn] };
  recordChange(call, role.arn, { attached: [...attached] }, { attached: [...attached, arn] });
  return undefined;
}

function detachRolePolicy(call: Call, input: QueryInput): XmlValue {
  const role = namedRole(call, input);
  const arn = input.required('PolicyArn');
  const attached = role.policies?.attached ?? [];
  if (!attached.includes(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
  const left = attached.filter((each) => each !== arn);
  role.policies = { inline: role.policies?.inline ?? [], attached: left };
  recordChange(call, role.arn, { attached: [...attached] }, { attached: left });
  return undefined;
}

function namedPolicy(call: Call, input: QueryInput): ManagedPolicy {
  const arn = input.required('PolicyArn');
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  const policy = call.account.iam.policies.get(name.toLowerCase());
  if (policy?.arn !== arn) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  return policy;
}

function namedVersion(policy: ManagedPolicy, input: QueryInput): PolicyVersion {
  const id = input.required('VersionId');
  const version = policy.versions.find(({ number }) => `v${number}` === id);
  if (version === undefined)
    throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
  return version;
}

function validDocument(document: string): string {
  if (document.replaceAll(/\s/g, '').length > MOST_CHARACTERS) {
    throw new ServiceError('LimitExceeded', 409, `Cannot exceed quota for PolicySize: ${MOST_CHARACTERS}`);
  }
  if (parsePolicy(document) === undefined) {
    throw new ServiceError('MalformedPolicyDocument', 400, 'Syntax errors in policy.');
  }
  return document;
}

function describePolicy(policy: ManagedPolicy): XmlValue {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: `v${policy.defaultVersion}`,
    CreateDate: xmlTime(policy.createdAt),
    UpdateDate: xmlTime(policy.versions.at(-1)?.createdAt ?? policy.createdAt),
  };
}

function describeVersion(policy: ManagedPolicy, { number, createdAt }: PolicyVersion) {
  return {
    VersionId: `v${number}`,
    IsDefaultVersion: String(number === policy.defaultVersion),
    CreateDate: xmlTime(createdAt),
  };
}

export const MANAGED_POLICY_OPERATIONS: Readonly<Record<string, QueryOperation>> = {
  CreatePolicy: createPolicy,
  CreatePolicyVersion: createPolicyVersion,
  SetDefaultPolicyVersion: setDefaultPolicyVersion,
  DeletePolicyVersion: deletePolicyVersion,
  GetPolicy: getPolicy,
  GetPolicyVersion: getPolicyVersion,
  ListPolicyVersions: listPolicyVersions,
  AttachRolePolicy: attachRolePolicy,
  DetachRolePolicy: detachRolePolicy,
};
