import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { awsError } from '../aws/index.ts';
import { JanitorError } from '../domain/error.ts';

export type Iam = Pick<IAMClient, 'send'>;

/** A role as IAM has it; documents are parsed, or texts where they are no JSON. */
export interface RoleFound {
  readonly arn: string;
  readonly trust: unknown;
  readonly boundaryArn: string | undefined;
  readonly longestSeconds: number;
  readonly attached: readonly string[];
  readonly inline: ReadonlyMap<string, unknown>;
}

/** Undefined: there is none of this name. Throws the `aws-` codes. */
export async function readRole(iam: Iam, RoleName: string): Promise<RoleFound | undefined> {
  const { Role } = (await found('GetRole', RoleName, () => iam.send(new GetRoleCommand({ RoleName })))) ?? {};
  if (Role === undefined) return undefined;
  const [names, attached] = await Promise.all([inlineNames(iam, RoleName), attachedTo(iam, RoleName)]);
  const inline = new Map<string, unknown>();
  for (const PolicyName of names) {
    const command = new GetRolePolicyCommand({ RoleName, PolicyName });
    const policy = await found('GetRolePolicy', RoleName, () => iam.send(command));
    inline.set(PolicyName, parsed(policy?.PolicyDocument));
  }
  return {
    arn: Role.Arn ?? '',
    trust: parsed(Role.AssumeRolePolicyDocument),
    boundaryArn: Role.PermissionsBoundary?.PermissionsBoundaryArn,
    longestSeconds: Role.MaxSessionDuration ?? 0,
    attached,
    inline,
  };
}

/** The text of a managed policy that is in force; undefined: there is no such policy. Throws the `aws-` codes. */
export async function readManagedPolicy(iam: Iam, PolicyArn: string): Promise<string | undefined> {
  const policy = await found('GetPolicy', PolicyArn, () => iam.send(new GetPolicyCommand({ PolicyArn })));
  const VersionId = policy?.Policy?.DefaultVersionId;
  if (VersionId === undefined) return undefined;
  const command = new GetPolicyVersionCommand({ PolicyArn, VersionId });
  const version = await found('GetPolicyVersion', PolicyArn, () => iam.send(command));
  return decoded(version?.PolicyVersion?.Document);
}

/** Parsed JSON of a policy; what is none stays a text, which is like no document. */
export function parsed(document: string | undefined): unknown {
  const text = decoded(document);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function inlineNames(iam: Iam, RoleName: string): Promise<readonly string[]> {
  return paged(async (Marker) => {
    const command = new ListRolePoliciesCommand({ RoleName, ...Marker });
    const page = await found('ListRolePolicies', RoleName, () => iam.send(command));
    return { items: page?.PolicyNames ?? [], next: page?.Marker };
  });
}

async function attachedTo(iam: Iam, RoleName: string): Promise<readonly string[]> {
  return paged(async (Marker) => {
    const command = new ListAttachedRolePoliciesCommand({ RoleName, ...Marker });
    const page = await found('ListAttachedRolePolicies', RoleName, () => iam.send(command));
    const items = (page?.AttachedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? []);
    return { items, next: page?.Marker };
  });
}

interface Page {
  readonly items: readonly string[];
  readonly next: string | undefined;
}

async function paged(
  read: (marker: { readonly Marker?: string }) => Promise<Page>,
): Promise<readonly string[]> {
  const all: string[] = [];
  let next: string | undefined;
  do {
    const page = await read(next === undefined ? {} : { Marker: next });
    all.push(...page.items);
    next = page.next;
  } while (next !== undefined);
  return all;
}

async function found<T>(operation: string, what: string, send: () => Promise<T>): Promise<T | undefined> {
  try {
    return await send();
  } catch (error) {
    const failure = awsError(error, `iam:${operation} of ${what}`);
    if (failure instanceof JanitorError && failure.code === 'aws-not-found') return undefined;
    throw failure;
  }
}

function decoded(document: string | undefined): string {
  try {
    return decodeURIComponent(document ?? '');
  } catch {
    return document ?? '';
  }
}
