export { type EmbeddedDynamo, embeddedDynamo } from './dynamo/embedded-dynamo.ts';
export { EmbeddedAccount, type EmbeddedCredentials } from './embedded-account.ts';
export { EmbeddedAws } from './embedded-aws.ts';
export { loadSeed } from './seed/load.ts';
export {
  type AccessKeySeed,
  type RoleSeed,
  type RootSeed,
  type SecretSeed,
  SeedDocument,
  type ServiceSpecificCredentialSeed,
  type UserSeed,
} from './seed/schema.ts';
export type { Snapshot } from './snapshot.ts';
export { type EmbeddedServerOptions, startEmbeddedServer } from './transport/server.ts';
export type { ClockSource, WorldClock } from './world/clock.ts';
export {
  type ArrivingCall,
  type Fault,
  type FaultEffect,
  type FaultMatch,
  type FaultPlan,
  type PlantedFault,
  ProcessCrash,
} from './world/faults.ts';
export type { CallLog, CallRecord, ChangeLog, ChangeRecord } from './world/logs.ts';
export type { EmbeddedAwsOptions, ReportOptions } from './world/world.ts';
