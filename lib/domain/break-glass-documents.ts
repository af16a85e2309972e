import { type BreakGlassPlace, boundaryClauses } from './break-glass-boundary.ts';
import { breakGlassRoleArn, endedPolicyArn, GRANT_TAG, type InAccount } from './break-glass-names.ts';
import type { BreakGlassRole } from './break-glass-rules.ts';
import { taggedHash } from './canonical.ts';

/** A role without any privilege, beside every break-glass role of an account: the path is tried on it. */
export const DRILL_ROLE = 'drill';

/** IAM path of break-glass roles and their policies. */
export const BREAK_GLASS_PATH = '/janitor/break-glass/';

/** IAM's limits, in characters without white space: of a trust policy, a managed policy, and all inline ones of a role. */
export const MOST_CHARACTERS = { trust: 2048, managed: 6144, inline: 10_240 } as const;

/** A statement as it is written into IAM. */
export interface WrittenStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Action?: string | readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface WrittenPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly WrittenStatement[];
}

/** The one principal that break-glass roles trust. */
export function brokerRoleArn({
  partition,
  hubAccount,
  prefix,
}: Pick<BreakGlassPlace, 'partition' | 'hubAccount' | 'prefix'>): string {
  return `arn:${partition}:iam::${hubAccount}:role/${prefix}-grant-access`;
}

/** The boundary of break-glass roles; those that may open shells have one of their own. */
export function boundaryArn(
  { partition, accountId }: InAccount,
  { sessionManager }: Pick<BreakGlassRole, 'sessionManager'>,
): string {
  return `arn:${partition}:iam::${accountId}:policy${BREAK_GLASS_PATH}${boundaryName({ sessionManager })}`;
}

export function boundaryName({ sessionManager }: Pick<BreakGlassRole, 'sessionManager'>): string {
  return sessionManager ? 'boundary-with-shells' : 'boundary';
}

/**
 * Trust of a break-glass role: the hub's account, for its broker alone (by name, so that a broker made anew is trusted
 * again), and only for a session that says whose it is and of which grant. Each action is tied to the keys it has.
 */
export function trustDocument(place: BreakGlassPlace): WrittenPolicy {
  const { partition, hubAccount, organizationId } = place;
  const broker = {
    ArnEquals: { 'aws:PrincipalArn': brokerRoleArn(place) },
    ...(organizationId === undefined ? {} : { StringEquals: { 'aws:PrincipalOrgID': organizationId } }),
  };
  const source = { 'sts:SourceIdentity': '?*' };
  const grant = { [`aws:RequestTag/${GRANT_TAG}`]: '?*' };
  const trusted = (Action: string, StringLike: Readonly<Record<string, string>>): WrittenStatement => ({
    Effect: 'Allow',
    Principal: { AWS: `arn:${partition}:iam::${hubAccount}:root` },
    Action,
    Condition: { ...broker, StringLike },
  });
  return policy([
    trusted('sts:AssumeRole', { ...source, ...grant }),
    trusted('sts:SetSourceIdentity', source),
    trusted('sts:TagSession', grant),
  ]);
}

/** The most that a break-glass role can ever do: everything but the clauses. */
export function boundaryDocument(
  place: BreakGlassPlace,
  { sessionManager }: Pick<BreakGlassRole, 'sessionManager'>,
): WrittenPolicy {
  const denied = boundaryClauses(place, { sessionManager }).map(
    ({ sid, actions, allBut, resources, conditions }): WrittenStatement => ({
      Sid: sid,
      Effect: 'Deny',
      ...(allBut === undefined ? { Action: actions ?? [] } : { NotAction: allBut }),
      Resource: resources,
      ...(conditions === undefined ? {} : { Condition: conditions }),
    }),
  );
  return policy([{ Effect: 'Allow', Action: '*', Resource: '*' }, ...denied]);
}

/** What the statements of a role allow; undefined when it has none, since IAM takes no empty policy. */
export function permissionDocument(role: Pick<BreakGlassRole, 'permissions'>): WrittenPolicy | undefined {
  const { statements } = role.permissions;
  if (statements.length === 0) return undefined;
  return policy(
    statements.map(({ actions, resources }) => ({
      Effect: 'Allow',
      Action: actions,
      Resource: resources,
    })),
  );
}

/**
 * What the role for drills allows: to look at itself. Everything else is denied, since a policy of a bucket, a key or a
 * queue may let in everybody of the account or the organisation, and nobody reviews a drill.
 */
function drillDocument(place: InAccount): WrittenPolicy {
  return policy([
    { Effect: 'Allow', Action: 'iam:GetRole', Resource: breakGlassRoleArn(place, DRILL_ROLE) },
    { Effect: 'Deny', NotAction: ['iam:GetRole'], Resource: '*' },
  ]);
}

/** A break-glass role as IAM has to have it: what is deployed, and what drift is told by. */
export interface RoleDocuments {
  readonly name: string;
  readonly arn: string;
  readonly trust: WrittenPolicy;
  readonly boundaryArn: string;
  readonly boundary: WrittenPolicy;
  /** ARNs of attached policies, that of ended grants among them. */
  readonly managed: readonly string[];
  /** Its one inline policy, `INLINE_POLICY`; undefined: it has none. */
  readonly inline: WrittenPolicy | undefined;
}

/** Name of the one inline policy of a break-glass role. */
export const INLINE_POLICY = 'permissions';

export function roleDocuments(
  place: BreakGlassPlace,
  role: Pick<BreakGlassRole, 'name' | 'permissions' | 'sessionManager'>,
): RoleDocuments {
  return {
    name: role.name,
    arn: breakGlassRoleArn(place, role.name),
    trust: trustDocument(place),
    boundaryArn: boundaryArn(place, role),
    boundary: boundaryDocument(place, role),
    managed: [...role.permissions.managedPolicies, endedPolicyArn(place)],
    inline: permissionDocument(role),
  };
}

/** The role for drills, in every account that has a break-glass role. */
export function drillDocuments(place: BreakGlassPlace): RoleDocuments {
  const none = { managedPolicies: [], statements: [] };
  return {
    ...roleDocuments(place, { name: DRILL_ROLE, permissions: none, sessionManager: false }),
    inline: drillDocument(place),
  };
}

/**
 * Hash of what a policy says: the same for one value and a list of one, and whatever the order of actions, resources,
 * values of conditions and keys. Another order of statements is another text.
 */
export function documentHash(document: unknown): string {
  return taggedHash('janitor/break-glass-document', same(document));
}

function same(value: unknown, key = ''): unknown {
  if (key === 'Statement') return [value].flat().map((each) => same(each));
  if (Array.isArray(value)) {
    const texts = [...new Set(value.map(String))].toSorted();
    return texts.length === 1 ? texts[0] : texts;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, same(each, name)] as const);
  return Object.fromEntries(entries);
}

function policy(Statement: readonly WrittenStatement[]): WrittenPolicy {
  return { Version: '2012-10-17', Statement };
}
