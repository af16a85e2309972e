/** A second door of the room: S3's client is the largest of all, and many calls of a function need no bucket. */
export { S3EvidenceStore } from './s3-evidence-store.ts';
