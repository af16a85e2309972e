import * as z from 'zod';
import { actionPattern } from './action-pattern.ts';

const oneOrMore = z.union([z.string(), z.array(z.string())]);
const statementSchema = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.literal('*'), z.record(z.string(), oneOrMore)]).optional(),
  NotPrincipal: z.unknown().optional(),
  Action: oneOrMore.optional(),
  NotAction: oneOrMore.optional(),
  Resource: oneOrMore.optional(),
  NotResource: oneOrMore.optional(),
  Condition: z.record(z.string(), z.record(z.string(), oneOrMore)).optional(),
});
const policySchema = z.object({
  Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
  Id: z.string().optional(),
  Statement: z.union([statementSchema, z.array(statementSchema)]),
});

export type Statement = z.infer<typeof statementSchema>;

/** The statements of a policy's JSON text; undefined when it is no policy. */
export function parsePolicy(text: string): readonly Statement[] | undefined {
  const json = parseJson(text);
  const parsed = policySchema.safeParse(json);
  if (!parsed.success) return undefined;
  return [parsed.data.Statement].flat();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The values of a request that conditions can ask for, by lower-case key. */
export type ConditionContext = ReadonlyMap<string, string>;

export function coversAction(statement: Statement, action: string): boolean {
  if (statement.Action !== undefined)
    return [statement.Action].flat().some((each) => actionPattern(each).test(action));
  if (statement.NotAction === undefined) return false;
  return ![statement.NotAction].flat().some((each) => actionPattern(each).test(action));
}

/** `arns` are the principal's own ARN, its role's, and its account's root. */
export function coversPrincipal(statement: Statement, arns: readonly string[], accountId: string): boolean {
  const { Principal } = statement;
  if (Principal === undefined) return false;
  if (Principal === '*') return true;
  const named = [Principal.AWS ?? []].flat();
  return named.some((each) => each === '*' || each === accountId || arns.includes(each));
}

export function coversResource(statement: Statement, arn: string): boolean {
  if (statement.NotResource !== undefined) {
    return ![statement.NotResource].flat().some((each) => wildcard(each).test(arn));
  }
  return (
    statement.Resource === undefined || [statement.Resource].flat().some((each) => wildcard(each).test(arn))
  );
}

/** All operators and keys must hold; an operator not known here, or a key the request lacks, does not. */
export function holdsCondition(statement: Statement, context: ConditionContext): boolean {
  return Object.entries(statement.Condition ?? {}).every(([operator, block]) =>
    Object.entries(block).every(([key, wanted]) =>
      holds(operator, context.get(key.toLowerCase()), [wanted].flat()),
    ),
  );
}

function holds(operator: string, actual: string | undefined, wanted: readonly string[]): boolean {
  const ifExists = operator.endsWith('IfExists');
  const name = ifExists ? operator.slice(0, -'IfExists'.length) : operator;
  if (name === 'Null') return wanted.includes(String(actual === undefined));
  const negated = NEGATED.get(name);
  if (actual === undefined) return ifExists || negated !== undefined;
  if (negated !== undefined) return !wanted.some((each) => compare(negated, actual, each));
  return wanted.some((each) => compare(name, actual, each));
}

const NEGATED: ReadonlyMap<string, string> = new Map([
  ['StringNotEquals', 'StringEquals'],
  ['StringNotEqualsIgnoreCase', 'StringEqualsIgnoreCase'],
  ['StringNotLike', 'StringLike'],
  ['ArnNotEquals', 'ArnLike'],
  ['ArnNotLike', 'ArnLike'],
]);

function compare(operator: string, actual: string, wanted: string): boolean {
  if (operator === 'StringEquals' || operator === 'Bool') return actual === wanted;
  if (operator === 'StringEqualsIgnoreCase') return actual.toLowerCase() === wanted.toLowerCase();
  if (operator === 'StringLike' || operator === 'ArnLike' || operator === 'ArnEquals')
    return wildcard(wanted).test(actual);
  return compareDates(operator, Date.parse(actual), Date.parse(wanted));
}

function compareDates(operator: string, actual: number, wanted: number): boolean {
  if (operator === 'DateGreaterThan') return actual > wanted;
  if (operator === 'DateGreaterThanEquals') return actual >= wanted;
  if (operator === 'DateLessThan') return actual < wanted;
  if (operator === 'DateLessThanEquals') return actual <= wanted;
  return operator === 'DateEquals' && actual === wanted;
}

/** `*` and `?` as IAM understands them, with regard to case. */
function wildcard(pattern: string): RegExp {
  return new RegExp(actionPattern(pattern).source);
}
