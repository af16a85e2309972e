import { accountOf } from '../domain/credential.ts';
import { JanitorError } from '../domain/error.ts';
import type { StateProjection } from '../ledger/index.ts';

/** The credential id behind what a person typed: the id itself, a bare access key id or a secret's name. */
export async function resolveCredentialId(
  { state }: { readonly state: StateProjection },
  typed: string,
): Promise<string> {
  if (accountOf(typed) !== undefined) return typed;
  const ids = await state.named(typed);
  const [id, ...others] = ids;
  if (id === undefined) {
    throw new JanitorError(`nothing is recorded about "${typed}"`, {
      code: 'credential-not-found',
      source: 'user',
      hint: "Give an access key id, a secret's name or a whole credential id as sweep and explain print them.",
    });
  }
  if (others.length === 0) return id;
  throw new JanitorError(`"${typed}" is the name of ${ids.length} credentials`, {
    code: 'credential-ambiguous',
    source: 'user',
    hint: `Give one of the whole ids: ${ids.join(', ')}.`,
    details: { ids },
  });
}
