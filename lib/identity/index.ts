export { type ActorLookups, type RoleIdentity, resolveActor } from './actor.ts';
export { type CallerIdentity, callerIdentity } from './caller.ts';
export { actorOfCall, userIdentitySchema } from './creator.ts';
export { readRole } from './role.ts';
export { principalArnOf } from './role-arn.ts';
