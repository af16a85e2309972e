export { broadcast, type IntegrationFailure } from './broadcast.ts';
export { ConsoleDelivery, type TextSink } from './console-delivery.ts';
export { composeDigest, type DigestInput } from './digest.ts';
export type { DigestItem } from './digest-entry.ts';
export { EventBridgeDelivery } from './event-bridge-delivery.ts';
export { type Bounce, FileDelivery } from './file-delivery.ts';
export {
  type DeliveryResult,
  type Notice,
  type NoticeDelivery,
  parseNotice,
} from './notice.ts';
export { SesDelivery, type SesDeliveryOptions } from './ses-delivery.ts';
export { SnsDelivery } from './sns-delivery.ts';
