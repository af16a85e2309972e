import { sha256 } from '../../domain/canonical.ts';

/**
 * The id of a rotation: what AWS takes for the id of the version it makes, a UUID. Made of a fresh id, so that simulations
 * are deterministic and two rotations never share one.
 */
export function rotationToken(freshId: string): string {
  const hex = sha256(`credential-janitor/rotation/v1\n${freshId}`);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join('-');
}
