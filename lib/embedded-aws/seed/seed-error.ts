import { JanitorError } from '../../domain/error.ts';

/** The error of a world that cannot be seeded as asked. */
export function seedError(message: string, hint: string): JanitorError {
  return new JanitorError(message, { code: 'seed-invalid', source: 'user', hint });
}
