import { CREDENTIAL_KINDS } from '../domain/credential.ts';
import { CONTROL_EXAMPLES } from './control.ts';
import { HOLD_CODES } from './holds.ts';
import { policyJsonSchemas } from './json-schemas.ts';
import { MATCH_KEYS } from './match-schema.ts';
import {
  BREAK_GLASS_TEXT,
  DIRECTORY_TEXT,
  INTRODUCTION,
  JUDGING_TEXT,
  PROBLEMS_TEXT,
  REQUESTS_TEXT,
  STEPS_TEXT,
  TICKETS_TEXT,
} from './reference-text.ts';
import { mapOf, rowsOf, type SchemaRow, typeText } from './schema-rows.ts';

/** The whole reference of the policy files as markdown, made of the schemas: docs/policy-reference.md. */
export function renderPolicyReference(): string {
  const { janitor, directory, cases } = policyJsonSchemas();
  const rules = mapOf(mapOf(mapOf(janitor.properties).rules).items);
  const kinds = Array.isArray(rules.oneOf) ? rules.oneOf.map(mapOf) : [];
  const anyRule = mapOf(kinds[0]);
  return [
    INTRODUCTION,
    '## janitor.yaml',
    keyTable(rowsOf(janitor, ['rules'])),
    '## Rules',
    keyTable(ruleRows(anyRule)),
    `Controls are written like ${CONTROL_EXAMPLES.map((text) => `\`${text}\``).join(', ')}; the last is for a catalogue of your own.`,
    '## match and exclude',
    MATCHING,
    matchTable(mapOf(janitor.definitions)),
    '## Steps',
    STEPS_TEXT,
    '## Judging',
    JUDGING_TEXT,
    table(
      ['code', 'steps held', 'because'],
      HOLD_CODES.map(({ code, steps, meaning }) => [`\`${code}\``, steps.join(', '), meaning]),
    ),
    '## Requests',
    REQUESTS_TEXT,
    '## Tickets',
    TICKETS_TEXT,
    '## Break-glass access',
    BREAK_GLASS_TEXT,
    '## directory.yaml',
    DIRECTORY_TEXT,
    keyTable(rowsOf(directory)),
    '## cases/*.yaml',
    'A case gives facts and says what the policy must conclude. `janitor policy test` runs all of them.',
    keyTable(rowsOf(cases, ['cases[].facts.status'])),
    '## Problems',
    PROBLEMS_TEXT,
    '',
  ].join('\n\n');
}

const MATCHING =
  'All keys of one map must fit; `any`, `all` and `not` combine maps. Each kind of credential offers the keys it has facts for. Answers are yes, no or unknown: a fact that is missing, denied or older than `evidence.maxAge` makes the answer unknown unless the other keys settle it, and what is unknown is reported and never acted on.';

/** The kind is a choice of all kinds; steps and match have sections of their own. */
function ruleRows(rule: Readonly<Record<string, unknown>>): SchemaRow[] {
  const kinds = CREDENTIAL_KINDS.map((kind) => `\`${kind}\``).join(', ');
  return rowsOf(rule, ['match', 'exclude', 'steps']).map((row) => {
    if (row.key === 'credential') return { ...row, value: `${kinds}, required` };
    return row.key === 'steps' ? { ...row, value: 'list of steps, required' } : row;
  });
}

function matchTable(definitions: Readonly<Record<string, unknown>>): string {
  const keys = new Map<string, { value: string; meaning: string; kinds: string[] }>();
  for (const kind of CREDENTIAL_KINDS) {
    const properties = mapOf(mapOf(definitions[`${kind}-match`]).properties);
    for (const key of ['status', ...MATCH_KEYS[kind]]) {
      const property = mapOf(properties[key]);
      const meaning =
        typeof property.description === 'string' ? property.description : descriptionInside(property);
      const value = key === 'status' ? 'what AWS says, or a list' : typeText(property);
      const row = keys.get(key) ?? { value, meaning, kinds: [] };
      keys.set(key, { ...row, kinds: [...row.kinds, kind] });
    }
  }
  const rows = [...keys].map(([key, { value, meaning, kinds }]) => [
    `\`${key}\``,
    value,
    kinds.length === CREDENTIAL_KINDS.length ? 'all' : kinds.join(', '),
    meaning,
  ]);
  return table(['key', 'value', 'kinds', 'meaning'], rows);
}

function descriptionInside(property: Readonly<Record<string, unknown>>): string {
  const first = Array.isArray(property.anyOf) ? mapOf(property.anyOf[0]) : {};
  return typeof first.description === 'string' ? first.description : '';
}

function keyTable(rows: readonly SchemaRow[]): string {
  return table(
    ['key', 'value', 'meaning'],
    rows.map(({ key, value, meaning }) => [`\`${key}\``, value, meaning]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
