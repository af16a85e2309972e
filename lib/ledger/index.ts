/** The decision ledger, its projection, and the evidence behind it: the only room that writes any of them. */
export type { AskedKind } from './asked/asked-kind.ts';
export type { AskedEntry } from './asked/request-projection.ts';
export { CredentialRecord } from './credential-record.ts';
export { type Appended, DynamoDecisionLedger } from './dynamo-decision-ledger.ts';
export {
  archivePolicyText,
  type EvidenceBody,
  type EvidenceStore,
  manifestKey,
  policyKey,
  readPolicyText,
  readText,
  type StoredEvidence,
} from './evidence-store.ts';
export { explain } from './explain/explain.ts';
export { explainCredential } from './explain/explain-credential.ts';
export { findCredential } from './explain/find-credential.ts';
export { renderExplanation } from './explain/render.ts';
export { sentenceOf } from './explain/sentence.ts';
export { FileEvidenceStore } from './file-evidence-store.ts';
export { bytesOfParts, linesOfParts, PartWriter } from './manifest-parts.ts';
export { readManifest } from './manifest-reader.ts';
export { type ManifestWriter, openManifest } from './manifest-writer.ts';
export { rebuildState } from './rebuild-state.ts';
export { rememberedKeys, rememberedReading } from './remembered-keys.ts';
export { type Replay, type ReplayJudge, replaySweep } from './replay-sweep.ts';
export { newEventId } from './sealed-event.ts';
export { secretShapeWithin } from './secret-shape.ts';
export { bareName, type StateItem, stateItemOf } from './state-item.ts';
export { StateProjection } from './state-projection.ts';
export { isSweep, manifestOf, type SweepEvent } from './sweep-record.ts';
export { createLedgerTables } from './tables.ts';
export type { LedgerProblem } from './verify/problem.ts';
export { type Verification, verifyLedger } from './verify/verify-ledger.ts';
