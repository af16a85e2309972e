export { type EmbeddedDynamo, embeddedDynamo } from './dynamo/embedded-dynamo.ts';
export type { EmbeddedAccount, EmbeddedCredentials } from './embedded-account.ts';
export { EmbeddedAws } from './embedded-aws.ts';
export type { Admission } from './gateway.ts';
export {
  MESSY_COMPANY_ACCOUNT,
  type MessyCompany,
  seedMessyCompany,
  useWhatIsInUse,
} from './scenarios/messy-company.ts';
export type { RotationFunction, RotationFunctionEvent } from './secrets/rotation-functions.ts';
export { loadSeed } from './seed/load.ts';
export type { SecretSeed } from './seed/schema.ts';
export { startEmbeddedServer } from './transport/server.ts';
export {
  type ArrivingCall,
  type Fault,
  type FaultEffect,
  type PlantedFault,
  ProcessCrash,
} from './world/faults.ts';
export type { ChangeRecord } from './world/logs.ts';
export type { EmbeddedAwsOptions } from './world/world.ts';
