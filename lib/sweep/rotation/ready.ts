import type { Refusal } from '../../domain/verdict.ts';
import type { Candidate } from '../candidate.ts';
import type { SweepContext } from '../context.ts';
import type { Run } from '../run.ts';
import type { StoreRegister } from './stores.ts';
import { rotationToken } from './token.ts';

/** What a rotation needs to be told beside its credential, or why it cannot begin. */
export function rotationOf(
  context: SweepContext,
  run: Run,
  stores: StoreRegister,
  { credential, history: { rotation } }: Candidate,
): NonNullable<Candidate['rotation']> | Refusal {
  const store =
    credential.kind === 'access-key' ? stores.find(credential, run.incomplete.get('secret')) : undefined;
  if (store !== undefined && 'code' in store) return store;
  // What the janitor walked itself it goes on with: a pending value that is there is kept.
  const goesOn =
    rotation?.state === 'failed' && rotation.by === 'janitor' && rotation.secretId === store?.secretId;
  const rotationId = goesOn ? rotation.rotationId : rotationToken(context.newId());
  return store === undefined ? { rotationId } : { rotationId, secretId: store.secretId };
}
