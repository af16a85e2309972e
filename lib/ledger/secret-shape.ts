import { JanitorError } from '../domain/error.ts';
import { secretShapeIn } from '../domain/secret-shape.ts';

/** What a string anywhere in `value` (keys included) looks like, for whoever wants to know before appending it. */
export function secretShapeWithin(value: unknown): string | undefined {
  if (typeof value === 'string') return secretShapeIn(value);
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const shape = secretShapeIn(key) ?? secretShapeWithin(inner);
    if (shape !== undefined) return shape;
  }
  return undefined;
}

/**
 * Throws `secret-shaped` when a string anywhere in `value` (keys included) looks like a secret. The error names the
 * place and the shape and never repeats the text.
 */
export function refuseSecretShaped(value: unknown, place: string): void {
  if (typeof value === 'string') {
    const what = secretShapeIn(value);
    if (what !== undefined) throw refusal(place, what);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const what = secretShapeIn(key);
    if (what !== undefined) throw refusal(`a key in ${place}`, what);
    refuseSecretShaped(inner, `${place}.${key}`);
  }
}

function refusal(place: string, what: string): JanitorError {
  return new JanitorError(`The text of ${place} looks like ${what}; it was not recorded`, {
    code: 'secret-shaped',
    source: 'user',
    hint: 'Write the reason without the secret. If it was a live one, rotate it: it may be in your shell history.',
    details: { place, shape: what },
  });
}
