import * as z from 'zod';

/** A value as DynamoDB's JSON writes it; the ledger uses texts and numbers only. */
export const attributeSchema = z.union([
  z.strictObject({ S: z.string() }),
  z.strictObject({ N: z.string() }),
]);
export type Attribute = z.infer<typeof attributeSchema>;
export type Item = Readonly<Record<string, Attribute>>;

/** Values and names a request hands to its expressions. */
export interface Substitutes {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, Attribute>>;
}

/** An expression this DynamoDB does not understand: a test that meets it must extend it, never guess. */
export class UnsupportedExpression extends Error {
  override readonly name = 'UnsupportedExpression';
}

const ABSENT = /^attribute_not_exists\(\s*([\w#]+)\s*\)$/;
const COMPARISON = /^([\w#]+)\s*(=|<=|<|>=|>)\s*(:\w+)$/;

/**
 * Evaluates the expressions the ledger writes: `attribute_not_exists(a)`, `a = :v`, `a < :v` and their kin, joined by
 * AND or by OR, without brackets. A comparison with an attribute that is missing or of another type is false.
 */
export function holds(expression: string, item: Item | undefined, substitutes: Substitutes): boolean {
  const either = expression.split(/\s+OR\s+/);
  const both = expression.split(/\s+AND\s+/);
  if (either.length > 1 && both.length > 1) throw new UnsupportedExpression(expression);
  if (either.length > 1) return either.some((clause) => clauseHolds(clause, item, substitutes));
  return both.every((clause) => clauseHolds(clause, item, substitutes));
}

function clauseHolds(clause: string, item: Item | undefined, { names, values }: Substitutes): boolean {
  const absent = ABSENT.exec(clause.trim())?.[1];
  if (absent !== undefined) return item?.[nameOf(absent, names)] === undefined;
  const [, name, operator, value] = COMPARISON.exec(clause.trim()) ?? [];
  if (name === undefined || operator === undefined || value === undefined)
    throw new UnsupportedExpression(clause);
  const wanted = values[value];
  const found = item?.[nameOf(name, names)];
  if (wanted === undefined) throw new UnsupportedExpression(`${value} has no value`);
  return found !== undefined && isComparable(found, wanted) && compares(operator, compare(found, wanted));
}

export function nameOf(name: string, names: Substitutes['names']): string {
  if (!name.startsWith('#')) return name;
  const real = names[name];
  if (real === undefined) throw new UnsupportedExpression(`${name} has no name`);
  return real;
}

function isComparable(a: Attribute, b: Attribute): boolean {
  return 'S' in a === 'S' in b;
}

/** Negative, zero or positive; texts by their UTF-8 bytes. */
export function compare(a: Attribute, b: Attribute): number {
  if ('N' in a && 'N' in b) return Number(a.N) - Number(b.N);
  const [left, right] = ['S' in a ? a.S : '', 'S' in b ? b.S : ''];
  return left === right ? 0 : Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function compares(operator: string, order: number): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}
