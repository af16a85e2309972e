import fc from 'fast-check';

/** A piece of JSON Schema, as the OpenAPI document has it. */
type Schema = Readonly<Record<string, unknown>>;

/** Plausible values of fields that a schema alone cannot make: existing ids, instants of this world. */
export type Plausible = Readonly<Record<string, readonly unknown[]>>;

/** Values that fit a schema of the document, as far as the schema says; `plausible` by the name of the field. */
export function fitting(document: Schema, schema: unknown, plausible: Plausible): fc.Arbitrary<unknown> {
  return of({ document, plausible }, mapOf(schema), '');
}

interface World {
  readonly document: Schema;
  readonly plausible: Plausible;
}

function of(world: World, schema: Schema, field: string): fc.Arbitrary<unknown> {
  const known = world.plausible[field];
  if (known !== undefined)
    return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...known) }, plain(world, schema));
  return plain(world, schema);
}

function plain(world: World, schema: Schema): fc.Arbitrary<unknown> {
  if (typeof schema.$ref === 'string') return of(world, referred(world.document, schema.$ref), '');
  if (schema.const !== undefined) return fc.constant(schema.const);
  const choices = [schema.enum].flat().filter((choice) => choice !== undefined);
  if (choices.length > 0) return fc.constantFrom(...choices);
  const variants = [schema.oneOf ?? schema.anyOf ?? []]
    .flat()
    .map((variant) => of(world, mapOf(variant), ''));
  if (variants.length > 0) return fc.oneof(...variants);
  if (schema.type === 'object') return objects(world, schema);
  if (schema.type === 'array') return fc.array(of(world, mapOf(schema.items), ''), { maxLength: 3 });
  if (schema.type === 'integer')
    return fc.integer({ min: Number(schema.minimum ?? 0), max: Number(schema.maximum ?? 99) });
  return schema.type === 'string' ? texts(schema) : fc.jsonValue({ maxDepth: 2 });
}

function objects(world: World, schema: Schema): fc.Arbitrary<unknown> {
  const properties = Object.entries(mapOf(schema.properties));
  const values = mapOf(schema.additionalProperties);
  if (properties.length === 0) {
    return fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), of(world, values, ''), { maxKeys: 2 });
  }
  const required = [schema.required ?? []].flat().map(String);
  const shape = Object.fromEntries(properties.map(([name, inner]) => [name, of(world, mapOf(inner), name)]));
  return fc.record(shape, { requiredKeys: required });
}

function texts({ pattern, format, minLength, maxLength }: Schema): fc.Arbitrary<unknown> {
  if (format === 'date-time')
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
      .map((date) => date.toISOString());
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern));
  const bounds = { minLength: Number(minLength ?? 1), maxLength: Math.min(Number(maxLength ?? 40), 60) };
  return fc.string({ unit: fc.constantFrom(...'abcxyz0189 .,:-'), ...bounds });
}

function referred(document: Schema, reference: string): Schema {
  return reference
    .replace('#/', '')
    .split('/')
    .reduce((place, name) => mapOf(place[name]), document);
}

export function mapOf(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

const NASTY = [
  null,
  '',
  ' ',
  0,
  -1,
  1e308,
  true,
  [],
  {},
  [[[[[[[[[[[[1]]]]]]]]]]]],
  '__proto__',
  '\u0000',
  '\u202Eexe.gnp',
  'аdmin',
  '\ud83d\ude00'.repeat(300),
  'x'.repeat(5_000),
  'AKIA'.padEnd(3_000, 'A'),
  '2026-02-30T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '../../etc/passwd',
  '%24%7Bjndi:ldap://x%7D',
  "' OR 1=1 --",
];

/** The same with something wrong in one place: a field too many, one too few, or a value nobody expects. */
export function mutated(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const nasty = fc.oneof(fc.constantFrom(...NASTY), fc.jsonValue({ maxDepth: 3 }));
  return fc
    .tuple(value, fc.nat(), nasty, fc.constantFrom('replace', 'remove', 'add'), fc.string({ maxLength: 12 }))
    .map(([whole, place, other, how, name]) => {
      const copy = structuredClone(whole);
      const places = placesIn(copy);
      const at = places[place % Math.max(1, places.length)];
      if (at === undefined) return other;
      if (how === 'add') Reflect.set(at.holder, name, other);
      else if (how === 'remove') Reflect.deleteProperty(at.holder, at.key);
      else Reflect.set(at.holder, at.key, other);
      return copy;
    });
}

function placesIn(value: unknown): { readonly holder: object; readonly key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [{ holder: value, key }, ...placesIn(inner)]);
}
