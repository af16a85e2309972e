import { canonical, sha256 } from '../../lib/domain/canonical.ts';
import type { Credential } from '../../lib/domain/credential.ts';
import type { EventDraft, LedgerEvent } from '../../lib/domain/event.ts';
import type { ManifestCredential } from '../../lib/domain/manifest.ts';
import type { ChainHead } from '../../lib/domain/merkle.ts';
import { subjects } from '../../lib/domain/subject.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { Judgement } from '../../lib/domain/verdict.ts';
import { archivePolicyText, isSweep, openManifest, type SweepEvent } from '../../lib/ledger/index.ts';
import { ACCOUNT, NOW } from '../builders/credential.ts';
import { draft, workload } from '../builders/event.ts';
import type { LocalLedger } from './local-ledger.ts';

/** An archived policy, as far as this room cares: a text and its hash. */
export const POLICY_TEXT = canonical({ mode: 'observe', rules: [] });
export const POLICY_HASH = sha256(POLICY_TEXT);

export function judgement(overrides: Partial<Judgement> = {}): Judgement {
  return {
    owner: { id: 'ana', source: 'tag:owner' },
    recipient: 'ana',
    expiresAt: null,
    labels: {},
    verdict: { outcome: 'keep', reasons: ['It was used yesterday.'] },
    findings: [],
    ...overrides,
  };
}

export function line(
  credential: Credential,
  overrides: Partial<ManifestCredential> = {},
): ManifestCredential {
  return { credential, judgement: judgement(), ...overrides };
}

export function footer(overrides: Partial<Parameters<ReturnType<typeof openManifest>['finish']>[0]> = {}) {
  return {
    complete: true,
    problems: [],
    notes: [],
    notCovered: ['EC2 key pairs'],
    counts: { 'access-key': 1 },
    outcomes: { keep: 1 },
    calls: { 'iam:GetCredentialReport': 1 },
    fullReadAt: null,
    ...overrides,
  };
}

export interface SweepToRecord {
  readonly sweepId: string;
  readonly at?: Instant;
  readonly accountId?: string;
  readonly lines?: readonly ManifestCredential[];
  /** Chains the sweep relied on; their heads are read. */
  readonly chains?: readonly string[];
  readonly footer?: Parameters<typeof footer>[0];
  readonly project?: boolean;
}

/** Does what the end of a sweep does: manifest, archived policy, one event, projection. */
export async function recordSweep(local: LocalLedger, sweep: SweepToRecord): Promise<SweepEvent> {
  const { sweepId, at = NOW, accountId = ACCOUNT, lines = [], chains = [] } = sweep;
  const policy = await archivePolicyText(local.evidence, POLICY_HASH, POLICY_TEXT);
  const header = {
    schemaVersion: 1,
    sweepId,
    accountId,
    at,
    policyHash: POLICY_HASH,
    enforce: false,
    actor: workload(),
  };
  const manifest = openManifest(local.evidence, { ...header, schemaVersion: 1 });
  for (const each of lines) await manifest.add(each);
  for (const head of await headsOf(local, chains)) await manifest.add(head);
  const { merkleRoot, heads } = manifest.headsRoot();
  const reference = await manifest.finish(footer(sweep.footer));
  const event = await appendTo(
    local,
    subjects.sweep(accountId),
    draft('sweep.finished', {
      at,
      policyHash: POLICY_HASH,
      evidence: [reference, policy],
      data: {
        sweepId,
        accountId,
        complete: sweep.footer?.complete ?? true,
        merkleRoot,
        heads,
        credentials: lines.length,
      },
    }),
  );
  if (!isSweep(event)) throw new Error('a sweep was appended');
  if (sweep.project !== false) await local.state.projectSweep(event);
  return event;
}

async function headsOf(local: LocalLedger, chains: readonly string[]): Promise<ChainHead[]> {
  const heads = await Promise.all(chains.map((chain) => local.ledger.head(chain)));
  return heads.filter((head) => head !== undefined);
}

/** Appends a draft at the end of a chain. */
export async function appendTo(local: LocalLedger, subject: string, next: EventDraft): Promise<LedgerEvent> {
  const head = await local.ledger.head(subject);
  const appended = await local.ledger.append(subject, head ?? null, next);
  if (!appended.ok) throw new Error(appended.reason);
  return appended.event;
}

/** Appends drafts to a credential through its record, so that the projection follows. */
export async function recordAll(
  local: LocalLedger,
  credentialId: string,
  drafts: readonly EventDraft[],
): Promise<LedgerEvent[]> {
  const events: LedgerEvent[] = [];
  let history = await local.record.read(credentialId);
  for (const each of drafts) {
    const recorded = await local.record.append(credentialId, history, each);
    if (!recorded.ok) throw new Error(recorded.reason);
    history = recorded.history;
    events.push(recorded.event);
  }
  return events;
}
