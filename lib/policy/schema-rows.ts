/** A piece of JSON Schema. */
type PlainMap = Readonly<Record<string, unknown>>;

/** One key of a policy file as the reference shows it. */
export interface SchemaRow {
  /** `limits.perAccountPerDay`, `people[].mail`, `groups.<id>.members`. */
  readonly key: string;
  readonly value: string;
  readonly meaning: string;
}

/** The keys of a JSON Schema in reading order. `stop`: keys that are described elsewhere and not descended into. */
export function rowsOf(schema: PlainMap, stop: readonly string[] = [], prefix = ''): SchemaRow[] {
  const required = new Set(textsOf(schema.required));
  return Object.entries(mapOf(schema.properties)).flatMap(([name, written]) => {
    const property = mapOf(written);
    const key = `${prefix}${name}`;
    const row = {
      key,
      value: valueText(property, required.has(name)),
      meaning: textOf(property.description),
    };
    return [row, ...(stop.includes(key) ? [] : rowsInside(property, stop, key))];
  });
}

function rowsInside(property: PlainMap, stop: readonly string[], key: string): SchemaRow[] {
  if (property.properties !== undefined) return rowsOf(property, stop, `${key}.`);
  const items = mapOf(property.items);
  if (items.properties !== undefined) return rowsOf(items, stop, `${key}[].`);
  const values = mapOf(property.additionalProperties);
  return values.properties === undefined ? [] : rowsOf(values, stop, `${key}.<id>.`);
}

function valueText(property: PlainMap, required: boolean): string {
  const type = typeText(property);
  if (property.default !== undefined) return `${type}, ${defaultText(property.default)}`;
  return required ? `${type}, required` : type;
}

function defaultText(value: unknown): string {
  const empty =
    (Array.isArray(value) && value.length === 0) || (isPlainMap(value) && Object.keys(value).length === 0);
  return empty ? 'optional' : `default ${JSON.stringify(value)}`;
}

/** A type in words; durations are known by their pattern. */
export function typeText(property: PlainMap): string {
  if (property.const !== undefined) return `\`${String(property.const)}\``;
  const offered = textsOf(property.enum);
  if (offered.length > 0) return offered.map((text) => `\`${text}\``).join(', ');
  const alternatives = [property.anyOf, property.oneOf].flatMap((list) => (Array.isArray(list) ? list : []));
  if (alternatives.length > 0) return unionText(alternatives.map((one) => mapOf(one)));
  if (property.$ref !== undefined || property.allOf !== undefined) return 'match';
  if (typeof property.pattern === 'string' && property.pattern.includes('[mhd]'))
    return property.pattern.includes(' ago') ? 'point in time' : 'duration';
  if (property.type === 'array') return `list of ${typeText(mapOf(property.items))}`;
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    integer: 'whole number',
    object: 'map',
    boolean: 'true or false',
  };
  const type = textOf(property.type);
  if (type === 'null') return '`null`';
  return property.format === 'date' ? 'date' : (names[type] ?? type);
}

function unionText(alternatives: readonly PlainMap[]): string {
  const [first, second] = alternatives;
  const list = second?.type === 'array' ? typeText(mapOf(second.items)) : undefined;
  if (first !== undefined && list === typeText(first)) return `${list}, or a list`;
  return [...new Set(alternatives.map(typeText))].join(' or ');
}

export function mapOf(value: unknown): PlainMap {
  return isPlainMap(value) ? value : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function isPlainMap(value: unknown): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
