import type { CredentialHistory } from '../../domain/history.ts';
import type { Finding, Refusal } from '../../domain/verdict.ts';
import { recordDeciding } from '../append.ts';
import type { ChainContext } from '../context.ts';
import { recordable, ruleFields } from '../draft.ts';

/** What keeps a rotation from beginning until a person does something; everything else passes by itself. */
const BLOCKING: ReadonlySet<string> = new Set([
  'no-store',
  'store-gone',
  'store-holds-other-key',
  'stores-ambiguous',
  'not-managed',
  'rotation-not-configured',
  'rotation-disabled',
  'rotation-stuck',
  'secret-scheduled-for-deletion',
  'service-owned',
  'replica',
]);

export function isBlocking({ code }: Refusal): boolean {
  return BLOCKING.has(code);
}

/** Records why a rotation cannot begin, once per reason, so that the next notice tells its owner the way out. */
export async function recordBlocked(
  context: ChainContext,
  credentialId: string,
  history: CredentialHistory,
  finding: Pick<Finding, 'rule' | 'ruleHash'>,
  { code, reason }: Refusal,
): Promise<CredentialHistory> {
  const recorded = await recordDeciding(context.record, credentialId, history, (current) =>
    current.blocked?.code === code
      ? undefined
      : {
          ...ruleFields(context, finding),
          type: 'rotation.blocked',
          reason: recordable(reason),
          data: { code },
        },
  );
  return recorded.history;
}
