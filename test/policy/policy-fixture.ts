import type { Credential } from '../../lib/domain/credential.ts';
import type { CredentialHistory } from '../../lib/domain/history.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { Finding, Judgement } from '../../lib/domain/verdict.ts';
import { checkPolicyTexts, compilePolicy, type Policy, policyInvalid } from '../../lib/policy/index.ts';
import { NOW } from '../builders/credential.ts';
import { history } from '../builders/history.ts';

type Data = Readonly<Record<string, unknown>>;

/** A rule for unused access keys; override what the test is about. */
export function ruleData(overrides: Data = {}): Data {
  return {
    id: 'unused',
    why: 'A key nobody uses is one nobody misses.',
    owner: 'ana',
    reviewedOn: '2026-10-01',
    reviewEvery: '180d',
    credential: 'access-key',
    match: { status: 'active', unusedFor: '45d' },
    steps: ['notify', { disable: { wait: '14d' } }, { delete: { wait: '30d' } }],
    ...overrides,
  };
}

export function janitorData(overrides: Data = {}): Data {
  return {
    version: 1,
    mode: 'observe',
    riskOwner: 'risk',
    approvals: {
      guarded: { group: 'security', quorum: 1 },
      critical: { group: 'security', quorum: 2 },
      policy: { group: 'security', quorum: 2 },
    },
    lifetime: { 'access-key': '90d', secret: '90d' },
    rules: [ruleData()],
    ...overrides,
  };
}

export function directoryData(overrides: Data = {}): Data {
  return {
    version: 1,
    people: [
      { id: 'ana', mail: 'ana@example.com', name: 'Ana A.', principals: ['sso:ana'] },
      { id: 'ben', mail: 'ben@example.com', principals: ['arn:aws:iam::111122223333:user/people/ben'] },
      { id: 'gone', mail: 'gone@example.com', leftOn: '2026-10-15', principals: ['sso:gone'] },
      { id: 'risk', mail: 'risk@example.com' },
    ],
    groups: {
      security: { members: ['ana', 'ben', 'gone'], mail: 'security@example.com' },
      silent: { members: ['ana'] },
    },
    owners: { tags: ['owner'], default: 'security' },
    ...overrides,
  };
}

/** YAML holds all of JSON, so that data of a test is a text of a policy. */
export function checked(janitor: Data = janitorData(), directory: Data = directoryData()) {
  return checkPolicyTexts(JSON.stringify(janitor, null, 1), JSON.stringify(directory, null, 1));
}

/** A valid policy; throws with every problem when the test's data is not one. */
export function policyOf(janitor: Data = {}, directory: Data = {}): Policy {
  const result = checked(janitorData(janitor), directoryData(directory));
  if (result.ok) return result.policy;
  throw policyInvalid(result.problems);
}

/** Judges under a policy of the given parts. */
export function judged(
  given: {
    readonly janitor?: Data;
    readonly directory?: Data;
    readonly history?: CredentialHistory;
    readonly now?: Instant;
  },
  credential: Credential,
): Judgement {
  const judge = compilePolicy(policyOf(given.janitor, given.directory));
  return judge({ credential, history: given.history ?? history(), now: given.now ?? NOW });
}

/** The finding of a rule, by default of the rule of `ruleData`. */
export function findingOf(judgement: Judgement, rule = 'unused'): Finding | undefined {
  return judgement.findings.find((finding) => finding.rule === rule);
}

export function heldCodes(finding: Finding | undefined): string[] {
  return (finding?.held ?? []).map((hold) => hold.code);
}
