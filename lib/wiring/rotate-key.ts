import type { RotationClients } from '../actions/index.ts';
import type { Credential } from '../domain/credential.ts';
import type { Refusal } from '../domain/verdict.ts';
import { driveRotation } from '../rotation/index.ts';
import type { RotateKey, SweepContext } from '../sweep/index.ts';

/** Clients that may rotate this key in this secret and nothing else, or why there are none. */
export type OpenRotator = (
  credential: Credential,
  secretId: string,
) => Promise<
  | { readonly ok: true; readonly clients: RotationClients; readonly close?: () => void }
  | ({ readonly ok: false } & Refusal)
>;

type Surroundings = Pick<SweepContext, 'clock' | 'policy' | 'record' | 'actor' | 'pause'>;

/** Has the four steps walked with what the policy says of documents and stores. */
export function rotateKeyWith(
  { clock, policy, record, actor, pause }: Surroundings,
  open: OpenRotator,
): RotateKey {
  const { fields, stores } = policy.document.rotation;
  return async ({ credential, secretId, rotationId, trigger = 'step', citing }) => {
    const opened = await open(credential, secretId);
    if (!opened.ok) {
      const { code, reason } = opened;
      const hint = 'Deploy the role that rotates to the account.';
      return { outcome: 'refused', rotationId, secretId, code, reason, hint, source: 'access', details: {} };
    }
    try {
      return await driveRotation(
        { clock, clients: opened.clients, pause, record, actor, fields, stores, citing },
        { secretId, token: rotationId, trigger, credentialId: credential.id },
      );
    } finally {
      opened.close?.();
    }
  };
}
