import { JanitorError } from '../domain/error.ts';
import type { NewbornPlace } from '../inventory/index.ts';
import type { Birth } from './record-birth.ts';

/** A credential that CloudTrail says was made. */
export interface Newborn extends Birth {
  readonly place: NewbornPlace;
  /** CloudTrail's id of the event. */
  readonly eventId: string;
}

export interface TaggedNewborn {
  /**
   * tagged; recorded: who made it is known, and no label is due; held, failed, abandoned, unconfirmed: as of any step,
   * and the next sweep sees to it; gone: deleted since; left-alone: an AWS service made it for itself.
   */
  readonly status:
    | 'tagged'
    | 'recorded'
    | 'held'
    | 'failed'
    | 'abandoned'
    | 'unconfirmed'
    | 'gone'
    | 'left-alone';
  readonly reason: string;
  readonly credentialId?: string;
  /** From the call to the labels, or to the record where no label is due; once per credential. */
  readonly delaySeconds?: number;
}

export function nameOf({ place }: Newborn): string {
  return place.kind === 'secret'
    ? `secret ${place.secretId}`
    : `access key ${place.accessKeyId} of user ${place.userName}`;
}

export function newbornUnread(newborn: Newborn, reason: string): JanitorError {
  return new JanitorError(`${nameOf(newborn)} cannot be read: ${reason}`, {
    code: 'newborn-unread',
    source: 'access',
    hint: 'The event is tried again by itself; if that does not help, compare the member read role with its template.',
  });
}

export function newbornNotVisible(newborn: Newborn): JanitorError {
  return new JanitorError(`${nameOf(newborn)} cannot be seen yet`, {
    code: 'newborn-not-visible',
    source: 'system',
    hint: 'AWS shows a change everywhere only after a while; the event is tried again by itself.',
  });
}
