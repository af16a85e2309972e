import { accountOf } from '../../domain/credential.ts';
import { type Exception, foldException } from '../../domain/exception.ts';
import type { Ask } from '../../domain/request-events.ts';
import { accountOfPlan, subjects } from '../../domain/subject.ts';
import { type AboutRequest, type Policy, requestRules } from '../../policy/index.ts';
import type { RequestsContext } from '../../requests/index.ts';
import type { WorkDesk } from './desk.ts';

/** What is asked for, as far as the policy's word on it depends on that. An unknown exception names no rules. */
export async function aboutAsk({ ledger }: Pick<WorkDesk, 'ledger'>, ask: Ask): Promise<AboutRequest> {
  const { kind } = ask;
  switch (ask.kind) {
    case 'exception':
      return aboutException(kind, ask.scope);
    case 'extension': {
      const exception = foldException(await ledger.chain(subjects.exception(ask.exceptionId)));
      return exception === undefined ? { kind } : aboutException(kind, exception.scope);
    }
    case 'approve-plan':
      return { kind, ...inAccount(accountOfPlan(ask.planId)) };
    case 'policy-override':
      return { kind, rules: [ask.rule], ...inAccount(accountOf(ask.credentialId)) };
    default:
      return { kind, ...inAccount(accountOf(ask.credentialId)) };
  }
}

export function aboutException(
  kind: AboutRequest['kind'],
  { credentialId, rules }: Exception['scope'],
): AboutRequest {
  return { kind, rules, ...inAccount(accountOf(credentialId)) };
}

function inAccount(accountId: string | undefined) {
  return accountId === undefined ? {} : { accountId };
}

/** What the use cases of requests work with, under the rules for what it is about. */
export function requestsContext(
  { clock, ledger, state }: Pick<WorkDesk, 'clock' | 'ledger' | 'state'>,
  policy: Policy,
  about: AboutRequest,
): RequestsContext {
  const rules = requestRules(policy, clock.now(), about);
  return { clock, ledger, rules, projected: state.requests.follow };
}
