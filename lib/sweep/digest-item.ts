import type { Finding } from '../domain/verdict.ts';
import type { DigestItem } from '../notify/index.ts';
import type { Policy } from '../policy/index.ts';
import type { Judged } from './read-account.ts';

/** What an owner needs to know about one finding: which credential, why, what happens when, what was done already. */
export function digestItemOf(
  policy: Policy,
  { credential, history, judgement }: Judged,
  finding: Finding,
): DigestItem {
  const why = policy.document.rules.find((rule) => rule.id === finding.rule)?.why ?? '';
  const lastDone = history.findings[finding.rule]?.done.at(-1);
  return {
    credentialId: credential.id,
    kind: credential.kind,
    name: credential.name,
    ...(credential.principal === undefined ? {} : { principalName: credential.principal.userName }),
    rule: finding.rule,
    why,
    reasons: finding.reasons,
    ...(finding.announces === undefined ? {} : { announces: finding.announces }),
    restsOnDisuse: finding.restsOnDisuse,
    ...(lastDone === undefined ? {} : { lastDone }),
    ...(history.deleted?.recoverableUntil === undefined
      ? {}
      : { restorableUntil: history.deleted.recoverableUntil }),
    ...(judgement.outsideParty === undefined ? {} : { outsideParty: judgement.outsideParty }),
  };
}
