import { identityOfKey, readUserKeys } from '../actions/index.ts';
import type { Admitted } from './admission.ts';
import type { RotationContext } from './context.ts';
import { trouble } from './trouble.ts';
import type { KeyDocument } from './value-document.ts';

/**
 * Milliseconds between looks at a new key, 93 seconds in all: IAM says seconds, and is eventually consistent. A step that
 * does not live to see it is repeated.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
const WAITS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 32_000];
/** One host of AWS may know a key that another does not know yet: it has to work so often in a row. */
const TIMES_IN_A_ROW = 3;
const BETWEEN_MS = 1_000;

/** The pending key is there, active, and this user's. Throws `key-gone`, `key-inactive`. */
export async function seeKey(
  context: RotationContext,
  admitted: Admitted,
  document: KeyDocument,
): Promise<void> {
  const { accessKeyId } = document.key;
  for (const millis of [...WAITS, undefined]) {
    const keys = await readUserKeys(context.clients, admitted.user.userName);
    const key = keys.find((each) => each.accessKeyId === accessKeyId);
    if (key?.status === 'Active') return;
    if (key !== undefined) {
      throw trouble('key-inactive', `the new key ${accessKeyId} is ${key.status}: somebody disabled it`, {
        hint: 'Find out who did and why; then activate it, or start a new rotation.',
      });
    }
    if (millis !== undefined) await context.pause(millis);
  }
  throw trouble('pending-key-gone', `the new key ${accessKeyId} is no key of ${admitted.user.arn}`, {
    hint: 'Somebody deleted it. Start a new rotation; the current value is untouched.',
  });
}

/** The pending key works, for AWS as a whole, and is this user's. */
export async function proveKey(
  context: RotationContext,
  admitted: Admitted,
  document: KeyDocument,
): Promise<void> {
  let inARow = 0;
  const waits = [...WAITS];
  while (inARow < TIMES_IN_A_ROW) {
    if (await worksNow(context, admitted, document)) {
      inARow += 1;
      if (inARow < TIMES_IN_A_ROW) await context.pause(BETWEEN_MS);
      continue;
    }
    inARow = 0;
    const millis = waits.shift();
    if (millis === undefined) throw notPropagated(document);
    await context.pause(millis);
  }
}

/** One look. False: AWS does not know the key, or not yet. Throws `key-not-working`, `value-of-another-user`. */
export async function worksNow(
  { clients }: RotationContext,
  { user, store }: Admitted,
  { key }: KeyDocument,
): Promise<boolean> {
  const identity = await identityOfKey(clients, key);
  if (identity.outcome === 'unknown-key') return false;
  if (identity.outcome === 'wrong-secret') {
    throw trouble(
      'key-not-working',
      `the pending value of ${store.arn} does not work: its secret is not that of its key`,
      {
        hint: 'Start a new rotation; the current value is untouched.',
      },
    );
  }
  if (identity.arn === user.arn) return true;
  throw trouble(
    'value-of-another-user',
    `the pending key of ${store.arn} is one of ${identity.arn}, not of ${user.arn}`,
    {
      hint: 'Correct the tag that says whose key the secret is to hold, and start a new rotation.',
    },
  );
}

function notPropagated({ key }: KeyDocument) {
  return trouble('key-not-propagated', `AWS does not know the new key ${key.accessKeyId} yet`, {
    source: 'access',
    hint: 'The step is repeated; if it stays so, look whether somebody disabled or deleted the key.',
    details: { accessKeyId: key.accessKeyId },
  });
}
