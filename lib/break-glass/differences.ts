import { documentHash, INLINE_POLICY, type RoleDocuments } from '../domain/break-glass-documents.ts';
import type { RoleFound } from './read-role.ts';

/** Of a break-glass role, whatever its grants last. */
const LONGEST_SECONDS = 3600;

/** What of a role is not as it has to be, in words, each naming what differs. */
export function roleDifferences(expected: RoleDocuments, found: RoleFound): readonly string[] {
  const { boundaryArn, longestSeconds } = found;
  return [
    ...(found.arn === expected.arn ? [] : [`its ARN is ${found.arn}`]),
    ...documentDifferences('its trust', expected.trust, found.trust),
    ...(boundaryArn === expected.boundaryArn
      ? []
      : [boundaryArn === undefined ? 'it has no boundary' : `its boundary is ${boundaryArn}`]),
    ...inlineDifferences(expected, found),
    ...attachedDifferences(expected.managed, found.attached),
    ...(longestSeconds <= LONGEST_SECONDS ? [] : [`its sessions may last ${longestSeconds} seconds`]),
  ];
}

function inlineDifferences({ inline }: RoleDocuments, found: RoleFound): readonly string[] {
  const others = [...found.inline.keys()].filter((name) => inline === undefined || name !== INLINE_POLICY);
  const own = found.inline.get(INLINE_POLICY);
  return [
    ...others.map((name) => `it has the inline policy ${name}`),
    ...(inline !== undefined && own === undefined ? [`its inline policy ${INLINE_POLICY} is missing`] : []),
    ...(inline === undefined || own === undefined
      ? []
      : documentDifferences(`its inline policy ${INLINE_POLICY}`, inline, own)),
  ];
}

function attachedDifferences(expected: readonly string[], found: readonly string[]): readonly string[] {
  return [
    ...expected.filter((arn) => !found.includes(arn)).map((arn) => `the policy ${arn} is not attached`),
    ...found.filter((arn) => !expected.includes(arn)).map((arn) => `the policy ${arn} is attached`),
  ];
}

/** Two documents by what they say; which statements differ, where they have names. */
export function documentDifferences(what: string, expected: unknown, found: unknown): readonly string[] {
  if (documentHash(expected) === documentHash(found)) return [];
  const [should, does] = [statementsOf(expected), statementsOf(found)];
  const differing = [...new Set([...should.keys(), ...does.keys()])].filter(
    (name) => should.get(name) !== does.get(name),
  );
  if (differing.length === 0) return [`${what} says something else`];
  return differing.map((name) => {
    if (!does.has(name)) return `${what} lacks the statement ${name}`;
    return should.has(name)
      ? `${what} says something else in the statement ${name}`
      : `${what} has a statement more, ${name}`;
  });
}

/** Hashes of statements by their names, or their numbers. */
function statementsOf(document: unknown): ReadonlyMap<string, string> {
  const listed = property(document, 'Statement');
  const statements = listed === undefined ? [] : [listed].flat();
  return new Map(
    statements.map((statement, index) => {
      const sid = property(statement, 'Sid');
      return [typeof sid === 'string' ? sid : `number ${index + 1}`, documentHash(statement)];
    }),
  );
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
