/** What the Query protocol can say. Lists become `member` elements, maps `entry` elements; undefined is left out. */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | ReadonlyMap<string, string | number>
  | { readonly [name: string]: XmlValue };

const SPECIAL = /[&<>"'\r]|[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** One element with its content, escaped for XML 1.0. */
export function xmlElement(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  const content = xmlContent(value);
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`;
}

/** The children of an element, without the element itself. */
export function xmlContent(value: XmlValue): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return escapeXml(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return value.map((item) => xmlElement('member', item)).join('');
  if (isMap(value))
    return [...value].map(([key, item]) => xmlElement('entry', { key, value: item })).join('');
  let content = '';
  for (const name in value) content += xmlElement(name, value[name]);
  return content;
}

function isList(value: object): value is readonly XmlValue[] {
  return Array.isArray(value);
}

function isMap(value: object): value is ReadonlyMap<string, string | number> {
  return value instanceof Map;
}

function escapeXml(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text.replaceAll(new RegExp(SPECIAL, 'gu'), (character) => ENTITIES[character] ?? numeric(character));
}

function numeric(character: string): string {
  return `&#x${(character.codePointAt(0) ?? 0xfffd).toString(16)};`;
}
