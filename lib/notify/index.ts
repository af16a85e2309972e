export { broadcast } from './broadcast.ts';
export { ConsoleDelivery } from './console-delivery.ts';
export { composeDigest, type DigestInput } from './digest.ts';
export type { DigestItem } from './digest-entry.ts';
export { EventBridgeDelivery } from './event-bridge-delivery.ts';
export { FileDelivery } from './file-delivery.ts';
export { composeGrantNotice } from './grant-notice.ts';
export { composeIncidentNotice } from './incident-notice.ts';
export {
  type DeliveryResult,
  type Notice,
  type NoticeDelivery,
  noticeOfSlug,
  parseNotice,
} from './notice.ts';
export { type AskedNoticeInput, composeAskedNotice } from './request-notice.ts';
export { composeRotationNotice } from './rotation-notice.ts';
export { SesDelivery } from './ses-delivery.ts';
export { SnsDelivery } from './sns-delivery.ts';
