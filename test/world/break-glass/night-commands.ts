import type { PersonName } from '../people.ts';
import type { AccountId } from '../places.ts';
import type { RoleName } from './policy.ts';

/** Who takes break-glass roles, or tries to. */
export const NIGHT_PEOPLE = ['alice', 'carol', 'dave', 'erin', 'mallory', 'robot'] as const;

/** One call of the broker. The nth grant counts from the newest. */
export type NightCall =
  | {
      readonly kind: 'start';
      readonly by: (typeof NIGHT_PEOPLE)[number];
      readonly role: RoleName;
      readonly account: AccountId;
      readonly minutes: number;
    }
  /** The client did not hear the answer, or others have approved: the same call again. */
  | { readonly kind: 'again'; readonly grant: number }
  /** Without a name, by the one who took it. */
  | { readonly kind: 'renew' | 'return'; readonly grant: number; readonly by?: PersonName }
  | { readonly kind: 'approve' | 'revoke'; readonly grant: number; readonly by: PersonName }
  | { readonly kind: 'revoke-role'; readonly role: RoleName; readonly by: PersonName }
  | { readonly kind: 'evidence'; readonly grant: number }
  | {
      readonly kind: 'review';
      readonly grant: number;
      readonly by: PersonName;
      readonly verdict: 'closed' | 'finding';
    }
  /** The end schedule, whenever it fires. */
  | { readonly kind: 'fire'; readonly grant: number }
  /** What runs every five minutes. */
  | { readonly kind: 'reconcile' };

/** What becomes of end schedules whose time comes. */
export type Firing = 'on-time' | 'late' | 'twice' | 'never';

/** One injected failure, at the nth matching call of the process that is called. */
export interface NightFault {
  readonly effect: 'error' | 'throttle' | 'timeout' | 'answer-lost' | 'crash' | 'crash-after';
  readonly service: 'any' | 'sts' | 'iam' | 'dynamodb' | 'scheduler' | 'delivery' | 'on-call';
  /** Those that leave something behind, or all. */
  readonly calls: 'any' | 'writes';
  readonly nth: number;
  readonly times: number;
}

/** What goes wrong while the broker is called, and who else calls it meanwhile. */
export interface NightScript {
  readonly faults: readonly NightFault[];
  readonly slow: readonly { readonly nth: number; readonly seconds: number }[];
  /** Right before the nth call another process of the broker is called. */
  readonly meanwhile: readonly { readonly nth: number; readonly call: NightCall }[];
}

export type NightCommand =
  | NightCall
  | { readonly kind: 'troubled'; readonly call: NightCall; readonly script: NightScript }
  /** Two processes of the broker at once, taking turns of so many calls. */
  | {
      readonly kind: 'at-once';
      readonly calls: readonly [NightCall, NightCall];
      readonly turns: readonly number[];
    }
  /** A round, and at once another. */
  | { readonly kind: 'reconcile-twice' }
  | {
      readonly kind: 'pass';
      readonly minutes: number;
      readonly firing: Firing;
      /** Whether the reconciler looks every now and then meanwhile. */
      readonly rounds: boolean;
    }
  /** The clocks of the broker's machines go wrong by so many seconds, or right again. */
  | { readonly kind: 'clocks'; readonly aheadSeconds: number }
  | { readonly kind: 'on-call'; readonly is: 'known' | 'somebody-else' | 'unreachable' }
  /** A whole use, as most are: taken, renewed, given back, with its evidence and perhaps a review. */
  | {
      readonly kind: 'used';
      readonly by: 'dave' | 'erin' | 'alice';
      readonly role: RoleName;
      readonly reviewer?: 'bob' | 'carol' | 'alice';
    }
  /** A use that nobody reviewed in time, and the next one, which waits for somebody else. */
  | { readonly kind: 'neglected'; readonly by: 'dave' | 'erin'; readonly role: RoleName };
