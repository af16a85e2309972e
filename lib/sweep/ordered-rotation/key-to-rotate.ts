import { type Credential, credentialOfId, type Principal } from '../../domain/credential.ts';
import { JanitorError } from '../../domain/error.ts';
import { knownValue } from '../../domain/fact.ts';
import type { CredentialHistory } from '../../domain/history.ts';
import { tagOf } from '../../domain/label.ts';
import { MANAGED, MANAGED_TAG } from '../../domain/rotation-store.ts';
import { readNamedCredential } from '../../inventory/index.ts';
import { reconcile } from '../reconcile.ts';
import type { PlanningContext } from './ordering-context.ts';

/** An access key as it is now, with what the ledger says of it. */
export interface KeyToRotate {
  readonly credential: Credential & { readonly principal: Principal };
  readonly history: CredentialHistory;
}

/**
 * Reads the key anew. Throws what says that it is none, is gone, or cannot be read: `not-an-access-key`,
 * `credential-gone`, `evidence-unread`.
 */
export async function readKey(context: PlanningContext, credentialId: string): Promise<KeyToRotate> {
  const named = credentialOfId(credentialId);
  if (named?.kind !== 'access-key') throw notAKey(credentialId);
  const fresh = await readNamedCredential(context.clients, credentialId, context.clock.now());
  if (fresh.found === 'unknown') throw unread(credentialId, fresh.reason);
  if (!fresh.found || fresh.credential.principal === undefined) throw gone(credentialId);
  const history = await settled(context, credentialId);
  return { credential: { ...fresh.credential, principal: fresh.credential.principal }, history };
}

/** A change that was begun and never settled is settled by looking, so that a request can be made again after a crash. */
async function settled(context: PlanningContext, credentialId: string): Promise<CredentialHistory> {
  const history = await context.record.read(credentialId);
  return history.openIntent === undefined
    ? history
    : (await reconcile(context, credentialId, history)).history;
}

/**
 * Throws what forbids to rotate this key, whoever asks: `key-not-active`, `not-managed`, and the codes of holds,
 * such as `protected`, `on-hold` and `no-route`.
 */
export function refuseKey(context: PlanningContext, { credential, history }: KeyToRotate): void {
  const { facts, principal } = credential;
  const status = knownValue(facts.status);
  if (status !== 'active') {
    throw refused('key-not-active', `${credential.id} is ${status ?? 'of unknown status'}, not active`, {
      hint: 'Nothing uses an inactive key, so nothing has to be replaced: delete it, or "janitor restore" it first if the janitor disabled it.',
    });
  }
  const [hold] = context.holds({ credential, history, now: context.clock.now() }, 'rotate');
  if (hold !== undefined) {
    throw refused(hold.code, `${credential.id} is not rotated: ${hold.reason}`, {
      hint: `"janitor explain ${credential.id}" tells its story.`,
    });
  }
  const tags = knownValue(facts.tags) ?? {};
  if (tagOf(tags, MANAGED_TAG, false) === MANAGED) return;
  throw refused('not-managed', `the user ${principal.userName} is not one whose keys the janitor may make`, {
    hint: `Tag the user to say that it may: aws iam tag-user --user-name ${principal.userName} --tags Key=${MANAGED_TAG},Value=${MANAGED}`,
  });
}

function refused(code: string, message: string, { hint }: { readonly hint: string }): JanitorError {
  return new JanitorError(message, { code, source: 'policy', hint });
}

function notAKey(credentialId: string): JanitorError {
  return new JanitorError(`"${credentialId}" is not the id of an access key of a user`, {
    code: 'not-an-access-key',
    source: 'user',
    hint: 'Give an access key id, or a credential id as sweep and explain print it. A secret that rotates by itself is rotated by the step rotate of a rule, or by "aws secretsmanager rotate-secret".',
  });
}

function gone(credentialId: string): JanitorError {
  return new JanitorError(`${credentialId} does not exist any more`, {
    code: 'credential-gone',
    source: 'user',
    hint: `"janitor explain ${credentialId}" tells what became of it.`,
  });
}

function unread(credentialId: string, why: string): JanitorError {
  return new JanitorError(`${credentialId} could not be read: ${why}`, {
    code: 'evidence-unread',
    source: 'access',
    hint: 'Nothing is done on what is unknown. Run the command again, or mend what keeps it from being read.',
  });
}
