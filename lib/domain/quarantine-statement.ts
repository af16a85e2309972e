import { canonical, sha256 } from './canonical.ts';
import * as z from './zod.ts';

/** The Sid of the one statement that is ours; the rest of a resource policy belongs to somebody else. */
export const QUARANTINE_SID = 'CredentialJanitorQuarantine';

/** Secrets Manager's limit of a resource policy, in characters. */
export const POLICY_MAX_CHARACTERS = 20_480;

const DENIED_ACTIONS = ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'];

/** Denies reading the value to everybody, exempting nobody: restoring reads no value. */
export const QUARANTINE_STATEMENT = {
  Sid: QUARANTINE_SID,
  Effect: 'Deny',
  Principal: '*',
  Action: DENIED_ACTIONS,
  Resource: '*',
};

const everything = z.lazy(() => z.union([z.literal('*'), z.tuple([z.literal('*')])]));

/** Our statement as we write it, or as a service may write the same meaning. A condition or an exemption is not ours. */
const quarantineSchema = z.lazy(() =>
  z.strictObject({
    Sid: z.literal(QUARANTINE_SID),
    Effect: z.literal('Deny'),
    Principal: z.union([everything, z.strictObject({ AWS: everything })]),
    Action: z.array(z.string()).check(z.refine(deniesReading)),
    Resource: everything,
  }),
);

function deniesReading(actions: readonly string[]): boolean {
  const written = new Set(actions.map((action) => action.toLowerCase()));
  return written.size === DENIED_ACTIONS.length && DENIED_ACTIONS.every((a) => written.has(a.toLowerCase()));
}

type Statement = Readonly<Record<string, unknown>>;

function isStatement(value: unknown): value is Statement {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How `Statement` is written; `none`: there is no policy. */
export type StatementForm = 'none' | 'object' | 'array';

/** A secret's resource policy, taken apart into what is ours and what is not. */
export interface ResourcePolicy {
  /** Everything but the statements: Version, Id and elements not known here. */
  readonly rest: Readonly<Record<string, unknown>>;
  readonly form: StatementForm;
  /** Statements of other people, in their order. */
  readonly foreign: readonly Statement[];
  /** `altered`: a statement carries our Sid but does not say what ours says. */
  readonly quarantine: 'absent' | 'ours' | 'altered';
}

export type PolicyReading =
  | { readonly ok: true; readonly policy: ResourcePolicy }
  | { readonly ok: false; readonly code: 'policy-malformed'; readonly reason: string };

const MALFORMED: PolicyReading = {
  ok: false,
  code: 'policy-malformed',
  reason:
    'the resource policy cannot be rewritten without loss: it must be a JSON object with Statement, with no element given twice and no number beyond what JSON tools keep',
};

/**
 * Takes a resource policy apart. Refused is what could not be written back with every meaning kept: text that
 * is no policy, an element given twice, a number that JavaScript cannot hold.
 */
export function readResourcePolicy(text: string | undefined): PolicyReading {
  if (text === undefined || text.trim() === '') {
    return { ok: true, policy: { rest: {}, form: 'none', foreign: [], quarantine: 'absent' } };
  }
  const document = parseLossless(text);
  if (!isStatement(document)) return MALFORMED;
  const { Statement: written, ...rest } = document;
  const statements: readonly unknown[] = Array.isArray(written) ? written : [written];
  if (!statements.every(isStatement)) return MALFORMED;
  const ours = statements.filter((statement) => statement.Sid === QUARANTINE_SID);
  return {
    ok: true,
    policy: {
      rest,
      form: Array.isArray(written) ? 'array' : 'object',
      foreign: statements.filter((statement) => statement.Sid !== QUARANTINE_SID),
      quarantine: quarantineOf(ours),
    },
  };
}

function quarantineOf(ours: readonly Statement[]): ResourcePolicy['quarantine'] {
  if (ours.length === 0) return 'absent';
  return ours.length === 1 && quarantineSchema.safeParse(ours[0]).success ? 'ours' : 'altered';
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** The parsed text, or undefined when writing it again would not give the same tokens in the same order. */
function parseLossless(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    const tokens = text.match(TOKEN) ?? [];
    const written = tokens.map((token) =>
      token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : token,
    );
    if (written.join('') !== JSON.stringify(value)) return undefined;
    canonical(value);
    return value;
  } catch {
    return undefined;
  }
}

export type QuarantineResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: 'policy-too-long' | 'quarantine-altered'; readonly reason: string };

/** The policy's text with our statement behind all others. Nothing else changes but insignificant white space. */
export function withQuarantine(policy: ResourcePolicy): QuarantineResult {
  if (policy.quarantine === 'altered') {
    return {
      ok: false,
      code: 'quarantine-altered',
      reason: `somebody changed the statement ${QUARANTINE_SID} of the resource policy; remove that statement, then the next sweep can write it again`,
    };
  }
  const rest = policy.form === 'none' ? { Version: '2012-10-17' } : policy.rest;
  const text = JSON.stringify({ ...rest, Statement: [...policy.foreign, QUARANTINE_STATEMENT] });
  if (text.length <= POLICY_MAX_CHARACTERS) return { ok: true, text };
  return {
    ok: false,
    code: 'policy-too-long',
    reason: `the resource policy would have ${text.length} characters, ${POLICY_MAX_CHARACTERS} are allowed; shorten it, or disable what reads the secret`,
  };
}

/** The policy's text without our statement, or undefined when no statement is left (then the policy is to be deleted). */
export function withoutQuarantine(policy: ResourcePolicy, form: StatementForm): string | undefined {
  const [first] = policy.foreign;
  if (first === undefined) return undefined;
  const single = form === 'object' && policy.foreign.length === 1;
  return JSON.stringify({ ...policy.rest, Statement: single ? first : policy.foreign });
}

/**
 * What a scope remembers of the statements that are not ours: enough to tell later whether one is lost,
 * without holding the policy. 64 bits each.
 */
export function foreignDigests(policy: ResourcePolicy): string[] {
  return policy.foreign.map((statement) => digest(statement));
}

/** The same of Version, Id and other elements beside the statements. */
export function restDigest(policy: ResourcePolicy): string {
  return digest(policy.rest);
}

function digest(value: unknown): string {
  return sha256(canonical(value)).slice(0, 16);
}
