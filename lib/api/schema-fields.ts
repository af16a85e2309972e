/** A piece of an OpenAPI document. */
export type Document = Readonly<Record<string, unknown>>;

/** One field as the reference shows it. */
export interface Field {
  /** `request.ask.scope.rules`; what stands in brackets is for one variant only. */
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
}

/** Fields of an object schema in reading order, those inside of it down to `depth` levels. */
export function fieldsOf(document: Document, schema: Document, depth = 6, prefix = ''): Field[] {
  const { oneOf, properties, required } = resolved(document, schema);
  const own = Object.entries(mapOf(properties)).flatMap(([name, written]) =>
    fieldAndInside(
      document,
      { name: `${prefix}${name}`, schema: mapOf(written), depth },
      isIn(required, name),
    ),
  );
  const variants = Array.isArray(oneOf) ? oneOf.map((each) => resolved(document, mapOf(each))) : [];
  return [...own, ...variants.flatMap((variant) => variantFields(document, variant, depth, prefix))];
}

function fieldAndInside(
  document: Document,
  { name, schema, depth }: { readonly name: string; readonly schema: Document; readonly depth: number },
  required: boolean,
): Field[] {
  const inner = resolved(document, schema);
  const type = typeText(document, inner);
  const meaning = [schema.description, inner.description].find((text) => typeof text === 'string') ?? '';
  const isOne = inner.properties !== undefined || inner.oneOf !== undefined;
  const field = { name, value: required ? `${type}, required` : type, meaning: String(meaning) };
  return depth > 1 && isOne ? [field, ...fieldsOf(document, inner, depth - 1, `${name}.`)] : [field];
}

/** Each variant is told by its `kind` or `state`. */
function variantFields(document: Document, variant: Document, depth: number, prefix: string): Field[] {
  const all = Object.entries(mapOf(variant.properties));
  const [label] = all.filter(([, schema]) => mapOf(schema).const !== undefined);
  const word = label === undefined ? '' : ` (${label[0]}: ${String(mapOf(label[1]).const)})`;
  return fieldsOf(document, variant, depth, prefix)
    .filter(({ name }) => name !== `${prefix}${label?.[0]}`)
    .map((field) => ({ ...field, name: `${field.name}${word}` }));
}

function typeText(document: Document, schema: Document): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (Array.isArray(schema.enum)) return schema.enum.map((each) => `\`${String(each)}\``).join(', ');
  if (schema.type === 'array')
    return `list of ${typeText(document, resolved(document, mapOf(schema.items)))}`;
  if (schema.oneOf !== undefined || schema.type === 'object') return 'object';
  if (Array.isArray(schema.anyOf)) return 'text';
  return scalarText(schema);
}

function scalarText({ type, format, maxLength, minimum, maximum, default: initial }: Document): string {
  const kind = type === 'string' ? (format === 'date-time' ? 'instant' : 'text') : (type ?? 'any value');
  const length = typeof maxLength === 'number' ? ` of at most ${maxLength} characters` : '';
  const range = typeof minimum === 'number' && typeof maximum === 'number' ? ` ${minimum} to ${maximum}` : '';
  const otherwise = initial === undefined ? '' : `, else ${String(initial)}`;
  return `${String(kind)}${length}${range}${otherwise}`;
}

function resolved(document: Document, schema: Document): Document {
  if (typeof schema.$ref !== 'string') return schema;
  const name = schema.$ref.split('/').at(-1) ?? '';
  return resolved(document, mapOf(mapOf(mapOf(document.components).schemas)[name]));
}

function isIn(required: unknown, name: string): boolean {
  return Array.isArray(required) && required.includes(name);
}

export function mapOf(value: unknown): Document {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
