import * as z from 'zod';

const text = z.string();
const texts = z.union([text, z.array(text)]).transform((value) => [value].flat());

/** A statement of a policy on an identity, a boundary or a session; anything else in it is refused. */
const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: texts,
  Resource: texts,
  Condition: z.record(z.string(), z.record(z.string(), texts)).default({}),
});
export type Statement = z.infer<typeof statementSchema>;

const documentSchema = z.object({ Statement: z.array(statementSchema) });

/** The statements of a policy document. */
export function statementsOf(document: unknown): readonly Statement[] {
  return documentSchema.parse(document).Statement;
}

/** One thing that a call needs to be allowed to do, on one resource. */
export interface Need {
  /** `dynamodb:PutItem` */
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the request: their values, or undefined for a key that the request has not. */
  readonly context: Readonly<Record<string, readonly string[] | undefined>>;
}

/**
 * Whether a policy allows what is needed: some statement does and none denies it. As IAM evaluates it, for the operators
 * that the janitor's policies use; throws for any other operator, and for a condition key of which the recorded call
 * does not say whether it has it.
 */
export function allows(statements: readonly Statement[], need: Need): boolean {
  const applying = statements.filter((statement) => applies(statement, need));
  return applying.length > 0 && applying.every(({ Effect }) => Effect === 'Allow');
}

export function applies({ Action, Resource, Condition }: Statement, need: Need): boolean {
  return (
    Action.some((action) => like(action.toLowerCase(), need.action.toLowerCase())) &&
    Resource.some((resource) => like(resource, need.resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, wanted, valuesOf(need, key))),
    )
  );
}

function valuesOf({ action, context }: Need, key: string): readonly string[] | undefined {
  if (key in context) return context[key];
  throw new Error(
    `a condition asks for ${key}, but nothing recorded of ${action} says whether the call has it`,
  );
}

type Values = readonly string[] | undefined;
type Operator = (wanted: readonly string[], actual: Values) => boolean;

/** A key that the request has not matches no value, except where the operator says otherwise. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: single((wanted, actual) => wanted === actual),
  StringLike: single(like),
  StringLikeIfExists: (wanted, actual) => actual === undefined || single(like)(wanted, actual),
  NumericGreaterThanEquals: single((wanted, actual) => Number(actual) >= Number(wanted)),
  Bool: single((wanted, actual) => wanted === actual),
  BoolIfExists: (wanted, actual) => actual === undefined || wanted.some((each) => actual.includes(each)),
  Null: (wanted, actual) => wanted.includes(String(actual === undefined || actual.length === 0)),
  'ForAllValues:StringLike': (wanted, actual = []) =>
    actual.every((value) => wanted.some((pattern) => like(pattern, value))),
};

function holds(operator: string, wanted: readonly string[], actual: Values): boolean {
  const known = OPERATORS[operator];
  if (known === undefined) throw new Error(`the condition operator ${operator} is not known here`);
  return known(wanted, actual);
}

function single(compare: (wanted: string, actual: string) => boolean): Operator {
  return (wanted, actual) => {
    if (actual === undefined) return false;
    const [value, ...more] = actual;
    if (value === undefined || more.length > 0) throw new Error('this operator compares a key of one value');
    return wanted.some((each) => compare(each, value));
  };
}

/** `*` and `?` as IAM understands them. */
export function like(pattern: string, value: string): boolean {
  const known = PATTERNS.get(pattern) ?? expressionOf(pattern);
  PATTERNS.set(pattern, known);
  return known.test(value);
}

const PATTERNS = new Map<string, RegExp>();

function expressionOf(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}
