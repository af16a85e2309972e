export { type ActorLookups, type RoleIdentity, resolveActor } from './actor.ts';
export { type CallerIdentity, callerIdentity } from './caller.ts';
export { readRole } from './role.ts';
