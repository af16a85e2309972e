/**
 * Free text must never carry a secret into the ledger, which nobody can erase. Shapes only: no list is complete,
 * so this is the last line of defence behind never reading secret values at all.
 */
const SHAPES: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a private key', pattern: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----/ },
  {
    what: 'an AWS session token',
    pattern: /\b(?:FwoGZXIvYXdz|FQoGZXIvYXdz|IQoJb3JpZ2lu|AQoDYXdz)[A-Za-z0-9/+=]{60,}/,
  },
  { what: 'an AWS session token', pattern: /(?:session|security)[-_ ]?token["'\s:=]+[A-Za-z0-9/+=]{60,}/i },
  { what: 'an Amazon Bedrock API key', pattern: /\b(?:ABSK|bedrock-api-key-)[A-Za-z0-9/+=]{40,}/ },
  { what: 'a signed AWS request', pattern: /X-Amz-Signature=[0-9a-f]{64}/i },
  { what: 'a JSON Web Token', pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/ },
];

/** An AWS secret access key is 40 characters of base64 without padding, standing alone. */
const FORTY = /(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/g;

/** Random base64 of 40 characters has about 4.7 bits a character; words and paths of that length stay below this. */
const RANDOM_BITS = 4.25;

const ARN = /^arn:[a-z0-9-]+:[a-z0-9-]+:[a-z0-9-]*:\d*:\S+$/;
const HEX_HASH = /^[0-9a-f]{40,128}$/;

/** What a text looks like, or undefined. ARNs and hexadecimal hashes by themselves are names, not secrets. */
export function secretShapeIn(text: string): string | undefined {
  const shape = SHAPES.find(({ pattern }) => pattern.test(text));
  if (shape !== undefined) return shape.what;
  if (ARN.test(text) || HEX_HASH.test(text)) return undefined;
  return (text.match(FORTY) ?? []).some(isRandom) ? 'an AWS secret access key' : undefined;
}

function isRandom(text: string): boolean {
  if (!/[a-z]/.test(text) || !/[A-Z]/.test(text)) return false;
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits >= RANDOM_BITS;
}

/**
 * What stands in for a text that looks like a secret. It says so and is no secret's shape itself, so that whatever is
 * judged, stored and judged again is the same text.
 */
export function withoutSecret(text: string): string {
  const shape = secretShapeIn(text);
  return shape === undefined ? text : `[redacted: looks like ${shape}]`;
}
