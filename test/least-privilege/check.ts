import type { SentCall } from '../functions/loopback-cloud.ts';
import type { Signer } from '../functions/signers.ts';
import { allows, applies, like, type Need, type Statement, statementsOf } from './evaluate.ts';
import { needsOf } from './needs.ts';
import type { Directory } from './request.ts';
import type { Policies } from './synthesised-hub.ts';

/** Something that was done with a role. */
export interface Use {
  readonly signer: Exclude<Signer, { kind: 'administrator' | 'grant' | 'user' }>;
  readonly need: Need;
}

/** What functions needed for their calls, each once. */
export function usesOf(calls: readonly SentCall[], directory: Directory): Use[] {
  const uses = new Map<string, Use>();
  for (const call of calls) {
    const { signer } = call;
    if (signer.kind === 'administrator' || signer.kind === 'grant' || signer.kind === 'user') continue;
    for (const need of needsOf(call, directory)) {
      const use = { signer, need };
      uses.set(JSON.stringify(use), use);
    }
  }
  return [...uses.values()];
}

/** Uses that the policies do not allow, and which policy it was. */
export function refusals(policies: Policies, uses: readonly Use[]): string[] {
  return uses.flatMap(({ signer, need }) =>
    layersOf(policies, signer)
      .filter(([, statements]) => !allows(statements, need))
      .map(([layer]) => `${nameOf(signer)}: ${need.action} on ${need.resource} is not allowed by ${layer}`),
  );
}

type Layer = readonly [name: string, statements: readonly Statement[]];

/** Every policy that has to allow what somebody does: one of a function, up to three of a member role. */
function layersOf({ functions, members }: Policies, signer: Use['signer']): Layer[] {
  if (signer.kind === 'function') return [['its role', functions.get(signer.name) ?? []]];
  const { purpose, accountId, sessionPolicy } = signer;
  const policies = members.get(accountId)?.get(purpose);
  return [
    ['its role', policies?.identity ?? []],
    ['the boundary', policies?.boundary ?? []],
    ...(sessionPolicy === undefined
      ? []
      : [['the policy of the session', statementsOf(JSON.parse(sessionPolicy))] as const]),
  ];
}

export function nameOf(signer: Use['signer']): string {
  return signer.kind === 'function' ? signer.name : `member-${signer.purpose}`;
}

/** A part of a statement that could be taken away by itself: `decide-account ReadLedger dynamodb:Query`. */
export interface Grain {
  readonly role: string;
  readonly sid: string;
  /** An action, a resource, or a value of a condition. */
  readonly part: string;
}

export interface Usage {
  /** The parts of all statements of all roles that no use needed. */
  readonly unused: readonly Grain[];
  /** `<role> <sid>` of statements of which something was needed. */
  readonly usedStatements: ReadonlySet<string>;
}

export function usageOf(policies: Policies, uses: readonly Use[]): Usage {
  const used = new Set<string>();
  const usedStatements = new Set<string>();
  const all = new Map<string, Grain>();
  for (const { role, statements, account } of rolesOf(policies)) {
    const own = uses.filter(({ signer }) => nameOf(signer) === role && accountOf(signer) === account);
    for (const statement of statements) {
      for (const grain of grainsOf(role, statement, account)) all.set(textOf(grain), grain);
      const sid = statement.Sid ?? '';
      const parts = own.flatMap(({ need }) => partsUsed(statement, need));
      if (parts.length > 0) usedStatements.add(`${role} ${sid}`);
      for (const part of parts) used.add(textOf({ role, sid, part: withoutAccount(part, account) }));
    }
  }
  const unused = [...all].filter(([text]) => !used.has(text)).map(([, grain]) => grain);
  return { unused, usedStatements };
}

interface RoleStatements {
  readonly role: string;
  readonly statements: readonly Statement[];
  /** Of a member role; '' for a function. */
  readonly account: string;
}

/** Every role whose calls are recorded. */
export function rolesOf({ functions, members }: Policies): RoleStatements[] {
  return [
    ...[...functions].map(([name, statements]) => ({ role: name, statements, account: '' })),
    ...[...members].flatMap(([account, roles]) =>
      [...roles].map(([purpose, { identity }]) => ({
        role: `member-${purpose}`,
        statements: identity,
        account,
      })),
    ),
  ];
}

export function textOf({ role, sid, part }: Grain): string {
  return `${role} ${sid} ${part}`;
}

function accountOf(signer: Use['signer']): string {
  return signer.kind === 'member' ? signer.accountId : '';
}

function grainsOf(
  role: string,
  { Sid: sid = '', Action, Resource, Condition }: Statement,
  account: string,
): Grain[] {
  const values = patternsOf(Condition).flatMap(([, wanted]) => wanted);
  return [...Action, ...Resource, ...values].map((part) => ({
    role,
    sid,
    part: withoutAccount(part, account),
  }));
}

/** Condition keys whose values are a list of what may be reached; the others are one demand. */
const PATTERNS = ['dynamodb:LeadingKeys', 's3:prefix', 'aws:TagKeys'];

function patternsOf(condition: Statement['Condition']): [key: string, wanted: readonly string[]][] {
  return Object.entries(condition)
    .filter(([operator]) => /StringLike(IfExists)?$/.test(operator))
    .flatMap(([, keys]) => Object.entries(keys).filter(([key]) => PATTERNS.includes(key)));
}

/** The same statement is in every account; which account's use it was does not matter. */
function withoutAccount(part: string, account: string): string {
  return account === '' ? part : part.replace(account, '<account>');
}

function partsUsed(statement: Statement, need: Need): string[] {
  if (statement.Effect !== 'Allow' || !applies(statement, need)) return [];
  const values = patternsOf(statement.Condition).flatMap(([key, wanted]) =>
    wanted.filter((pattern) => need.context[key]?.some((value) => like(pattern, value))),
  );
  return [
    ...statement.Action.filter((action) => like(action.toLowerCase(), need.action.toLowerCase())),
    ...statement.Resource.filter((resource) => like(resource, need.resource)),
    ...values,
  ];
}
