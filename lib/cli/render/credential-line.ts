import * as z from 'zod';
import { CREDENTIAL_KINDS, factsSchema } from '../../domain/credential.ts';
import { type Fact, isKnown, knownValue } from '../../domain/fact.ts';
import { instantSchema } from '../../domain/time.ts';
import { findingSchema, type JudgedCredential, ownerSchema, verdictSchema } from '../../domain/verdict.ts';
import { csvLine } from './csv.ts';

/** One element of `credentials` in the JSON of scan and sweep: part of the command-line contract. */
export const credentialLineSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(CREDENTIAL_KINDS),
  accountId: z.string(),
  region: z.string(),
  name: z.string(),
  /** As in the facts, or `unknown`. */
  status: z.string(),
  owner: ownerSchema,
  facts: factsSchema,
  expiresAt: z.nullable(instantSchema),
  verdict: verdictSchema,
  findings: z.array(findingSchema),
});
export type CredentialLine = z.infer<typeof credentialLineSchema>;

export function credentialLine({ credential, judgement }: JudgedCredential): CredentialLine {
  const { id, kind, accountId, region, name, facts } = credential;
  const { owner, expiresAt, verdict, findings } = judgement;
  const status = knownValue(facts.status) ?? 'unknown';
  return { id, kind, accountId, region, name, status, owner, facts, expiresAt, verdict, findings };
}

const COLUMNS = [
  'id',
  'kind',
  'accountId',
  'region',
  'name',
  'status',
  'owner',
  'ownerSource',
  'createdAt',
  'lastUsedAt',
  'lastUsedAsOf',
  'expiresAt',
  'outcome',
  'rule',
  'step',
  'due',
  'reasons',
  'findings',
] as const;

export function credentialCsvHead(): string {
  return csvLine(COLUMNS);
}

/** One line per credential; an unknown fact is `unknown: why`, a credential never used `never`. */
export function credentialCsvLine(judged: JudgedCredential): string {
  const line = credentialLine(judged);
  const { facts, verdict } = line;
  const used = facts.lastUsedAt;
  const cells: Record<(typeof COLUMNS)[number], string | undefined> = {
    id: line.id,
    kind: line.kind,
    accountId: line.accountId,
    region: line.region,
    name: line.name,
    status: line.status,
    owner: line.owner.id,
    ownerSource: line.owner.source,
    createdAt: factText(facts.createdAt),
    lastUsedAt: used === undefined ? undefined : factText(used),
    lastUsedAsOf: used !== undefined && isKnown(used) ? used.asOf : undefined,
    expiresAt: line.expiresAt ?? undefined,
    outcome: verdict.outcome,
    rule: verdict.rule,
    step: verdict.step,
    due: verdict.due,
    reasons: verdict.reasons.join(' | '),
    findings: line.findings
      .filter((finding) => finding.matches === 'yes')
      .map((finding) => finding.rule)
      .join(' '),
  };
  return csvLine(COLUMNS.map((column) => cells[column]));
}

function factText(fact: Fact<string | null>): string {
  return isKnown(fact) ? (fact.value ?? 'never') : `unknown: ${fact.unknown}`;
}
