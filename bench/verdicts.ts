import { readFileSync } from 'node:fs';
import type { Credential } from '../lib/domain/credential.ts';
import type { CredentialHistory } from '../lib/domain/history.ts';
import { checkPolicyTexts, compilePolicy, policyInvalid } from '../lib/policy/index.ts';
import {
  accessKey,
  consolePassword,
  daysAgo,
  fact,
  NOW,
  secret,
  userPrincipal,
} from '../test/builders/credential.ts';
import { announcing, findings, history, openFinding } from '../test/builders/history.ts';

const CREDENTIALS = 10_000;
const ROUNDS = 5;

/** Verdicts by the shipped policy over a mixed account, on one core; the median of several rounds. */
export interface VerdictMeasurement {
  readonly credentials: number;
  readonly rules: number;
  readonly milliseconds: number;
  readonly verdictsPerSecond: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

/** Judges 10,000 credentials (keys, secrets and passwords; a tenth with open findings) and times it. */
export function measureVerdicts(): VerdictMeasurement {
  const policy = shippedPolicy();
  const judge = compilePolicy(policy);
  const inputs = Array.from({ length: CREDENTIALS }, (_, index) => inputOf(index));
  const outcomes: Record<string, number> = {};
  for (const input of inputs) {
    const { outcome } = judge({ ...input, now: NOW }).verdict;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  const rounds = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    for (const input of inputs) judge({ ...input, now: NOW });
    return performance.now() - start;
  }).toSorted((a, b) => a - b);
  const milliseconds = rounds[Math.floor(ROUNDS / 2)] ?? 0;
  return {
    credentials: CREDENTIALS,
    rules: policy.document.rules.length,
    milliseconds: Math.round(milliseconds),
    verdictsPerSecond: Math.round(CREDENTIALS / (milliseconds / 1000)),
    outcomes,
  };
}

function shippedPolicy() {
  const text = (name: string): string => readFileSync(new URL(`../policy/${name}`, import.meta.url), 'utf8');
  const checked = checkPolicyTexts(text('janitor.yaml'), text('directory.yaml'));
  if (!checked.ok) throw policyInvalid(checked.problems);
  return checked.policy;
}

function inputOf(index: number): { readonly credential: Credential; readonly history: CredentialHistory } {
  const idle = (index * 37) % 200;
  const used = index % 9 === 0 ? null : daysAgo(idle);
  const facts = { createdAt: fact(daysAgo(idle + 30)), lastUsedAt: fact(used), tags: fact(tagsOf(index)) };
  const principal = userPrincipal({ userName: `user-${index}`, path: index % 3 === 0 ? '/ci/' : '/people/' });
  const past =
    index % 10 === 0
      ? history({ findings: findings(openFinding({ told: [announcing('disable', 14)] })) })
      : history();
  if (index % 3 === 0) return { credential: secret({ name: `prod/secret-${index}`, facts }), history: past };
  if (index % 7 === 0) return { credential: consolePassword({ principal, facts }), history: past };
  return { credential: accessKey({ principal, facts }), history: past };
}

function tagsOf(index: number): Record<string, string> {
  return index % 4 === 0 ? { owner: 'ana', project: 'payments' } : { project: `p-${index % 50}` };
}

if (process.argv[1]?.endsWith('verdicts.ts') === true)
  console.log(JSON.stringify(measureVerdicts(), null, 2));
