import type { Credential } from '../domain/credential.ts';
import { JanitorError } from '../domain/error.ts';
import type { StoreRules } from '../domain/rotation-store.ts';
import { storesByValue } from '../rotation/index.ts';
import type { OrderingContext, SweepContext } from '../sweep/index.ts';
import { planningContext, secretsOf } from './planning-context.ts';
import type { OpenRotator } from './rotate-key.ts';

export interface Rotator {
  /** Principal ARN of the role that rotates. */
  readonly janitor: string;
  readonly open: OpenRotator;
}

/** What a rotation that somebody asks for needs beyond a sweep: where the policy allows it, values are looked into. */
export function orderingContext(context: SweepContext, { janitor, open }: Rotator): OrderingContext {
  const { rotateKey, policy } = context;
  if (rotateKey === undefined) throw cannotRotate();
  const { compareIds } = policy.document.rotation.stores;
  return {
    ...planningContext(context, janitor),
    rotateKey,
    holdersOf: compareIds ? (credential) => holdersOf(context, open, credential) : undefined,
  };
}

/** Any name may be a store's here: every secret is looked into. */
const EVERY_SECRET: StoreRules = { name: '{userName}' };

async function holdersOf(context: SweepContext, open: OpenRotator, credential: Credential) {
  const { partition, accountId, policy } = context;
  const opened = await open(credential, `arn:${partition}:secretsmanager:*:${accountId}:secret:*`);
  if (!opened.ok) throw notLetIn(opened.reason);
  try {
    const candidates = await secretsOf(context, EVERY_SECRET);
    const { fields } = policy.document.rotation;
    return await storesByValue(opened.clients, candidates, { accessKeyId: credential.name, fields });
  } finally {
    opened.close?.();
  }
}

function cannotRotate(): JanitorError {
  return new JanitorError('rotating changes the account and is refused from here', {
    code: 'acting-refused',
    source: 'policy',
    hint: 'The command line changes embedded and loopback endpoints only; a real account is changed by the deployed service (--stack).',
  });
}

function notLetIn(reason: string): JanitorError {
  return new JanitorError(`the values of secrets cannot be looked into: ${reason}`, {
    code: 'acting-role-refused',
    source: 'access',
    hint: 'Deploy the role that rotates to the account, or set rotation.stores.compareIds to false.',
  });
}
