/** Who is calling, and for whom: persons, workloads, outside parties, delegation proofs. */
export { type ActorLookups, type RoleIdentity, resolveActor } from './actor.ts';
export { distinctActors, mayAsk, mayDecide, personsBehind } from './authority.ts';
export { type CallerIdentity, callerIdentity } from './caller.ts';
export { actorOfCall, userIdentitySchema } from './creator.ts';
export { type DelegationProof, delegationSchema, requestCoreHash } from './delegation/proof.ts';
export { createProofTable, DynamoProofStore, type ProofStore } from './delegation/proof-store.ts';
export { proveHop } from './delegation/prove-hop.ts';
export { type Verification, type VerifierOptions, verifyDelegation } from './delegation/verify-delegation.ts';
export {
  type Agent,
  type CallerDirectory,
  type CallerResolution,
  type ResolvedCaller,
  resolveCaller,
  workloadOf,
} from './resolve-caller.ts';
export { readRole } from './role.ts';
export { principalArnOf } from './role-arn.ts';
