/** The policy room: two YAML files in, judgements out. Pure but for loading. */
export {
  authorisationMatrix,
  type MatrixCell,
  type MatrixLine,
  type MatrixWho,
} from './authorisation-matrix.ts';
export { breakGlassRules } from './break-glass-rules.ts';
export { callerDirectoryOf } from './callers.ts';
export { type CaseResult, checkPolicyFolder, runPolicyCases } from './cases.ts';
export { readerOf } from './deliveries.ts';
export { diffPolicies } from './diff/diff-policies.ts';
export {
  approvalFor,
  contractEnded,
  enforces,
  hasLeft,
  membersOf,
  outsidePartyOfAccount,
  personOf,
  routeOf,
} from './directory.ts';
export { believable } from './evidence.ts';
export { policyJsonSchemas } from './json-schemas.ts';
export { compileHolds, compilePolicy, type HoldsOnRequest, type Judge } from './judge.ts';
export { checkPolicy, checkPolicyTexts, loadPolicy } from './load.ts';
export { renderAuthorisationMatrix } from './matrix-text.ts';
export { nameHint } from './nearest.ts';
export { PACKED_POLICY, packPolicy, unpackPolicy } from './packed.ts';
export { archivePolicy, type Policy } from './policy.ts';
export { type PolicyProblem, policyInvalid } from './problem.ts';
export { renderPolicyReference } from './reference.ts';
export { type AboutRequest, requestRules } from './request-rules.ts';
export { unarchivePolicy } from './unarchive.ts';
