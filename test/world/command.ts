import type { FaultEffect } from '../../lib/embedded-aws/index.ts';
import type { AskingCommand } from './asking-commands.ts';
import type { PersonName } from './people.ts';
import type { AccountId } from './places.ts';
import type { VariantName } from './policies.ts';

/** One injected failure, at the nth matching call of the process that runs the command. */
export interface PlannedFault {
  readonly effect: FaultEffect;
  /** `any`: every service. */
  readonly service: 'any' | 'iam' | 'secretsmanager' | 'dynamodb' | 'evidence' | 'delivery';
  /** A class of operations of it. */
  readonly calls: 'any' | 'writes' | 'rereads';
  readonly nth: number;
  /** How often in a row; more than the retries make an outage of it. */
  readonly times: number;
}

/** What goes wrong, and what else happens, while a command runs. */
export interface Script {
  readonly faults: readonly PlannedFault[];
  /** The nth call takes so many seconds longer. */
  readonly slow: readonly { readonly nth: number; readonly seconds: number }[];
  /** The nth change times out and reaches AWS so many seconds later. */
  readonly late: readonly { readonly nth: number; readonly seconds: number }[];
  /** Right before the nth call somebody does something. */
  readonly meanwhile: readonly { readonly nth: number; readonly command: Interjection }[];
}

export const SMOOTH: Script = { faults: [], slow: [], late: [], meanwhile: [] };

export type Janitor = 'janitor-a' | 'janitor-b';

export interface SweepCommand {
  readonly kind: 'sweep';
  readonly by: Janitor;
  /** alice runs it herself; else the deployed service does. */
  readonly asAlice: boolean;
  readonly account: AccountId;
  readonly enforce: boolean;
  readonly script: Script;
}

export type OwnerDeed =
  | 'enable'
  | 'disable'
  | 'delete'
  | 'new-key'
  | 'give-away'
  | 'exempt'
  | 'edit-policy'
  | 'remove-our-statement'
  | 'restore-secret';

/** What may happen in the middle of something else. */
export type Interjection =
  | AskingCommand
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'use'; readonly credential: number }
  | { readonly kind: 'own'; readonly credential: number; readonly deed: OwnerDeed }
  | { readonly kind: 'hold'; readonly credential: number; readonly by: PersonName; readonly days: number }
  | { readonly kind: 'halt'; readonly target: 'all' | 'account' | 'rule'; readonly by: PersonName }
  /** The oldest halt in force is lifted, if it may be. */
  | { readonly kind: 'resume'; readonly by: PersonName }
  | {
      readonly kind: 'decide';
      readonly plan: number;
      readonly by: PersonName;
      readonly verdict: 'approve' | 'reject';
    }
  | { readonly kind: 'take-up'; readonly version: VariantName }
  /** The version is taken up, proposed by alice and approved by bob and carol. */
  | { readonly kind: 'roll-out'; readonly version: VariantName }
  | { readonly kind: 'activate'; readonly by: PersonName }
  | { readonly kind: 'bounce'; readonly letter: number; readonly reported: boolean }
  | { readonly kind: 'mailbox'; readonly of: 'dave' | 'erin' | 'platform'; readonly refuses: boolean }
  | { readonly kind: 'deny'; readonly reads: number }
  | { readonly kind: 'allow' };

export type Command =
  | Interjection
  | SweepCommand
  /** Time passes, security approves what waits, then a sweep runs: most of what happens in real life. */
  | {
      readonly kind: 'later-sweep';
      readonly hours: number;
      readonly approve: boolean;
      readonly sweep: SweepCommand;
    }
  /** A sweep and at once the same again, with nothing in between. */
  | { readonly kind: 'sweep-twice'; readonly account: AccountId }
  /** Two sweeps at once, taking turns of so many calls. */
  | {
      readonly kind: 'two-sweeps';
      readonly first: SweepCommand;
      readonly second: SweepCommand;
      readonly turns: readonly number[];
    }
  | {
      readonly kind: 'restore';
      readonly credential: number;
      readonly by: PersonName;
      readonly script: Script;
    }
  /** Something is asked while things go wrong at the desk. */
  | { readonly kind: 'troubled'; readonly command: AskingCommand; readonly script: Script }
  /** Two answer at once at two desks, taking turns of so many calls. */
  | {
      readonly kind: 'at-once';
      readonly commands: readonly [AskingCommand, AskingCommand];
      readonly turns: readonly number[];
    }
  /** Every pending plan is approved by as many as it takes. */
  | { readonly kind: 'approve-all' };

/** Reads that are denied to the janitor, one set at a time. */
export const DENIED_READS: readonly (readonly string[])[] = [
  ['iam:GetAccessKeyLastUsed'],
  ['iam:GetCredentialReport'],
  ['iam:ListAccessKeys'],
  ['iam:ListUserTags'],
  ['secretsmanager:ListSecrets'],
  ['secretsmanager:DescribeSecret'],
  ['secretsmanager:GetResourcePolicy'],
  ['iam:GetAccountAuthorizationDetails'],
];
